"""Copies of results that platforms keep, in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import UserId
from bot.domain.histories import Copy, Keeper
from bot.domain.jobs import JobId
from storage.sql.statements import upsert
from storage.tables.jobs import JobRow
from storage.tables.library import CopyRow


class SqlCopyRepository:
    """`bot.ports.library.CopyRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, copy: Copy) -> bool:
        """Note a copy in place of an earlier one; False, and nothing is noted, for a job that is unknown or hidden."""
        # Held until the end, so that nobody hides or erases the job in between.
        shown = select(JobRow.id).where(JobRow.id == copy.job_id, JobRow.hidden_at.is_(None)).with_for_update()
        if await self._session.scalar(shown) is None:
            return False
        key = {"keeper": copy.keeper, "job_id": copy.job_id, "index": copy.index}
        await upsert(self._session, CopyRow, key=key, values={"file_id": copy.file_id})
        return True

    async def of_jobs(self, keeper: Keeper, jobs: Sequence[JobId]) -> Sequence[Copy]:
        """What the keeper has of these jobs (at most 500), by job and index."""
        found = await self._session.execute(
            select(CopyRow.job_id, CopyRow.index, CopyRow.file_id)
            .where(CopyRow.keeper == keeper, CopyRow.job_id.in_(jobs))
            .order_by(CopyRow.job_id, CopyRow.index)
        )
        return tuple(Copy(keeper, job_id, index, file_id) for job_id, index, file_id in found)

    async def owned_by(self, owner: UserId) -> Sequence[Copy]:
        """All copies of a person's results, whoever keeps them, by keeper, job and index."""
        found = await self._session.execute(
            select(CopyRow.keeper, CopyRow.job_id, CopyRow.index, CopyRow.file_id)
            .join(JobRow, JobRow.id == CopyRow.job_id)
            .where(JobRow.owner == owner)
            .order_by(CopyRow.keeper, CopyRow.job_id, CopyRow.index)
        )
        return tuple(Copy(*row) for row in found)
