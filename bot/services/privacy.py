"""Forgetting a person: one transaction for the rows, then their files, then what the database's files still hold."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.actors import Actor, UserId
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.jobs import JobState
from bot.domain.people import Identity
from bot.domain.requests import PictureHash
from bot.ports.clock import Clock
from bot.ports.engine import Engine
from bot.ports.storage import Scrubber, UnitOfWork, UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.cancel import CancelRequests
from bot.services.fair_queue import FairQueue
from bot.services.keeping import PictureKeeper

_BLOCKED_BEFORE: Final = "blocked before their data was deleted"


@dataclass(frozen=True, slots=True)
class Erased:
    """Whose rows are gone, and the pictures that they named."""

    user_id: UserId
    pictures: frozenset[PictureHash]


class Erasure:
    """Removes what is stored of a person; of jobs at work in this process it knows nothing, see `EraseMe` for those.

    `remove_rows` first, then `remove_traces`; `is_scrub_due` has the latter overwrite what earlier deletions left, too.
    """

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        keeper: PictureKeeper,
        scrubber: Scrubber,
        clock: Clock,
        is_scrub_due: bool = False,
    ) -> None:
        self._open_unit = open_unit
        self._keeper = keeper
        self._scrubber = scrubber
        self._clock = clock
        self._is_scrub_due = is_scrub_due

    async def remove_rows(self, actor: Actor, *, by: str = "") -> Erased | None:
        """Remove all rows in one transaction; None for somebody who is not stored.

        `by` is whoever does it to somebody else: then it is in the audit log, which names the erased person by nothing.
        """
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            if user_id is None:
                return None
            user = await unit.users.get(user_id)
            identities = await unit.users.identities(user_id)
            if by:  # before the erasure, which takes the person's id out of it again
                await unit.audit.add(AuditEntry(self._clock.now(), by, AuditAction.ERASE, actor.key))
            pictures = await unit.erasure.erase(user_id)
            if user is not None and user.blocked_at is not None:
                await self._block_again(unit, identities, user.blocked_at)
            self._is_scrub_due = True
            await unit.commit()
        return Erased(user_id, pictures)

    async def remove_traces(self, erased: Erased | None) -> None:
        """Remove the files, then what the database's files still hold.

        Raises `Rejected` when the storage is in trouble; calling it again with None finishes the latter.
        """
        try:
            if erased is not None:
                await self._keeper.forget_prompts()
                await self._keeper.forget(erased.pictures)
        finally:
            if self._is_scrub_due:
                await self._scrubber.scrub()
                self._is_scrub_due = False

    async def _block_again(self, unit: UnitOfWork, identities: Sequence[Identity], blocked_at: datetime) -> None:
        for identity in identities:
            actor = Actor(identity.platform, identity.external_id)
            stranger = await unit.users.resolve(actor, now=self._clock.now())
            await unit.users.block(stranger, reason=_BLOCKED_BEFORE, now=blocked_at)


class EraseMe:
    """Deletes everything of a person; what others made from their pictures stays theirs.

    A block outlives it, or it would be the way around one: then the ids by which platforms know the person stay, and
    nothing else.
    """

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        keeper: PictureKeeper,
        queue: FairQueue,
        board: CardBoard,
        engine: Engine,
        cancel_requests: CancelRequests,
        scrubber: Scrubber,
        clock: Clock,
    ) -> None:
        self._erasure = Erasure(open_unit=open_unit, keeper=keeper, scrubber=scrubber, clock=clock)
        self._queue = queue
        self._board = board
        self._engine = engine
        self._cancel_requests = cancel_requests
        self._erasing = asyncio.Lock()

    async def __call__(self, actor: Actor) -> None:
        """Forget the actor for good; doing it again finishes what an error interrupted, else changes nothing.

        Raises `Rejected` when the storage is in trouble. Should the process die in between, the rows are gone at once
        or not at all, and the next sweep finds files that nothing names.
        """
        async with self._erasing:
            erased = await self._erasure.remove_rows(actor)
            if erased is not None:
                await self._take_down(erased.user_id)
            await self._erasure.remove_traces(erased)
            if erased is not None:
                await self._take_down(erased.user_id)  # a request that was being accepted in that very moment

    async def _take_down(self, user_id: UserId) -> None:
        """Take the person's jobs from the queue and their cards from the board; stop the one under work."""
        gone = [job for job in self._board.unfinished() if job.owner == user_id]
        for job in gone:
            if not self._queue.remove(job.id):
                self._cancel_requests.add(job.id)
                await self._engine.stop(job.id)
        # No such rows are left: whoever watches these cards is told so, not that the jobs were cancelled.
        await self._board.show_all([replace(job, state=JobState.CANCELLED) for job in gone])
