"""One transaction of the database."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.ports.storage import JobRepository, OutboxRepository, UserRepository
from storage.job_repository import SqlJobRepository
from storage.repositories import SqlOutboxRepository, SqlUserRepository


class SqlUnitOfWork:
    """`bot.ports.storage.UnitOfWork` in SQL; the transaction begins with the first statement.

    On SQLite never enter one inside another: the inner would wait for the outer's write lock.
    """

    users: UserRepository
    jobs: JobRepository
    outbox: OutboxRepository

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def __aenter__(self) -> Self:
        """Prepare the repositories."""
        self._session = self._sessions()
        self.users = SqlUserRepository(self._session)
        self.jobs = SqlJobRepository(self._session)
        self.outbox = SqlOutboxRepository(self._session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Roll back whatever was not committed and give the connection back, even when the task is cancelled."""
        await self._session.__aexit__(kind, error, traceback)

    async def commit(self) -> None:
        """Make everything since the beginning durable."""
        await self._session.commit()
