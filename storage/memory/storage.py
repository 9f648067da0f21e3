"""The twin of the storage in memory: the same rules and transactions, nothing on disk.

Transactions run one after another, as on SQLite: the first access of a unit of work waits until the one before
it has ended, then works on a copy that `commit` puts in place of the original.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

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
from bot.ports.storage import JobRepository, OutboxRepository, UnitOfWork
from storage.memory.access import MemoryApiTokenRepository, MemoryWebAccessRepository
from storage.memory.accounts import MemoryAccountRepository
from storage.memory.audit import MemoryAuditRepository
from storage.memory.copies import MemoryCopyRepository
from storage.memory.erasure import MemoryErasureRepository
from storage.memory.history import MemoryHistoryRepository
from storage.memory.jobs import MemoryJobRepository
from storage.memory.links import MemoryLinkRepository
from storage.memory.outbox import MemoryOutboxRepository
from storage.memory.people import MemoryUserRepository
from storage.memory.pictures import MemoryPictureRepository
from storage.memory.reports import MemoryReportRepository
from storage.memory.settings import MemorySettingsRepository
from storage.memory.styles import MemoryStyleRepository
from storage.memory.tables import MemoryTransaction, SharedTables
from storage.memory.trays import MemoryTrayRepository


class MemoryStorage:
    """A database that ends with the process."""

    def __init__(self) -> None:
        self._shared = SharedTables()

    def unit_of_work(self) -> UnitOfWork:
        """A new unit of work, to be entered."""
        return MemoryUnitOfWork(self._shared)

    async def scrub(self) -> None:
        """Do nothing: what is deleted here is nowhere."""


class MemoryUnitOfWork:
    """`bot.ports.storage.UnitOfWork` in memory."""

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

    def __init__(self, shared: SharedTables) -> None:
        self._shared = shared

    async def __aenter__(self) -> Self:
        """Prepare the repositories."""
        self._transaction = MemoryTransaction(self._shared)
        self.users = MemoryUserRepository(self._transaction)
        self.links = MemoryLinkRepository(self._transaction)
        self.settings = MemorySettingsRepository(self._transaction)
        self.accounts = MemoryAccountRepository(self._transaction)
        self.jobs = MemoryJobRepository(self._transaction)
        self.outbox = MemoryOutboxRepository(self._transaction)
        self.history = MemoryHistoryRepository(self._transaction)
        self.copies = MemoryCopyRepository(self._transaction)
        self.styles = MemoryStyleRepository(self._transaction)
        self.trays = MemoryTrayRepository(self._transaction)
        self.pictures = MemoryPictureRepository(self._transaction)
        self.erasure = MemoryErasureRepository(self._transaction)
        self.audit = MemoryAuditRepository(self._transaction)
        self.reports = MemoryReportRepository(self._transaction)
        self.web_access = MemoryWebAccessRepository(self._transaction)
        self.api_tokens = MemoryApiTokenRepository(self._transaction)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Forget whatever was not committed."""
        self._transaction.end()

    async def commit(self) -> None:
        """Let everybody see the changes."""
        await asyncio.sleep(0)
        self._transaction.commit()
