"""Looking at the bot as whoever runs it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.jobs import Job, JobState
from bot.domain.oversight import ErrorNote, OutboxView, QueueEntry, QueueView
from bot.domain.people import Identity
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.fair_queue import FairQueue
from bot.services.operators import Operators
from bot.services.recent_errors import RecentErrors

_SHOWN_JOBS: Final = 50
_SHOWN_DELIVERIES: Final = 20
_SHOWN_ERRORS: Final = 20
_EVER: Final = timedelta(days=36_500)


class Oversight:
    """For operators; every method with an actor raises `Rejected` (`OPERATORS_ONLY`) for anybody else."""

    def __init__(
        self,
        *,
        operators: Operators,
        board: CardBoard,
        queue: FairQueue,
        errors: RecentErrors,
        open_unit: UnitOfWorkFactory,
        clock: Clock,
    ) -> None:
        self._operators = operators
        self._board = board
        self._queue = queue
        self._errors = errors
        self._open_unit = open_unit
        self._clock = clock

    async def queue(self, actor: Actor, *, limit: int = _SHOWN_JOBS) -> QueueView:
        """What is drawn and what waits, with whose it is; at most `limit` entries."""
        self._operators.check(actor)
        jobs = {job.id: job for job in self._board.unfinished()}
        running = [job for job in jobs.values() if job.state is JobState.RUNNING]
        waiting = [jobs[job_id] for job_id in self._queue.order() if job_id in jobs]
        shown = [*running, *waiting][:limit]
        owners = await self._owners({job.owner for job in shown})
        entries = [await self._entry(job, owners) for job in shown]
        return QueueView(tuple(entry for entry in entries if entry is not None), len(running) + len(waiting))

    async def outbox(self, actor: Actor, *, limit: int = _SHOWN_DELIVERIES) -> OutboxView:
        """What a chat still has to be told."""
        self._operators.check(actor)
        async with self._open_unit() as unit:
            pending = await unit.outbox.due(now=self._clock.now() + _EVER, limit=limit)
            counts = await unit.outbox.backlog()
        return OutboxView(tuple(pending), sum(counts.values()))

    def errors(self, actor: Actor, *, limit: int = _SHOWN_ERRORS) -> tuple[ErrorNote, ...]:
        """The latest errors of the log, newest first."""
        self._operators.check(actor)
        return self._errors.newest(limit)

    async def backlog(self) -> Mapping[Platform, int]:
        """How many deliveries each chat has to come; for measurements, which name nobody."""
        async with self._open_unit() as unit:
            return await unit.outbox.backlog()

    async def _owners(self, user_ids: Collection[UserId]) -> dict[UserId, Identity]:
        """By what each of them is known, first identity first."""
        async with self._open_unit() as unit:
            found = {user_id: await unit.users.identities(user_id) for user_id in user_ids}
        return {user_id: identities[0] for user_id, identities in found.items() if identities}

    async def _entry(self, job: Job, owners: Mapping[UserId, Identity]) -> QueueEntry | None:
        card = await self._board.card(job.id)
        if card is None:
            return None
        waited_s = max(0.0, (self._clock.now() - job.created_at).total_seconds())
        return QueueEntry(card, owners.get(job.owner), waited_s)
