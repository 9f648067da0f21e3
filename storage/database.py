"""Opening a database and bringing its tables up to date."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from bot.ports.storage import UnitOfWork
from storage.migrations.runner import read_known_revisions, read_revisions, run_downgrade, run_upgrade
from storage.sql.connections import LOCK_TIMEOUT_S, POOL_TIMEOUT_S, open_engine
from storage.sql.scrubbing import scrub
from storage.sql.unit_of_work import SqlUnitOfWork


class Database:
    """An open database; see `Database.open`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sessions = async_sessionmaker(engine, autoflush=False, expire_on_commit=False)

    @classmethod
    async def open(
        cls, url: str, *, lock_timeout_s: float = LOCK_TIMEOUT_S, pool_timeout_s: float = POOL_TIMEOUT_S
    ) -> Self:
        """Connect to `url`: `sqlite:///folder/bot.db`, or `postgresql://user:password@host/database`.

        A SQLite file and its folders are created where missing; the tables are `upgrade`'s work. A transaction waits
        `lock_timeout_s` for those of other processes and `pool_timeout_s` for our own before it gives up.
        Raises `bot.ports.storage.StorageUnavailable` when the database cannot be reached,
        `storage.errors.DatabaseUnsupported` for one of another kind, `sqlalchemy.exc.SQLAlchemyError` for what is none.
        """
        engine = open_engine(url, lock_timeout_s=lock_timeout_s, pool_timeout_s=pool_timeout_s)
        try:
            async with engine.connect():
                pass
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine)

    def unit_of_work(self) -> UnitOfWork:
        """A new unit of work, to be entered."""
        return SqlUnitOfWork(self._sessions)

    async def scrub(self) -> None:
        """See to it that nothing of the rows deleted so far can be read from the database's tables and SQLite's log.

        Writes all tables anew, so it takes seconds where the history is long, and transactions wait meanwhile.
        Raises `bot.ports.storage.StorageUnavailable`.
        """
        await scrub(self._engine)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


async def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest tables, from an empty one if need be; safe to call at every start.

    Runs in a thread of its own, so that the event loop stays free. A failed step of a migration leaves the
    database as it was. Raises `storage.errors.SchemaUnknown` for a database of a newer bot, and like `Database.open`.
    """

    await _migrate(url, run_upgrade)


async def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision`, which must be known and older; likewise all or nothing.

    Rows that the older tables can not hold are deleted. Raises like `Database.open`.
    """
    await _migrate(url, lambda connection: run_downgrade(connection, revision))


async def _migrate(url: str, steps: Callable[[Connection], None]) -> None:
    async def _run() -> None:
        engine = open_engine(url, for_migration=True)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(steps)
        finally:
            await engine.dispose()

    await asyncio.to_thread(lambda: asyncio.run(_run()))


@dataclass(frozen=True, slots=True)
class Revisions:
    """Where a database stands and where the code would bring it; `current` is None where there are no tables yet."""

    current: str | None
    newest: str
    is_known: bool

    @property
    def is_newest(self) -> bool:
        """Whether nothing is to be migrated."""
        return self.current == self.newest


async def revisions(url: str) -> Revisions:
    """Look at which revision the database at `url` is, and change nothing; a SQLite file must be there.

    Raises like `Database.open`.
    """
    engine = open_engine(url, for_migration=True)
    try:
        async with engine.connect() as connection:
            return Revisions(*await connection.run_sync(read_revisions))
    finally:
        await engine.dispose()


def known_revisions() -> frozenset[str]:
    """All revisions that a database may be at for `upgrade` to bring it up to date."""
    return read_known_revisions()
