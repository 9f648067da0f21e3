"""A bot without a library: it sends what it is told, and what breaks the rules too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from tests.servers.discord.interactions import Interaction
from tests.servers.discord.server import DiscordServer


class Client:
    """Speaks to the server as a bot without a library would."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session

    async def send(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, int]:
        """Status and Discord's own code of the answer."""
        status, answer, _ = await self.ask(method, path, body, token=token)
        return status, answer.get("code", 0) if isinstance(answer, dict) else 0

    async def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = None
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Status, body and headers of the answer."""
        headers = {"Authorization": f"Bot {token}"} if token else {}
        async with self.session.request(
            method, self.server.api_base_url + path, json=body, headers=headers
        ) as response:
            return response.status, await response.json() if response.status != 204 else {}, response.headers

    async def asked(self) -> Interaction:
        """A command that somebody typed."""
        self.server.world.commands = [{"name": "draw", "options": []}]
        return await self.server.slash("draw", {})


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    server = DiscordServer()
    await server.start()
    async with aiohttp.ClientSession() as session:
        yield Client(server, session)
    await server.close()


def callback(interaction: Interaction) -> str:
    return f"/interactions/{interaction.id}/{interaction.token}/callback"


def original(client: Client, interaction: Interaction) -> str:
    return f"/webhooks/{client.server.world.application_id}/{interaction.token}/messages/@original"
