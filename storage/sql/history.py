"""Looking through jobs in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import UserId
from bot.domain.histories import Page, Search
from bot.domain.jobs import Job, JobId, JobState
from storage.errors import ConstraintViolated
from storage.sql.families import ancestor_ids, descendant_ids
from storage.sql.jobs import whole_jobs
from storage.sql.rows import job_of
from storage.sql.searching import conditions_of
from storage.sql.statements import change
from storage.tables.jobs import JobRow
from storage.tables.library import CopyRow, FavouriteRow

_FINAL = tuple(state for state in JobState if state.is_final)


class SqlHistoryRepository:
    """`bot.ports.library.HistoryRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def search(self, search: Search) -> Page:
        """One page of the owner's jobs; one more row is read to know whether there are older ones."""
        query = whole_jobs().where(*conditions_of(search)).order_by(JobRow.number.desc()).limit(search.limit + 1)
        rows = (await self._session.scalars(query)).all()
        jobs = tuple(job_of(row) for row in rows[: search.limit])
        older = jobs[-1].number if jobs and len(rows) > search.limit else None
        return Page(jobs, older, await self._marked(search.owner, [job.id for job in jobs]))

    async def next_newer(self, search: Search, *, number: int) -> JobId | None:
        """The oldest job that the search finds above `number`; its `before` and `limit` are not looked at."""
        found = select(JobRow.id).where(*conditions_of(replace(search, before=None)), JobRow.number > number)
        return await self._session.scalar(found.order_by(JobRow.number).limit(1))

    async def children(self, job_id: JobId, *, limit: int) -> Sequence[JobId]:
        """Jobs that were made from this one, oldest first, hidden ones left out."""
        found = await self._session.scalars(
            select(JobRow.id)
            .where(JobRow.lineage_parent == job_id, JobRow.hidden_at.is_(None))
            .order_by(JobRow.number)
            .limit(limit)
        )
        return tuple(found)

    async def ancestors(self, job_id: JobId, *, limit: int) -> Sequence[Job]:
        """What the job was made from, and that one, and so on, the nearest first; anybody's, and hidden ones too."""
        return await self._in_order(ancestor_ids(job_id, limit=limit))

    async def descendants(self, job_id: JobId, *, owner: UserId, limit: int) -> Sequence[Job]:
        """The owner's jobs made from this one, from those and so on, hidden ones included, by generation and age."""
        return await self._in_order(descendant_ids(job_id, owner=owner, limit=limit))

    async def hide(self, job_id: JobId, *, now: datetime) -> bool:
        """Hide an ended job, take it from everybody's favourites and forget its copies.

        False if it is unknown, unended or hidden.
        """
        shown = (JobRow.id == job_id, JobRow.state.in_(_FINAL), JobRow.hidden_at.is_(None))
        if not await change(self._session, update(JobRow).where(*shown).values(hidden_at=now)):
            return False
        for table in (FavouriteRow, CopyRow):
            await change(self._session, delete(table).where(table.job_id == job_id))
        return True

    async def set_favourite(self, user_id: UserId, job_id: JobId, index: int, *, is_on: bool, now: datetime) -> None:
        """Mark or unmark a picture; raises `ConstraintViolated` to mark for a person or in a job that is not there."""
        if not is_on:
            await change(self._session, delete(FavouriteRow).where(*_mark(user_id, job_id, index)))
            return
        if await self.is_favourite(user_id, job_id, index):
            return
        row = insert(FavouriteRow).values(user_id=user_id, job_id=job_id, index=index, created_at=now)
        try:
            async with self._session.begin_nested():
                await self._session.execute(row)
        except IntegrityError as error:
            # Where transactions run side by side, another one may have marked it in between.
            if not await self.is_favourite(user_id, job_id, index):
                raise ConstraintViolated(f"picture {index} of job {job_id} marked by {user_id}") from error

    async def is_favourite(self, user_id: UserId, job_id: JobId, index: int) -> bool:
        """Whether the person marked the picture."""
        found = select(FavouriteRow.index).where(*_mark(user_id, job_id, index))
        return await self._session.scalar(found) is not None

    async def _in_order(self, wanted: Select[JobId]) -> Sequence[Job]:
        """The jobs of these ids that are stored, in the order of the ids."""
        ids = tuple(await self._session.scalars(wanted))
        rows = await self._session.scalars(whole_jobs().where(JobRow.id.in_(ids)))
        known = {row.id: job_of(row) for row in rows}
        return tuple(known[one] for one in ids if one in known)

    async def _marked(self, user_id: UserId, jobs: Sequence[JobId]) -> frozenset[tuple[JobId, int]]:
        found = await self._session.execute(
            select(FavouriteRow.job_id, FavouriteRow.index).where(
                FavouriteRow.user_id == user_id, FavouriteRow.job_id.in_(jobs)
            )
        )
        return frozenset((job_id, index) for job_id, index in found)


def _mark(user_id: UserId, job_id: JobId, index: int) -> tuple[ColumnElement[bool], ...]:
    return FavouriteRow.user_id == user_id, FavouriteRow.job_id == job_id, FavouriteRow.index == index
