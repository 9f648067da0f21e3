"""The one place that knows what database libraries raise: their outages become the port's own.

Constraint violations and faults of our own SQL stay as they are.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from sqlalchemy import Connection, Dialect, PoolProxiedConnection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.ports.storage import StorageFull, StorageUnavailable

_SQLITE_PRIMARY: Final = 0xFF  # extended result codes carry the primary one in their lowest byte
_SQLITE_OUTAGES: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
    }
)
_POSTGRES_FULL: Final = "53100"
# Classes: connection, authorization, rollback (serialization, deadlock), resources, intervention, system.
_POSTGRES_OUTAGE_CLASSES: Final = ("08", "28", "40", "53", "57", "58")
# A lock or an idle transaction that timed out; a server that turned read-only; a database that is gone.
_POSTGRES_OUTAGES: Final = frozenset({"55P03", "25P03", "25006", "3D000"})


class TranslatingPool(AsyncAdaptedQueuePool):
    """A pool that says `StorageUnavailable` when no connection came free in time."""

    def connect(self) -> PoolProxiedConnection:
        """Hand out a connection."""
        try:
            return super().connect()
        except PoolTimeoutError as error:
            raise StorageUnavailable("no database connection came free in time") from error


def translate_failures(engine: AsyncEngine) -> None:
    """Have all that `engine` does raise `StorageUnavailable` or `StorageFull` for outages of the database.

    After one in a transaction, whatever else is tried in it, a commit above all, fails in the same way: SQLite may
    have rolled back by itself, and PostgreSQL answers the COMMIT of a broken transaction without an error.
    """

    def translate(context: ExceptionContext) -> StorageUnavailable | None:
        error = context.original_exception
        if context.is_pre_ping or not isinstance(error, Exception):
            return None  # the pool replaces a connection that died idle; a cancelled task is no outage
        outage = outage_of(error, context.dialect) or (
            StorageUnavailable(str(error)) if context.is_disconnect else None
        )
        if outage is not None and context.connection is not None and context.connection.in_transaction():
            # What is left of the transaction is thrown away with its connection; the others may still be well.
            context.invalidate_pool_on_disconnect = context.is_disconnect
            context.is_disconnect = True
        return outage

    def refuse_the_rest(connection: Connection, *_: Any) -> None:
        if connection.invalidated and connection.in_transaction():
            raise StorageUnavailable("this transaction was lost before")

    event.listen(engine.sync_engine, "handle_error", translate)
    event.listen(engine.sync_engine, "before_execute", refuse_the_rest)
    event.listen(engine.sync_engine, "commit", refuse_the_rest)


def outage_of(error: Exception, dialect: Dialect) -> StorageUnavailable | None:
    """What an error of the driver of `dialect` means to the services; None for anything but an outage."""
    if dialect.name == "sqlite":
        code = getattr(error, "sqlite_errorcode", 0) & _SQLITE_PRIMARY  # the driver's own errors have none
        is_full, is_outage, said = code == sqlite3.SQLITE_FULL, code in _SQLITE_OUTAGES, str(error)
    else:
        state = getattr(error, "sqlstate", None)
        is_full, said = state == _POSTGRES_FULL, f"{state}: {error}"
        if state is None:  # not the server but the driver says so: no connection, or a lost one
            driver = dialect.loaded_dbapi
            is_outage = isinstance(error, driver.OperationalError | driver.InterfaceError)
        else:
            is_outage = state.startswith(_POSTGRES_OUTAGE_CLASSES) or state in _POSTGRES_OUTAGES
    if is_full:
        return StorageFull(said)
    return StorageUnavailable(said) if is_outage else None
