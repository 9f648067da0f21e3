"""Opening a database and bringing its tables up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.ports.storage import UnitOfWork
from storage.migrations.runner import run_upgrade
from storage.unit_of_work import SqlUnitOfWork

_BUSY_TIMEOUT_S = 20.0
_POOL_TIMEOUT_S = 30.0


class Database:
    """An open database; see `Database.open`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sessions = async_sessionmaker(engine, autoflush=False, expire_on_commit=False)

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect to the database at `url`, such as `sqlite+aiosqlite:///folder/bot.db`.

        A SQLite file and its folders are created where missing; the tables are `upgrade`'s work.
        Raises `sqlalchemy.exc.DBAPIError` when the database cannot be reached.
        """
        engine = open_engine(url)
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

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


async def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest tables, from an empty file if need be; safe to call at every start.

    Runs in a thread of its own, so that the event loop stays free. A failed step of a migration leaves the
    database as it was. Raises `storage.errors.SchemaUnknown` for a database of a newer bot.
    """

    async def _run() -> None:
        engine = open_engine(url, enforce_foreign_keys=False)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(run_upgrade)
        finally:
            await engine.dispose()

    await asyncio.to_thread(lambda: asyncio.run(_run()))


def open_engine(url: str, *, enforce_foreign_keys: bool = True) -> AsyncEngine:
    """An engine for `url`; nothing is connected yet.

    Migrations that rebuild a table on SQLite need foreign keys off, or dropping the old table would empty others.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed)
    return _open_sqlite(parsed, enforce_foreign_keys=enforce_foreign_keys)


def _open_sqlite(url: URL, *, enforce_foreign_keys: bool) -> AsyncEngine:
    if not url.database or url.database == ":memory:":
        raise ValueError("a SQLite database needs a file; without one, use storage.memory")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    if url.drivername == "sqlite":
        url = url.set(drivername="sqlite+aiosqlite")
    # SQLite has one writer at a time. One connection lets our transactions wait for one another in the pool, in
    # order and without polling; the busy timeout is for other processes.
    engine = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=_POOL_TIMEOUT_S, connect_args={"timeout": _BUSY_TIMEOUT_S}
    )

    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # Python's driver would begin transactions late and as readers; `begin` below does it instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # WAL with NORMAL loses the last commits when the power goes; a commit is promised to be durable.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if enforce_foreign_keys else 'OFF'}")
        cursor.close()

    def begin(connection: Connection) -> None:
        # A transaction that starts as reader and then writes fails at once when another wrote meanwhile,
        # whatever the timeout; taking the write lock first makes it wait.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine
