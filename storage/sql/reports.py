"""Reports about pictures in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import Platform, ReplyAddress, UserId
from bot.domain.jobs import JobId
from bot.domain.reports import Report, ReportId
from storage.errors import ConstraintViolated
from storage.sql.statements import change
from storage.tables.jobs import JobRow
from storage.tables.moderation import ReportRow
from storage.texts import storable


class SqlReportRepository:
    """`bot.ports.moderation.ReportRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, report: Report) -> ReportId | None:
        """Store a report; None if the person reported that picture before, or nobody can see its job."""
        # Held until the end, so that nobody hides or erases the job in between.
        shown = select(JobRow.id).where(JobRow.id == report.job_id, JobRow.hidden_at.is_(None)).with_for_update()
        if await self._session.scalar(shown) is None:
            return None
        values = asdict(report) | {"reason": storable(report.reason), "place": _place_values(report.place)}
        del values["id"]
        try:
            async with self._session.begin_nested():
                return await self._session.scalar(insert(ReportRow).values(**values).returning(ReportRow.id))
        except IntegrityError as error:
            if not await self._is_known(report):
                raise ConstraintViolated(f"a report by {report.reporter}") from error
            return None

    async def _is_known(self, report: Report) -> bool:
        about = (ReportRow.job_id == report.job_id, ReportRow.index == report.index)
        known = select(ReportRow.id).where(ReportRow.reporter == report.reporter, *about)
        return await self._session.scalar(known) is not None

    async def get(self, report_id: ReportId) -> Report | None:
        """The report, while it is open and its job is not hidden; else None."""
        row = await self._session.scalar(_open().where(ReportRow.id == report_id))
        return _report_of(row) if row is not None else None

    async def open(self, *, limit: int) -> Sequence[Report]:
        """Open reports about jobs that are not hidden, oldest first."""
        rows = await self._session.scalars(_open().order_by(ReportRow.id).limit(limit))
        return tuple(_report_of(row) for row in rows)

    async def close(self, report_id: ReportId, *, now: datetime) -> bool:
        """Close an open report; False if there is none of that number."""
        is_it = (ReportRow.id == report_id, ReportRow.closed_at.is_(None))
        return await change(self._session, update(ReportRow).where(*is_it).values(closed_at=now)) > 0

    async def close_all(self, job_id: JobId, *, now: datetime) -> Sequence[Report]:
        """Close every open report about a job; returns those that were open, oldest first."""
        about = (ReportRow.job_id == job_id, ReportRow.closed_at.is_(None))
        rows = await self._session.scalars(select(ReportRow).where(*about).order_by(ReportRow.id).with_for_update())
        reports = tuple(_report_of(row) for row in rows)
        await change(self._session, update(ReportRow).where(*about).values(closed_at=now))
        return reports

    async def count(self, reporter: UserId, *, since: datetime) -> int:
        """How many reports the person made since then, open or closed."""
        made = select(func.count()).where(ReportRow.reporter == reporter, ReportRow.at >= since)
        return await self._session.scalar(made) or 0

    async def made_by(self, reporter: UserId) -> Sequence[Report]:
        """All reports of a person, open or closed, oldest first."""
        rows = await self._session.scalars(
            select(ReportRow).where(ReportRow.reporter == reporter).order_by(ReportRow.id)
        )
        return tuple(_report_of(row) for row in rows)


def _open() -> Select[ReportRow]:
    return (
        select(ReportRow)
        .join(JobRow, JobRow.id == ReportRow.job_id)
        .where(ReportRow.closed_at.is_(None), JobRow.hidden_at.is_(None))
        .execution_options(populate_existing=True)
    )


def _report_of(row: ReportRow) -> Report:
    return Report(row.job_id, row.index, row.reporter, row.by, row.reason, row.at, _place_of(row.place), row.id)


def _place_values(place: ReplyAddress | None) -> dict[str, Any] | None:
    return None if place is None else {"platform": place.platform.value, "data": dict(place.data)}


def _place_of(values: dict[str, Any] | None) -> ReplyAddress | None:
    return None if values is None else ReplyAddress(Platform(values["platform"]), values["data"])
