"""Ending a job: its final state, what is given back and the news of it, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.jobs import FailureKind, Job, JobState, check_transition
from bot.ports.storage import UnitOfWorkFactory
from bot.services.quotas import refund


async def end_job(
    open_unit: UnitOfWorkFactory,
    job: Job,
    state: JobState,
    *,
    failure: FailureKind | None = None,
    begun: int = 0,
    now: datetime,
) -> Job | None:
    """Give `job` its final state, refund what was not made and put the news into the outbox.

    `begun` counts pictures that have had a step and are not finished: who cancels them has used what they cost. The
    job must still stand as given (queued, or running under the same lease); None if it does not.
    """
    check_transition(job.state, state)
    async with open_unit() as unit:
        ended = await unit.jobs.finish(job.id, lease_owner=job.lease_owner, state=state, failure=failure, now=now)
        if not ended:
            return None
        unmade = job.request.count - len(job.pictures) - begun
        refunded = await refund(unit, job, pictures=unmade, now=now)
        if job.reply_to is not None:
            await unit.outbox.add(job_id=job.id, platform=job.reply_to.platform, now=now)
        await unit.commit()
    return replace(
        job,
        state=state,
        failure=failure,
        finished_at=now,
        lease_owner=None,
        lease_until=None,
        refunded=refunded,
    )
