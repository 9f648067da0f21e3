"""Cancelling: a waiting job at once, a running one within a step."""

from __future__ import annotations

import logging

from bot.domain.actors import Actor
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobId, JobState
from bot.ports.clock import Clock
from bot.ports.engine import Engine
from bot.ports.storage import StorageUnavailable, UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.endings import end_job
from bot.services.fair_queue import FairQueue
from bot.services.outbox import OutboxRelay

log = logging.getLogger(__name__)


class CancelRequests:
    """Ids of running jobs that are to stop; shared by `Cancel` and the worker, so that no request falls between."""

    def __init__(self) -> None:
        self._job_ids: set[JobId] = set()

    def add(self, job_id: JobId) -> None:
        """Ask for a stop."""
        self._job_ids.add(job_id)

    def discard(self, job_id: JobId) -> None:
        """Forget the request: the job ended."""
        self._job_ids.discard(job_id)

    def __contains__(self, job_id: JobId) -> bool:
        return job_id in self._job_ids


class Cancel:
    """Stops a job for its owner, or for a moderator of the server it was asked in, which the audit log tells."""

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        queue: FairQueue,
        board: CardBoard,
        engine: Engine,
        requests: CancelRequests,
        relay: OutboxRelay,
        clock: Clock,
    ) -> None:
        self._open_unit = open_unit
        self._queue = queue
        self._board = board
        self._engine = engine
        self._requests = requests
        self._relay = relay
        self._clock = clock

    async def __call__(self, actor: Actor, job_id: JobId) -> None:
        """Cancel a waiting or running job; raises `Rejected` if it is unknown, someone else's or over."""
        job, is_own = await self._allowed(actor, job_id)
        await self._end(job)
        if not is_own:
            await self._note(actor.key, job)

    async def decided(self, job_id: JobId, *, by: str) -> None:
        """Cancel anybody's job, as whoever runs the bot decided; raises `Rejected` if it is unknown or over."""
        async with self._open_unit() as unit:
            job = await unit.jobs.get(job_id)
        if job is None:
            raise Rejected(Rejection.JOB_UNKNOWN)
        await self._end(job)
        await self._note(by, job)

    async def _end(self, job: Job) -> None:
        if job.state.is_final:
            await self._take_down(job)  # it may be there still if the answer to a commit was lost
            raise Rejected(Rejection.JOB_ENDED)
        if not (job.state is JobState.QUEUED and await self._end_waiting(job)):
            await self._stop_running(job.id)

    async def _note(self, by: str, job: Job) -> None:
        """Write down who cancelled somebody else's request; it is over by now, whatever the database says."""
        try:
            async with self._open_unit() as unit:
                await unit.audit.add(AuditEntry(self._clock.now(), by, AuditAction.CANCEL, job.id))
                await unit.commit()
        except StorageUnavailable as error:
            log.warning("job %s cancelled by %s is missing in the audit log: %s", job.id, by, error.reason)

    async def withdraw(self, actor: Actor, job_id: JobId) -> bool:
        """Cancel a job only while it waits; False, and nothing changes, once it began or is over.

        Raises `Rejected` if it is unknown or someone else's.
        """
        job, _ = await self._allowed(actor, job_id)
        return job.state is JobState.QUEUED and await self._end_waiting(job)

    async def _allowed(self, actor: Actor, job_id: JobId) -> tuple[Job, bool]:
        """The job, and whether it is the actor's own. Raises `Rejected`."""
        async with self._open_unit() as unit:
            job = await unit.jobs.get(job_id)
            asking = await unit.users.find(actor)
        if job is None:
            raise Rejected(Rejection.JOB_UNKNOWN)
        if job.owner != asking and not actor.moderates(job.server):
            raise Rejected(Rejection.JOB_NOT_YOURS)
        return job, job.owner == asking

    async def _end_waiting(self, job: Job) -> bool:
        """End a job that waits; False if it began in between."""
        # Not out of the queue before the database has it, or a job that could not be ended waits there for ever.
        ended = await end_job(self._open_unit, job, JobState.CANCELLED, now=self._clock.now())
        if ended is not None:
            await self._take_down(ended)
        return ended is not None

    async def _take_down(self, ended: Job) -> None:
        self._queue.remove(ended.id)
        await self._board.show(ended)
        self._relay.wake()

    async def _stop_running(self, job_id: JobId) -> None:
        """Ask the worker to stop; it ends the job. The row remembers, should the process die before that."""
        # Before the row: a worker that ends the job in between takes the wish back, so none is left over.
        self._requests.add(job_id)
        async with self._open_unit() as unit:
            running = await unit.jobs.request_cancel(job_id)
            await unit.commit()
        if not running:
            self._requests.discard(job_id)
            raise Rejected(Rejection.JOB_ENDED)
        await self._engine.stop(job_id)
