"""Reports about pictures in the in-memory twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.actors import UserId
from bot.domain.jobs import JobId
from bot.domain.reports import Report, ReportId
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc
from storage.texts import storable


class MemoryReportRepository:
    """`bot.ports.moderation.ReportRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, report: Report) -> ReportId | None:
        """Store a report; None if the person reported that picture before, or nobody can see its job."""
        tables = await self._transaction.tables()
        about = (report.reporter, report.job_id, report.index)
        if not _is_shown(tables, report.job_id):
            return None
        if report.reporter not in tables.users:
            raise ConstraintViolated(f"a report by {report.reporter}")
        if any((one.reporter, one.job_id, one.index) == about for one in tables.reports.values()):
            return None
        number = tables.last_report = tables.last_report + 1
        tables.reports[number] = replace(report, id=number, at=utc(report.at), reason=storable(report.reason))
        return number

    async def get(self, report_id: ReportId) -> Report | None:
        """The report, while it is open and its job is not hidden; else None."""
        tables = await self._transaction.tables()
        report = tables.reports.get(report_id)
        return report if report is not None and _is_open(tables, report) else None

    async def open(self, *, limit: int) -> Sequence[Report]:
        """Open reports about jobs that are not hidden, oldest first."""
        tables = await self._transaction.tables()
        return tuple(report for report in tables.reports.values() if _is_open(tables, report))[:limit]

    async def close(self, report_id: ReportId, *, now: datetime) -> bool:
        """Close an open report; False if there is none of that number."""
        tables = await self._transaction.tables()
        if report_id not in tables.reports or report_id in tables.closed_reports:
            return False
        tables.closed_reports[report_id] = utc(now)
        return True

    async def close_all(self, job_id: JobId, *, now: datetime) -> Sequence[Report]:
        """Close every open report about a job; returns those that were open, oldest first."""
        tables = await self._transaction.tables()
        about = [one for one in tables.reports.values() if one.job_id == job_id]
        closing = tuple(one for one in about if one.id not in tables.closed_reports)
        tables.closed_reports.update(dict.fromkeys((one.id for one in closing), utc(now)))
        return closing

    async def count(self, reporter: UserId, *, since: datetime) -> int:
        """How many reports the person made since then, open or closed."""
        return sum(report.at >= since for report in await self.made_by(reporter))

    async def made_by(self, reporter: UserId) -> Sequence[Report]:
        """All reports of a person, open or closed, oldest first."""
        tables = await self._transaction.tables()
        return tuple(report for report in tables.reports.values() if report.reporter == reporter)


def _is_open(tables: Tables, report: Report) -> bool:
    return report.id not in tables.closed_reports and _is_shown(tables, report.job_id)


def _is_shown(tables: Tables, job_id: JobId) -> bool:
    job = tables.jobs.get(job_id)
    return job is not None and job.hidden_at is None
