"""Copies of results that platforms keep, in the in-memory twin."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.actors import UserId
from bot.domain.histories import Copy, Keeper
from bot.domain.jobs import JobId
from storage.memory.tables import MemoryTransaction


class MemoryCopyRepository:
    """`bot.ports.library.CopyRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def put(self, copy: Copy) -> bool:
        """Note a copy in place of an earlier one; False, and nothing is noted, for a job that is unknown or hidden."""
        tables = await self._transaction.tables()
        job = tables.jobs.get(copy.job_id)
        if job is None or job.hidden_at is not None:
            return False
        tables.copies[copy.keeper, copy.job_id, copy.index] = copy
        return True

    async def of_jobs(self, keeper: Keeper, jobs: Sequence[JobId]) -> Sequence[Copy]:
        """What the keeper has of these jobs, by job and index."""
        tables = await self._transaction.tables()
        wanted = set(jobs)
        found = [copy for copy in tables.copies.values() if copy.keeper == keeper and copy.job_id in wanted]
        return tuple(sorted(found, key=lambda copy: (copy.job_id, copy.index)))

    async def owned_by(self, owner: UserId) -> Sequence[Copy]:
        """All copies of a person's results, whoever keeps them, by keeper, job and index."""
        tables = await self._transaction.tables()
        found = [copy for copy in tables.copies.values() if tables.jobs[copy.job_id].owner == owner]
        return tuple(sorted(found, key=lambda copy: (copy.keeper, copy.job_id, copy.index)))
