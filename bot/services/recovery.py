"""At start: the database is the truth, the queue and the cards are made anew from it."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.domain.credits import cost_of
from bot.domain.jobs import FailureKind, Job, JobState
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.endings import end_job
from bot.services.estimates import Estimates
from bot.services.fair_queue import FairQueue

log = logging.getLogger(__name__)

_MEASUREMENTS = 200


async def recover(
    *,
    open_unit: UnitOfWorkFactory,
    queue: FairQueue,
    board: CardBoard,
    estimates: Estimates,
    clock: Clock,
    max_attempts: int,
) -> None:
    """Queue what was accepted and never finished; only for a process that has the database to itself.

    A job that was running when the last process died is taken up again until its attempts are used up.
    """
    async with open_unit() as unit:
        measured = await unit.jobs.recent_pictures(limit=_MEASUREMENTS)
        jobs = await unit.jobs.unfinished()
    for job, picture in reversed(measured):
        estimates.record(job.request, picture)
    for job in jobs:
        is_used_up = job.state is JobState.RUNNING and job.attempt >= max_attempts
        if job.cancel_requested or is_used_up:
            await _end(open_unit, job, clock)
            continue
        queued = job if job.state is JobState.QUEUED else await _requeue(open_unit, job)
        queue.put(queued.owner, queued.id, weight=queued.weight, cost=cost_of(queued.request))
        await board.show(queued)


async def look(*, open_unit: UnitOfWorkFactory, queue: FairQueue, board: CardBoard) -> None:
    """Show what is unfinished and take nothing up: for looking at a bot that does not run."""
    async with open_unit() as unit:
        jobs = await unit.jobs.unfinished()
    for job in jobs:
        if job.state is JobState.QUEUED:
            queue.put(job.owner, job.id, weight=job.weight, cost=cost_of(job.request))
    await board.show_all(jobs)


async def _end(open_unit: UnitOfWorkFactory, job: Job, clock: Clock) -> None:
    if job.cancel_requested:
        await end_job(open_unit, job, JobState.CANCELLED, now=clock.now())
    else:
        log.warning("job %s was running when the bot died, for the last time", job.id)
        await end_job(open_unit, job, JobState.FAILED, failure=FailureKind.ENGINE_LOST, now=clock.now())


async def _requeue(open_unit: UnitOfWorkFactory, job: Job) -> Job:
    assert job.lease_owner is not None, "a running job has a lease"
    log.info("job %s was running when the bot ended; it is taken up again", job.id)
    async with open_unit() as unit:
        await unit.jobs.requeue(job.id, lease_owner=job.lease_owner)
        await unit.commit()
    return replace(job, state=JobState.QUEUED, lease_owner=None, lease_until=None)
