"""Repositories of what moderation writes down: the audit log, and reports about pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.actors import UserId
from bot.domain.audit import AuditEntry
from bot.domain.jobs import JobId
from bot.domain.reports import Report, ReportId


class AuditRepository(Protocol):
    """The audit log; it only grows, and forgets the names of erased people."""

    async def add(self, entry: AuditEntry) -> None:
        """Write an entry down, in the transaction of what it tells about."""
        ...

    async def recent(self, *, limit: int) -> Sequence[AuditEntry]:
        """The latest entries, newest first."""
        ...


class ReportRepository(Protocol):
    """Reports; they go with their picture and with the person who made them."""

    async def add(self, report: Report) -> ReportId | None:
        """Store a report and return its number; None, and nothing is stored, if the person reported it before.

        Closed reports count as well. None also for a job that is unknown or hidden.
        """
        ...

    async def get(self, report_id: ReportId) -> Report | None:
        """The report, while it is open and its job is not hidden; else None."""
        ...

    async def open(self, *, limit: int) -> Sequence[Report]:
        """Open reports about jobs that are not hidden, oldest first."""
        ...

    async def close(self, report_id: ReportId, *, now: datetime) -> bool:
        """Close an open report; False if there is none of that number."""
        ...

    async def close_all(self, job_id: JobId, *, now: datetime) -> Sequence[Report]:
        """Close every open report about a job; returns those that were open, oldest first."""
        ...

    async def count(self, reporter: UserId, *, since: datetime) -> int:
        """How many reports the person made since then, open or closed."""
        ...

    async def made_by(self, reporter: UserId) -> Sequence[Report]:
        """All reports of a person, open or closed, oldest first; for their export."""
        ...
