"""The whole server on one free port, with the hands of the people who use it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.servers.discord.gateway import Gateway
from tests.servers.discord.handlers import handlers_by_operation
from tests.servers.discord.hands import Hands
from tests.servers.discord.limits import RateLimits
from tests.servers.discord.openapi import load_description
from tests.servers.discord.rest import API, RestApi, Trouble
from tests.servers.discord.world import World

BOT_TOKEN = "MTA1.a-token-for-tests.0123456789"


class DiscordServer(Hands):
    """Start it, point a bot to `api_base_url` and `gateway_url`, and act as its users."""

    def __init__(self) -> None:
        world = World()
        super().__init__(world, Gateway(world, BOT_TOKEN))
        self.api = RestApi(world, load_description(), BOT_TOKEN, handlers_by_operation(world, self.gateway))
        self.downloads: list[str] = []
        self._may_download = asyncio.Event()
        self._may_download.set()
        self._runner: web.AppRunner | None = None

    @property
    def api_base_url(self) -> str:
        """For `[discord] api_base_url`."""
        return self.world.base_url + API

    @property
    def gateway_url(self) -> str:
        """For `[discord] gateway_url`."""
        return self.gateway.url

    async def start(self) -> None:
        """Listen on a free port of the loopback interface."""
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/attachments/{channel}/{file}/{name}", self._download)
        app.router.add_route("*", API + "/{rest:.*}", self.api.answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.base_url = f"http://{host}:{port}"
        self.gateway.url = f"ws://{host}:{port}/gateway"

    async def close(self) -> None:
        """Stop listening."""
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def limits(self) -> RateLimits:
        """How often may be asked, and how often too much was."""
        return self.api.limits

    def fail_next(
        self,
        method: str,
        path: str,
        status: int,
        payload: dict[str, Any],
        *,
        headers: dict[str, str] | None = None,
        text: str = "",
        times: int = 1,
    ) -> None:
        """Answer the next requests whose path matches `path`, and whose body contains `text`, with an error."""
        self.api.troubles.append(Trouble(method, re.compile(path), status, payload, headers or {}, text, times))

    def hold_downloads(self) -> None:
        """Let downloads begin and not end."""
        self._may_download.clear()

    def release_downloads(self) -> None:
        """Let them end."""
        self._may_download.set()

    async def _download(self, request: web.Request) -> web.Response:
        file = self.world.files.get(int(request.match_info["file"]))
        if file is None or "hm" not in request.query:
            return web.Response(status=404)
        self.downloads.append(file.filename)
        self.world.touch()
        await self._may_download.wait()
        return web.Response(body=file.data, content_type=file.content_type)


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """A server for the time of a test; whatever broke Discord's rules fails it at the end."""
    server = DiscordServer()
    await server.start()
    try:
        yield server
    finally:
        await server.close()
        await asyncio.sleep(0)
    assert server.world.violations == [], server.world.violations
