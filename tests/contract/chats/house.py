"""One bot, and the chats it is in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor
from bot.domain.credits import Tiers
from bot.domain.jobs import Job
from tests.contract.chats.chat import Answer, Button, Chat
from tests.support.spine import UNLIMITED, SpineKit, make_spine

_PATIENCE_S = 20.0


class House:
    """A bot that can be taken down and put up again on the same storage."""

    def __init__(self, *chats: Chat) -> None:
        self.chats = chats
        self.engine = FakeEngine()
        self.kit: SpineKit = make_spine(self.engine)
        self._is_up = False

    async def up(self, *plays: Play, tiers: Tiers = UNLIMITED, **rules: object) -> None:
        """Start it; the engine plays `plays`, then draws undisturbed; `rules` are more fields of `SpineKit`."""
        old = self.kit
        self.engine = FakeEngine(*plays)
        self.kit = make_spine(
            self.engine, storage=old.storage, images=old.images, clock=old.clock, tiers=tiers, **rules
        )
        await self.kit.spine.start()
        self._is_up = True
        self.kit.spine.deliver_through([await chat.connect(self.kit) for chat in self.chats])

    async def down(self) -> None:
        """Stop it."""
        if self._is_up:
            self._is_up = False
            for chat in self.chats:
                await chat.disconnect()
            await self.kit.spine.close()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something to be seen; time passes whenever everybody only waits for it."""
        async with asyncio.timeout(_PATIENCE_S):
            while not is_so():
                changes = [await chat.moment() for chat in self.chats]
                if not any(changes):
                    self.kit.clock.advance(1)
                    for chat in self.chats:
                        chat.wait_no_longer()

    async def finished(self, answer: Answer) -> Answer:
        """The answer once it shows its result."""
        await self.until(lambda: bool(answer.pictures) and Button.REROLL in answer.buttons)
        return answer

    async def says(self, answer: Answer, words: str) -> Answer:
        """The answer once these words stand on it."""
        await self.until(lambda: words in answer.text)
        return answer

    async def jobs(self, person: Actor) -> Sequence[Job]:
        """A person's jobs, newest first."""
        return await self.kit.application.history.recent(person, limit=100)
