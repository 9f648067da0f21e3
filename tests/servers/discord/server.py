"""The whole server on one free port, and the hands of the people who use it."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.servers.discord.gateway import Gateway
from tests.servers.discord.handlers import Handlers
from tests.servers.discord.openapi import load_description
from tests.servers.discord.rest import API, RestApi, Trouble
from tests.servers.discord.rules import walk
from tests.servers.discord.typing_in import typed_options
from tests.servers.discord.world import TEN_MIB, Channel, Interaction, Message, Person, World

BOT_TOKEN = "MTA1.a-token-for-tests.0123456789"


class DiscordServer:
    """Start it, point a bot to `api_base_url` and `gateway_url`, and act as its users."""

    def __init__(self) -> None:
        self.world = World()
        self.api = RestApi(self.world, load_description(), BOT_TOKEN, Handlers(self.world).by_operation())
        self.gateway = Gateway(self.world, BOT_TOKEN)
        self.downloads: list[str] = []
        self._may_download = asyncio.Event()
        self._may_download.set()
        self.ada = self.world.add_person("Ada")
        self.channel = self.world.add_channel()
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

    async def slash(
        self,
        name: str,
        options: dict[str, Any],
        *,
        person: Person | None = None,
        channel: Channel | None = None,
        file_limit_bytes: int = TEN_MIB,
    ) -> Interaction:
        """Type a command, as the client lets one type it; bytes are attached files."""
        person, channel = person or self.ada, channel or self.channel
        typed, attachments = typed_options(self.world, channel, name, options)
        data = {
            "id": "1",
            "type": 1,
            "name": name,
            "options": typed,
            "resolved": {"attachments": {str(file.id): file.payload() for file in attachments}},
        }
        interaction = self._interaction(person, channel, file_limit_bytes=file_limit_bytes)
        await self._tell(interaction, kind=2, data=data)
        return interaction

    async def press(
        self, message: Message, label: str, *, person: Person | None = None, file_limit_bytes: int = TEN_MIB
    ) -> Interaction:
        """Press a button that can be seen."""
        person = person or self.ada
        assert message.only_for in {None, person.id}, "nobody presses what they can not see"
        assert label in message.buttons, f"no {label!r} among {sorted(message.buttons)}"
        custom_id = message.buttons[label]
        (button,) = (one for one in walk(message.components) if one.get("custom_id") == custom_id)
        assert not button.get("disabled")
        interaction = self._interaction(person, message.channel, file_limit_bytes=file_limit_bytes)
        interaction.source = message
        await self._tell(
            interaction, kind=3, data={"custom_id": custom_id, "component_type": 2}, message=message.payload()
        )
        return interaction

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

    def _interaction(self, person: Person, channel: Channel, *, file_limit_bytes: int) -> Interaction:
        interaction = Interaction(
            self.world.snowflake(),
            secrets.token_urlsafe(80),
            person,
            channel,
            self.world.clock.now(),
            file_limit_bytes=file_limit_bytes,
        )
        self.world.interactions[interaction.token] = interaction
        return interaction

    async def _tell(self, interaction: Interaction, *, kind: int, data: dict[str, Any], **more: Any) -> None:
        channel = interaction.channel
        user = interaction.person.payload()
        event: dict[str, Any] = {
            "id": str(interaction.id),
            "application_id": str(self.world.application_id),
            "type": kind,
            "token": interaction.token,
            "version": 1,
            "locale": interaction.person.locale,
            "attachment_size_limit": interaction.file_limit_bytes,
            "app_permissions": "0",
            "channel": channel.payload(),
            "channel_id": str(channel.id),
            "context": 0 if channel.guild_id is not None else 1,
            "authorizing_integration_owners": {},
            "entitlements": [],
            "data": data,
            **more,
        }
        if channel.guild_id is None:
            event["user"] = user
        else:
            event["guild_id"] = str(channel.guild_id)
            event["guild"] = {"id": str(channel.guild_id), "features": [], "locale": "en-US"}
            event["guild_locale"] = "en-US"
            event["member"] = {
                "user": user,
                "roles": [],
                "flags": 0,
                "joined_at": interaction.created_at.isoformat(),
                "deaf": False,
                "mute": False,
                "nick": None,
                "avatar": None,
                "permissions": "0",
            }
        await self.gateway.dispatch("INTERACTION_CREATE", event)

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
    assert server.world.violations == []
