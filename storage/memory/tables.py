"""What the in-memory twin keeps, and who may work on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from bot.domain.access import ApiToken, WebSession
from bot.domain.actors import Platform, Server, UserId
from bot.domain.audit import AuditEntry
from bot.domain.credits import Account, AccountId, Booking
from bot.domain.deliveries import Delivery
from bot.domain.histories import Copy, Keeper
from bot.domain.jobs import Job, JobId
from bot.domain.people import Identity, LinkCode, ServerSettings, User, UserSettings
from bot.domain.reports import Report, ReportId
from bot.domain.requests import PictureHash
from bot.domain.styles import StyleCard, StyleId, Tray


@dataclass(slots=True)
class Tables:
    """All rows; frozen facts in dictionaries that keep the order of insertion.

    `recorded` lists pictures as (job, index), the latest recorded last; `let_go` names references as (job, picture)
    whose files may go; `counted` is the number of the job added last,
    `last_report` that of the report.
    """

    users: dict[UserId, User] = field(default_factory=dict)
    identities: dict[tuple[Platform, str], Identity] = field(default_factory=dict)
    codes: dict[str, LinkCode] = field(default_factory=dict)
    user_settings: dict[UserId, UserSettings] = field(default_factory=dict)
    server_settings: dict[Server, ServerSettings] = field(default_factory=dict)
    accounts: dict[AccountId, Account] = field(default_factory=dict)
    bookings: dict[int, Booking] = field(default_factory=dict)
    jobs: dict[JobId, Job] = field(default_factory=dict)
    recorded: dict[tuple[JobId, int], None] = field(default_factory=dict)
    let_go: dict[tuple[JobId, PictureHash], None] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    favourites: dict[tuple[UserId, JobId, int], datetime] = field(default_factory=dict)
    copies: dict[tuple[Keeper, JobId, int], Copy] = field(default_factory=dict)
    styles: dict[StyleId, StyleCard] = field(default_factory=dict)
    trays: dict[UserId, Tray] = field(default_factory=dict)
    audit: dict[int, AuditEntry] = field(default_factory=dict)
    reports: dict[ReportId, Report] = field(default_factory=dict)
    closed_reports: dict[ReportId, datetime] = field(default_factory=dict)
    sessions: dict[str, WebSession] = field(default_factory=dict)
    tokens: dict[str, ApiToken] = field(default_factory=dict)
    password_hash: str | None = None
    counted: int = 0
    last_report: ReportId = 0

    def copy(self) -> Tables:
        """Tables that can change without changing these; the facts in them are frozen and shared."""
        rows: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        copies: dict[str, Any] = {name: dict(row) if isinstance(row, dict) else row for name, row in rows.items()}
        return Tables(**copies)


class SharedTables:
    """The committed rows and the lock of the one transaction that may work on them."""

    def __init__(self) -> None:
        self.committed = Tables()
        self.lock: Final = asyncio.Lock()
        self.holder: asyncio.Task[object] | None = None


class MemoryTransaction:
    """One transaction; it begins with the first call of `tables`, as in SQL."""

    def __init__(self, shared: SharedTables) -> None:
        self._shared = shared
        self._working: Tables | None = None

    async def tables(self) -> Tables:
        """The rows as this transaction sees them; waits for the transaction before, and for other tasks to move."""
        await asyncio.sleep(0)
        if self._working is None:
            task = asyncio.current_task()
            if self._shared.lock.locked() and self._shared.holder is task:
                raise RuntimeError("a unit of work inside another of the same task would wait for itself")
            await self._shared.lock.acquire()
            self._shared.holder = task
            self._working = self._shared.committed.copy()
        return self._working

    def commit(self) -> None:
        """Let everybody see the changes; a later call of `tables` begins anew."""
        if self._working is not None:
            self._shared.committed = self._working
            self.end()

    def end(self) -> None:
        """Forget what was not committed and let the next one in."""
        if self._working is not None:
            self._working = None
            self._shared.holder = None
            self._shared.lock.release()
