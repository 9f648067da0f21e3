"""Jobs in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.actors import ReplyAddress, UserId
from bot.domain.jobs import FailureKind, Job, JobId, JobState, ResultPicture, check_transition
from bot.domain.operations import Tally
from bot.ports.storage import TALLIED_DURATIONS, DuplicateEvent
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc
from storage.transitions import check_finish


class MemoryJobRepository:
    """`bot.ports.storage.JobRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, job: Job) -> None:
        """Insert a new job; raises `DuplicateEvent` or `ConstraintViolated` as SQL does."""
        tables = await self._transaction.tables()
        if any(other.event_key == job.event_key for other in tables.jobs.values()):
            raise DuplicateEvent(job.event_key)
        indices = {picture.index for picture in job.pictures}
        fits = (job.state is JobState.FAILED) == (job.failure is not None) and len(indices) == len(job.pictures)
        if job.id in tables.jobs or job.owner not in tables.users or not fits:
            raise ConstraintViolated(f"job {job.id} of {job.owner}")
        tables.counted += 1
        tables.jobs[job.id] = replace(_kept(job), number=tables.counted)
        tables.recorded.update({(job.id, picture.index): None for picture in job.pictures})

    async def get(self, job_id: JobId) -> Job | None:
        """The job with its pictures in order of index, or None."""
        tables = await self._transaction.tables()
        return tables.jobs.get(job_id)

    async def find_by_event(self, event_key: str) -> Job | None:
        """The job that an event of a platform already made, or None."""
        tables = await self._transaction.tables()
        return next((job for job in tables.jobs.values() if job.event_key == event_key), None)

    async def claim(self, job_id: JobId, *, lease_owner: str, lease_until: datetime, now: datetime) -> Job | None:
        """Take a queued job: running, one more attempt, leased. None if it is no longer queued."""
        tables = await self._transaction.tables()
        job = tables.jobs.get(job_id)
        if job is None or job.state is not JobState.QUEUED:
            return None
        check_transition(job.state, JobState.RUNNING)
        tables.jobs[job_id] = replace(
            job,
            state=JobState.RUNNING,
            attempt=job.attempt + 1,
            started_at=utc(now),
            lease_owner=lease_owner,
            lease_until=utc(lease_until),
        )
        return tables.jobs[job_id]

    async def renew_lease(self, job_id: JobId, *, lease_owner: str, lease_until: datetime) -> bool:
        """Prolong the lease; False if the job is no longer ours."""
        tables = await self._transaction.tables()
        job = _held(tables, job_id, lease_owner)
        if job is None:
            return False
        tables.jobs[job_id] = replace(job, lease_until=utc(lease_until))
        return True

    async def add_picture(self, job_id: JobId, picture: ResultPicture) -> None:
        """Record a finished picture, in place of one of the same index; `ConstraintViolated` without such a job."""
        tables = await self._transaction.tables()
        job = tables.jobs.get(job_id)
        if job is None:
            raise ConstraintViolated(f"picture {picture.index} of job {job_id}")
        others = [other for other in job.pictures if other.index != picture.index]
        tables.jobs[job_id] = _kept(replace(job, pictures=(*others, picture)))
        tables.recorded.pop((job_id, picture.index), None)
        tables.recorded[job_id, picture.index] = None

    async def finish(
        self, job_id: JobId, *, lease_owner: str | None, state: JobState, failure: FailureKind | None, now: datetime
    ) -> bool:
        """End the job if it is still running under `lease_owner` (or queued, with None)."""
        before = check_finish(lease_owner, state, failure)
        tables = await self._transaction.tables()
        job = tables.jobs.get(job_id)
        if job is None or job.state is not before or (lease_owner is not None and job.lease_owner != lease_owner):
            return False
        tables.jobs[job_id] = replace(
            job, state=state, failure=failure, finished_at=utc(now), lease_owner=None, lease_until=None
        )
        return True

    async def hide_behind_spoiler(self, job_id: JobId) -> None:
        """Have the job's pictures hidden until somebody clicks on them."""
        tables = await self._transaction.tables()
        if job_id in tables.jobs:
            job = tables.jobs[job_id]
            tables.jobs[job_id] = replace(job, request=replace(job.request, spoiler=True))

    async def note_refund(self, job_id: JobId, refunded: int) -> None:
        """Write down what an ended job gave back, in hundredths of a credit."""
        tables = await self._transaction.tables()
        if job_id in tables.jobs:
            tables.jobs[job_id] = replace(tables.jobs[job_id], refunded=refunded)

    async def requeue(self, job_id: JobId, *, lease_owner: str, keep_attempt: bool = True) -> bool:
        """Put a running job of ours back to queued, a wish to cancel kept; False if it is no longer ours."""
        tables = await self._transaction.tables()
        job = _held(tables, job_id, lease_owner)
        if job is None:
            return False
        check_transition(job.state, JobState.QUEUED)
        tables.jobs[job_id] = replace(
            job,
            state=JobState.QUEUED,
            attempt=job.attempt if keep_attempt else job.attempt - 1,
            started_at=None,
            lease_owner=None,
            lease_until=None,
        )
        return True

    async def request_cancel(self, job_id: JobId) -> bool:
        """Mark a running job as to be stopped; False if it is not running."""
        tables = await self._transaction.tables()
        job = tables.jobs.get(job_id)
        if job is None or job.state is not JobState.RUNNING:
            return False
        tables.jobs[job_id] = replace(job, cancel_requested=True)
        return True

    async def unfinished(self) -> Sequence[Job]:
        """All queued and running jobs in the order they came in, whatever the clock said then."""
        tables = await self._transaction.tables()
        return tuple(job for job in tables.jobs.values() if not job.state.is_final)

    async def count_waiting(self, owner: UserId) -> int:
        """How many queued jobs the owner has."""
        tables = await self._transaction.tables()
        return sum(job.owner == owner and job.state is JobState.QUEUED for job in tables.jobs.values())

    async def recent_pictures(self, *, limit: int) -> Sequence[tuple[Job, ResultPicture]]:
        """The latest recorded pictures of anybody with their jobs, newest first."""
        tables = await self._transaction.tables()
        latest = list(tables.recorded)[::-1][:limit]
        return tuple(
            (tables.jobs[job_id], picture)
            for job_id, index in latest
            for picture in tables.jobs[job_id].pictures
            if picture.index == index
        )

    async def tally(self, *, since: datetime) -> Tally:
        """What ended since then; the durations of at most the latest 1,000 pictures."""
        tables = await self._transaction.tables()
        since = utc(since)
        ended = [job for job in tables.jobs.values() if job.finished_at is not None and job.finished_at >= since]
        latest = sorted(ended, key=lambda job: (job.finished_at, job.number), reverse=True)
        durations = [picture.duration_s for job in latest for picture in reversed(job.pictures)]
        return Tally(
            pictures=len(durations),
            failures=sum(job.state is JobState.FAILED for job in ended),
            durations_s=tuple(durations[:TALLIED_DURATIONS]),
        )


def _held(tables: Tables, job_id: JobId, lease_owner: str) -> Job | None:
    job = tables.jobs.get(job_id)
    ours = job is not None and job.state is JobState.RUNNING and job.lease_owner == lease_owner
    return job if ours else None


def _kept(job: Job) -> Job:
    """The job as a database would give it back: times in UTC, pictures in order, nothing shared with the caller."""
    reply_to = None if job.reply_to is None else ReplyAddress(job.reply_to.platform, dict(job.reply_to.data))
    return replace(
        job,
        reply_to=reply_to,
        pictures=tuple(sorted(job.pictures, key=lambda picture: picture.index)),
        created_at=utc(job.created_at),
        started_at=None if job.started_at is None else utc(job.started_at),
        finished_at=None if job.finished_at is None else utc(job.finished_at),
        lease_until=None if job.lease_until is None else utc(job.lease_until),
    )
