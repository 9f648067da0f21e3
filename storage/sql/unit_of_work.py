"""One transaction of the database."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.ports.access import ApiTokenRepository, WebAccessRepository
from bot.ports.library import (
    CopyRepository,
    ErasureRepository,
    HistoryRepository,
    PictureRepository,
    StyleRepository,
    TrayRepository,
)
from bot.ports.moderation import AuditRepository, ReportRepository
from bot.ports.people import AccountRepository, LinkRepository, SettingsRepository, UserRepository
from bot.ports.storage import JobRepository, OutboxRepository
from storage.sql.access import SqlApiTokenRepository, SqlWebAccessRepository
from storage.sql.accounts import SqlAccountRepository
from storage.sql.audit import SqlAuditRepository
from storage.sql.copies import SqlCopyRepository
from storage.sql.erasure import SqlErasureRepository
from storage.sql.history import SqlHistoryRepository
from storage.sql.jobs import SqlJobRepository
from storage.sql.links import SqlLinkRepository
from storage.sql.outbox import SqlOutboxRepository
from storage.sql.people import SqlUserRepository
from storage.sql.pictures import SqlPictureRepository
from storage.sql.reports import SqlReportRepository
from storage.sql.settings import SqlSettingsRepository
from storage.sql.styles import SqlStyleRepository
from storage.sql.trays import SqlTrayRepository


class SqlUnitOfWork:
    """`bot.ports.storage.UnitOfWork` in SQL; the transaction begins with the first statement.

    On SQLite never enter one inside another: the inner would wait for the outer's write lock.
    """

    users: UserRepository
    links: LinkRepository
    settings: SettingsRepository
    accounts: AccountRepository
    jobs: JobRepository
    outbox: OutboxRepository
    history: HistoryRepository
    copies: CopyRepository
    styles: StyleRepository
    trays: TrayRepository
    pictures: PictureRepository
    erasure: ErasureRepository
    audit: AuditRepository
    reports: ReportRepository
    web_access: WebAccessRepository
    api_tokens: ApiTokenRepository

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def __aenter__(self) -> Self:
        """Prepare the repositories."""
        self._session = self._sessions()
        self.users = SqlUserRepository(self._session)
        self.links = SqlLinkRepository(self._session)
        self.settings = SqlSettingsRepository(self._session)
        self.accounts = SqlAccountRepository(self._session)
        self.jobs = SqlJobRepository(self._session)
        self.outbox = SqlOutboxRepository(self._session)
        self.history = SqlHistoryRepository(self._session)
        self.copies = SqlCopyRepository(self._session)
        self.styles = SqlStyleRepository(self._session)
        self.trays = SqlTrayRepository(self._session)
        self.pictures = SqlPictureRepository(self._session)
        self.erasure = SqlErasureRepository(self._session)
        self.audit = SqlAuditRepository(self._session)
        self.reports = SqlReportRepository(self._session)
        self.web_access = SqlWebAccessRepository(self._session)
        self.api_tokens = SqlApiTokenRepository(self._session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Roll back whatever was not committed and give the connection back, even when the task is cancelled."""
        await self._session.__aexit__(kind, error, traceback)

    async def commit(self) -> None:
        """Make everything since the beginning durable."""
        await self._session.commit()
