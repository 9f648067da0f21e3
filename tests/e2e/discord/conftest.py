"""The real discord.py against the test server, on a spine in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.bot import DiscordBot
from adapters.discord.settings import DiscordSettings
from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.jobs import Job
from bot.domain.limits import Limits
from storage.memory import MemoryImageStore, MemoryStorage
from tests.servers.discord.channels import Channel
from tests.servers.discord.server import BOT_TOKEN, DiscordServer, discord_server
from tests.servers.discord.world import Interaction, Message, Person
from tests.support.spine import SpineKit, SteadyClock, make_spine

RESULT_ROWS = [
    *("Re-roll", "Subtle", "Strong", "Upscale", "Remix"),
    *("As subject", "As style", "Info", "Favourite", "Delete"),
    "Report",
]
"""The buttons below every finished picture, as designed."""


class Stage:
    """A server, and a bot that can be taken down and put up again on the same storage."""

    def __init__(self, server: DiscordServer, state_folder: Path) -> None:
        self.server = server
        self.world = server.world
        self.state_folder = state_folder
        self.engine = FakeEngine()
        self.storage = MemoryStorage()
        self.images = MemoryImageStore()
        self.clock = SteadyClock()
        self.edit_interval_s = 0.1
        self._stack = AsyncExitStack()
        self.kit: SpineKit
        self.bot: DiscordBot

    async def up(self, engine: FakeEngine | None = None, limits: Limits | None = None, **rules: object) -> None:
        """Start spine and bot; `rules` are more fields of `SpineKit`."""
        self.engine = engine or FakeEngine()
        self.kit = make_spine(
            self.engine,
            storage=self.storage,
            images=self.images,
            clock=self.clock,
            limits=limits or Limits(),
            **rules,
        )
        await self.kit.spine.start()
        self._stack.push_async_callback(self.kit.spine.close)
        self.bot = DiscordBot(self.kit.application, self.settings())
        self._stack.push_async_callback(self.bot.close)
        await self.bot.start()
        self.kit.spine.deliver_through([self.bot])

    async def down(self) -> None:
        """Stop both, as an orderly shutdown does."""
        await self._stack.aclose()

    def settings(self, token: str = BOT_TOKEN) -> DiscordSettings:
        return DiscordSettings(
            token=token,
            api_base_url=self.server.api_base_url,
            gateway_url=self.server.gateway_url,
            state_folder=self.state_folder,
            edit_interval_s=self.edit_interval_s,
            reconnect_s=0.0,
        )

    async def card(self, interaction: Interaction) -> Message:
        """The message that an interaction was answered with, once it shows a card."""
        await self.world.until(
            lambda: interaction.response is not None and interaction.response.is_v2, "the answer shows a card"
        )
        assert interaction.response is not None
        return interaction.response

    async def finished(self, interaction: Interaction) -> Message:
        """The card, once it shows its result."""
        card = await self.card(interaction)
        await self.shows(card, "### Done")
        return card

    async def shows(self, message: Message, text: str) -> None:
        await self.world.until(lambda: text in message.text, f"{text!r} on a card")

    async def whispered(self, interaction: Interaction) -> str:
        """The one sentence that only the sender was told."""
        await self.world.until(lambda: bool(interaction.whispers), "a sentence for the sender alone")
        (sentence,) = interaction.whispers
        return sentence

    async def said(
        self,
        path: str,
        options: Mapping[str, Any] | None = None,
        *,
        person: Person | None = None,
        channel: Channel | None = None,
    ) -> str:
        """The words that a command is answered with, for its sender alone."""
        return await self.whispered(await self.server.slash(path, dict(options or {}), person=person, channel=channel))

    async def answered(self, interaction: Interaction) -> Message:
        """What an interaction is answered with, for its sender alone: words or pictures."""
        await self.world.until(
            lambda: interaction.response is not None and not interaction.response.is_loading, "an answer"
        )
        assert interaction.response is not None
        assert interaction.response.is_ephemeral
        return interaction.response

    async def held(self) -> None:
        """Wait until the engine stands still where its play says."""
        async with asyncio.timeout(20):
            await self.engine.held.wait()

    async def eventually(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something holds that no request to the server announces."""
        async with asyncio.timeout(20):
            while not await holds():
                await asyncio.sleep(0)

    async def all_is_told(self) -> bool:
        """Whether every job is over and nothing waits to be delivered."""
        async with self.kit.open_unit() as unit:
            return not await unit.jobs.unfinished() and await unit.outbox.next_due_at() is None

    async def is_postponed(self) -> bool:
        """Whether a delivery waits for a later time."""
        async with self.kit.open_unit() as unit:
            due_at = await unit.outbox.next_due_at()
        return due_at is not None and due_at > self.clock.now()

    async def gateway_drops(self) -> None:
        """Let the connection break; returns once it is gone, and before it is there again or after."""
        (session,) = self.server.gateway.sessions.values()
        socket = session.socket
        await self.server.gateway.close()
        await self.world.until(lambda: session.socket is not socket, "the connection is gone")

    def try_again_after(self, seconds: float) -> None:
        """Let so much time pass for the outbox."""
        self.clock.advance(seconds)
        self.kit.spine.deliver_through([self.bot])

    async def jobs(self) -> list[Job]:
        """All jobs of Ada's, oldest first."""
        return await self.jobs_of(self.server.ada)

    async def jobs_of(self, person: Person) -> list[Job]:
        found = await self.kit.application.history.recent(Actor(Platform.DISCORD, str(person.id)), limit=100)
        return list(reversed(found))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A server and a running bot; a broken rule of Discord's fails the test at the end."""
    async with discord_server() as server:
        stage = Stage(server, tmp_path)
        await stage.up()
        try:
            yield stage
        finally:
            await stage.down()
