"""The real python-telegram-bot on a loopback Bot API, over a spine with a fake engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.engine.fake import FakeEngine
from adapters.telegram.bot import TelegramBot
from adapters.telegram.settings import TelegramSettings, WebhookSettings
from bot.domain.actors import Actor, Platform
from bot.domain.histories import Search
from bot.domain.jobs import Job, JobId
from bot.domain.limits import Limits
from storage.memory import MemoryImageStore
from tests.servers.telegram.chats import Json
from tests.servers.telegram.hand_timer import HandTimer
from tests.servers.telegram.people import Person, private_person
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.spine import SpineKit, make_spine

_PATIENCE_S = 20.0
_QUIET_S = 0.02


@dataclass
class World:
    """A server and what outlives the bot's process; `running` is one life of that process."""

    server: BotApiServer
    timer: HandTimer
    upload_bytes: int = 50 * 2**20
    # Steps from one preview to the next; with none, a card is words until it is done.
    preview_every: int = 0
    kit: SpineKit = field(default_factory=make_spine)
    state_folder: Path | None = None
    webhook: WebhookSettings | None = None
    bot: TelegramBot = field(init=False)

    @property
    def engine(self) -> FakeEngine:
        """The present engine."""
        assert isinstance(self.kit.engine, FakeEngine)
        return self.kit.engine

    def person(self, name: str = "Ada", language: str = "en") -> Person:
        """Somebody new in private."""
        return private_person(self.server, name, language)

    @asynccontextmanager
    async def running(
        self,
        engine: FakeEngine | None = None,
        limits: Limits | None = None,
        *,
        operators: Sequence[Person] = (),
        **rules: Any,
    ) -> AsyncIterator[World]:
        """Start the bot's process; the database and the pictures are those of the last one."""
        old = self.kit
        self.kit = make_spine(
            engine,
            storage=old.storage,
            images=old.images,
            clock=old.clock,
            limits=limits or old.limits,
            operators=tuple(f"telegram:{person.user['id']}" for person in operators),
            **rules,
            preview_every=self.preview_every,
        )
        self.bot = TelegramBot(self.kit.application, self.settings, self.timer)
        await self.kit.spine.start()
        try:
            await self.bot.start()
            try:
                self.kit.spine.deliver_through([self.bot])
                yield self
            finally:
                await self.bot.close()
        finally:
            await self.kit.spine.close()

    @property
    def settings(self) -> TelegramSettings:
        """Where the bot finds the server."""
        return TelegramSettings(
            TOKEN,
            self.server.url + "/bot",
            self.server.url + "/file/bot",
            state_folder=self.state_folder,
            webhook=self.webhook,
            upload_bytes=self.upload_bytes,
        )

    async def until(self, is_so: Callable[[], bool], *, time_passes: bool = True) -> None:
        """Wait for something to become so; the clock moves on whenever everybody only waits for it."""
        async with asyncio.timeout(_PATIENCE_S):
            while not is_so():
                self.server.changed.clear()
                try:
                    await asyncio.wait_for(self.server.changed.wait(), _QUIET_S)
                except TimeoutError:
                    if time_passes:
                        self.timer.skip_to_next()
                        self.kit.clock.advance(1)

    async def said(self, person: Person, words: str) -> Json:
        """Wait until the bot's newest message in the person's chat contains `words`; returns it."""
        await self.until(lambda: words in shown(person.last()))
        return person.last()

    async def drawn(self, person: Person, words: str = "a fox --seed 7") -> JobId:
        """Have the person ask for pictures and wait for them; returns the id of the job."""
        before = person.last().get("message_id")

        def has_come() -> bool:
            last = person.last()
            return last.get("message_id") != before and ("photo" in last or "ready" in str(last.get("text")))

        person.write(words)
        await self.until(has_come)
        await self.settled()
        return (await self.jobs(person))[0].id

    async def settled(self) -> None:
        """Wait until every update was handled and confirmed."""
        await self.until(lambda: self.server.unconfirmed == 0)

    async def jobs(self, person: Person) -> Sequence[Job]:
        """All jobs of a person, newest first; none for somebody the database never heard of."""
        async with self.kit.open_unit() as unit:
            owner = await unit.users.find(Actor(Platform.TELEGRAM, str(person.user["id"])))
            return () if owner is None else (await unit.history.search(Search(owner, limit=100))).jobs

    async def all_delivered(self) -> None:
        """Wait until the outbox is done with everything; the clock moves on for what waits for its turn in a chat."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                async with self.kit.open_unit() as unit:
                    if not await unit.outbox.due(now=self.kit.clock.now() + timedelta(days=1), limit=1):
                        return
                await asyncio.sleep(_QUIET_S)
                self.timer.skip_to_next()

    @property
    def stored_pictures(self) -> int:
        """How many picture files there are."""
        assert isinstance(self.kit.images, MemoryImageStore)
        return len(self.kit.images)


def shown(message: Json) -> str:
    """The words of a message or below its picture."""
    return str(message.get("text") or message.get("caption") or "")


@asynccontextmanager
async def make_world() -> AsyncIterator[World]:
    """A world whose server checks, at the end, that no call was wrong and no flood limit was broken."""
    timer = HandTimer()
    async with BotApiServer(timer.monotonic) as server:
        yield World(server, timer)
        assert server.wrong == []
        assert server.floods.violations == []
