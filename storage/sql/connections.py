"""How connections to SQLite and PostgreSQL are made and what they are told first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import DatabaseUnsupported
from storage.sql.failures import TranslatingPool, translate_failures

LOCK_TIMEOUT_S: Final = 20.0
POOL_TIMEOUT_S: Final = 30.0
_OUTSIDE: Final = "outside_transaction"
_POSTGRES_CONNECTIONS: Final = 5
_STATEMENT_TIMEOUT_S: Final = 60.0
_MIGRATION_LOCK_TIMEOUT_S: Final = 300.0
# A server that falls silent is noticed within a minute, idle or not, instead of after the system's two hours.
_POSTGRES_DEFAULTS: Final = {
    "application_name": "uso-bot",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def open_engine(
    url: str,
    *,
    for_migration: bool = False,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
    pool_timeout_s: float = POOL_TIMEOUT_S,
) -> AsyncEngine:
    """An engine for `url`; nothing is connected yet, and the folders of a SQLite file are made.

    A transaction waits `lock_timeout_s` for one of another process, `pool_timeout_s` for one of our own.
    Migrations may take long, and those that rebuild a table on SQLite need foreign keys off, or dropping the old table
    would empty others. Raises `DatabaseUnsupported`, and `sqlalchemy.exc.ArgumentError` for what is no URL at all.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _open_sqlite(parsed, lock_timeout_s, pool_timeout_s, enforce_foreign_keys=not for_migration)
    else:
        engine = _open_postgres(parsed, lock_timeout_s, pool_timeout_s, for_migration=for_migration)
    translate_failures(engine)
    return engine


@asynccontextmanager
async def outside_transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection whose statements are transactions of their own, for what refuses to run in one."""
    is_sqlite = engine.dialect.name == "sqlite"
    async with engine.connect() as connection:
        await connection.execution_options(**({_OUTSIDE: True} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}))
        yield connection


def database_url(url: str) -> URL:
    """The URL with the driver that we use, whichever it names; raises like `open_engine`."""
    parsed = make_url(url)
    match parsed.drivername.partition("+")[0]:
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise DatabaseUnsupported("a SQLite database needs a file")
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise DatabaseUnsupported(f"{other} is neither sqlite nor postgresql")


def _open_sqlite(url: URL, lock_timeout_s: float, pool_timeout_s: float, *, enforce_foreign_keys: bool) -> AsyncEngine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    # SQLite has one writer at a time. One connection lets our transactions wait for one another in the pool, in
    # order and without polling; the busy timeout is for other processes.
    engine = create_async_engine(
        url,
        poolclass=TranslatingPool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=pool_timeout_s,
        connect_args={"timeout": lock_timeout_s},
        hide_parameters=True,
    )

    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # Python's driver would begin transactions late and as readers; `begin` below does it instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # WAL with NORMAL loses the last commits when the power goes; a commit is promised to be durable.
        cursor.execute("PRAGMA synchronous=FULL")
        # What is deleted is overwritten; `storage.sql.scrubbing` sees to the copies in the log.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if enforce_foreign_keys else 'OFF'}")
        cursor.close()

    def begin(connection: Connection) -> None:
        # A transaction that starts as reader and then writes fails at once when another wrote meanwhile,
        # whatever the timeout; taking the write lock first makes it wait.
        if not connection.get_execution_options().get(_OUTSIDE):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def _open_postgres(url: URL, lock_timeout_s: float, pool_timeout_s: float, *, for_migration: bool) -> AsyncEngine:
    options = {
        "lock_timeout": _MIGRATION_LOCK_TIMEOUT_S if for_migration else lock_timeout_s,
        "statement_timeout": 0.0 if for_migration else _STATEMENT_TIMEOUT_S,
        "idle_in_transaction_session_timeout": _STATEMENT_TIMEOUT_S,
    }
    ours = " ".join(f"-c {name}={round(seconds * 1000)}" for name, seconds in options.items())
    return create_async_engine(
        url,
        poolclass=TranslatingPool,
        pool_size=_POSTGRES_CONNECTIONS,
        max_overflow=_POSTGRES_CONNECTIONS,
        pool_timeout=pool_timeout_s,
        pool_pre_ping=True,
        # What the operator's URL says comes last, and so counts.
        connect_args={**_POSTGRES_DEFAULTS, **url.query, "options": f"{ours} {url.query.get('options', '')}".strip()},
        hide_parameters=True,
    )
