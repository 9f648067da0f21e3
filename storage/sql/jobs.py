"""Jobs in SQL; claim, finish and requeue are one conditional UPDATE each, so the database settles races."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from bot.domain.actors import UserId
from bot.domain.jobs import FailureKind, Job, JobId, JobState, ResultPicture, check_transition
from bot.domain.operations import Tally
from bot.ports.storage import TALLIED_DURATIONS, DuplicateEvent
from storage.errors import ConstraintViolated
from storage.sql.rows import job_of, job_values, picture_values, reference_values
from storage.tables.jobs import JobRow, PictureRow, ReferenceRow
from storage.texts import storable
from storage.transitions import check_finish

_UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class SqlJobRepository:
    """`bot.ports.storage.JobRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, job: Job) -> None:
        """Insert a new job with its references and pictures.

        Raises `DuplicateEvent` when the event already made a job, `ConstraintViolated` when the id is taken
        or the owner unknown; either leaves the transaction as it was.
        """
        references = reference_values(job)
        pictures = [picture_values(job.id, picture) for picture in job.pictures]
        try:
            async with self._session.begin_nested():
                await self._session.execute(insert(JobRow).values(**job_values(job)))
                if references:
                    await self._session.execute(insert(ReferenceRow).values(references))
                if pictures:
                    await self._session.execute(insert(PictureRow).values(pictures))
        except IntegrityError as error:
            if await self.find_by_event(job.event_key) is not None:
                raise DuplicateEvent(job.event_key) from error
            raise ConstraintViolated(f"job {job.id} of {job.owner}") from error

    async def get(self, job_id: JobId) -> Job | None:
        """The job with its pictures in order of index, or None."""
        return await self._first(whole_jobs().where(JobRow.id == storable(job_id)))

    async def find_by_event(self, event_key: str) -> Job | None:
        """The job that an event of a platform already made, or None."""
        return await self._first(whole_jobs().where(JobRow.event_key == event_key))

    async def claim(self, job_id: JobId, *, lease_owner: str, lease_until: datetime, now: datetime) -> Job | None:
        """Take a queued job: running, one more attempt, leased. None if it is no longer queued."""
        check_transition(JobState.QUEUED, JobState.RUNNING)
        claimed = await self._change(
            (JobRow.id == job_id, JobRow.state == JobState.QUEUED),
            state=JobState.RUNNING,
            attempt=JobRow.attempt + 1,
            started_at=now,
            lease_owner=lease_owner,
            lease_until=lease_until,
        )
        return await self.get(job_id) if claimed else None

    async def renew_lease(self, job_id: JobId, *, lease_owner: str, lease_until: datetime) -> bool:
        """Prolong the lease; False if the job is no longer ours."""
        return await self._change(_held(job_id, lease_owner), lease_until=lease_until)

    async def add_picture(self, job_id: JobId, picture: ResultPicture) -> None:
        """Record a finished picture, in place of one of the same index; `ConstraintViolated` without such a job."""
        try:
            async with self._session.begin_nested():
                await self._session.execute(
                    delete(PictureRow)
                    .where(PictureRow.job_id == job_id, PictureRow.index == picture.index)
                    .execution_options(synchronize_session=False)
                )
                await self._session.execute(insert(PictureRow).values(**picture_values(job_id, picture)))
        except IntegrityError as error:
            raise ConstraintViolated(f"picture {picture.index} of job {job_id}") from error

    async def finish(
        self, job_id: JobId, *, lease_owner: str | None, state: JobState, failure: FailureKind | None, now: datetime
    ) -> bool:
        """End the job if it is still running under `lease_owner` (or queued, with None).

        Raises `IllegalTransition` when such a job cannot end as `state`, ValueError when `failure` does not
        fit `state`.
        """
        before = check_finish(lease_owner, state, failure)
        whose = (JobRow.id == job_id, JobRow.state == before) if lease_owner is None else _held(job_id, lease_owner)
        return await self._change(
            whose, state=state, failure=failure, finished_at=now, lease_owner=None, lease_until=None
        )

    async def hide_behind_spoiler(self, job_id: JobId) -> None:
        """Have the job's pictures hidden until somebody clicks on them."""
        await self._change((JobRow.id == job_id,), spoiler=True)

    async def note_refund(self, job_id: JobId, refunded: int) -> None:
        """Write down what an ended job gave back, in hundredths of a credit."""
        await self._change((JobRow.id == job_id,), refunded=refunded)

    async def requeue(self, job_id: JobId, *, lease_owner: str, keep_attempt: bool = True) -> bool:
        """Put a running job of ours back to queued, a wish to cancel kept; False if it is no longer ours."""
        check_transition(JobState.RUNNING, JobState.QUEUED)
        return await self._change(
            _held(job_id, lease_owner),
            state=JobState.QUEUED,
            attempt=JobRow.attempt if keep_attempt else JobRow.attempt - 1,
            started_at=None,
            lease_owner=None,
            lease_until=None,
        )

    async def request_cancel(self, job_id: JobId) -> bool:
        """Mark a running job as to be stopped; False if it is not running."""
        return await self._change((JobRow.id == job_id, JobRow.state == JobState.RUNNING), cancel_requested=True)

    async def unfinished(self) -> Sequence[Job]:
        """All queued and running jobs in the order they came in, whatever the clock said then."""
        return await self._all(whole_jobs().where(JobRow.state.in_(_UNFINISHED)).order_by(JobRow.number))

    async def count_waiting(self, owner: UserId) -> int:
        """How many queued jobs the owner has."""
        waiting = select(func.count()).where(JobRow.owner == owner, JobRow.state == JobState.QUEUED)
        return await self._session.scalar(waiting) or 0

    async def recent_pictures(self, *, limit: int) -> Sequence[tuple[Job, ResultPicture]]:
        """The latest recorded pictures of anybody with their jobs, newest first."""
        latest = select(PictureRow.job_id, PictureRow.index).order_by(PictureRow.number.desc()).limit(limit)
        keys = [(job_id, index) for job_id, index in await self._session.execute(latest)]
        jobs = await self._all(whole_jobs().where(JobRow.id.in_({job_id for job_id, _ in keys})))
        known = {(job.id, picture.index): (job, picture) for job in jobs for picture in job.pictures}
        return tuple(known[key] for key in keys)

    async def tally(self, *, since: datetime) -> Tally:
        """What ended since then; the durations of at most the latest 1,000 pictures."""
        ended = JobRow.finished_at >= since
        made = select(func.count()).select_from(PictureRow).join(JobRow, JobRow.id == PictureRow.job_id).where(ended)
        # Counted this way, no database is tempted to look through all failures there ever were.
        failed = select(func.count(case((JobRow.state == JobState.FAILED, 1)))).where(ended)
        durations = (
            select(PictureRow.duration_s)
            .join(JobRow, JobRow.id == PictureRow.job_id)
            .where(ended)
            .order_by(JobRow.finished_at.desc(), JobRow.number.desc(), PictureRow.index.desc())
            .limit(TALLIED_DURATIONS)
        )
        return Tally(
            pictures=await self._session.scalar(made) or 0,
            failures=await self._session.scalar(failed) or 0,
            durations_s=tuple(await self._session.scalars(durations)),
        )

    async def _change(self, which: Sequence[ColumnElement[bool]], **values: object) -> bool:
        """Run one conditional UPDATE and say whether it met a job."""
        changed = await self._session.execute(
            update(JobRow).where(*which).values(**values).execution_options(synchronize_session=False)
        )
        return cast("CursorResult[Any]", changed).rowcount == 1

    async def _first(self, query: Select[JobRow]) -> Job | None:
        row = await self._session.scalar(query)
        return None if row is None else job_of(row)

    async def _all(self, query: Select[JobRow]) -> Sequence[Job]:
        return tuple(job_of(row) for row in await self._session.scalars(query))


def whole_jobs() -> Select[JobRow]:
    """Whole jobs, read afresh: UPDATEs go past the session's own copies of rows."""
    return (
        select(JobRow)
        .options(selectinload(JobRow.references), selectinload(JobRow.pictures))
        .execution_options(populate_existing=True)
    )


def _held(job_id: JobId, lease_owner: str) -> Sequence[ColumnElement[bool]]:
    return (JobRow.id == job_id, JobRow.state == JobState.RUNNING, JobRow.lease_owner == lease_owner)
