"""Making deleted rows unreadable, for whoever looks into the database's files.

Deleting alone does not do it. SQLite overwrites what is deleted (`secure_delete`), but not the copies that its log
holds, nor those that rows left behind when they moved between pages; PostgreSQL keeps dead rows in their pages, and a
plain VACUUM only lets the room be used again. So both write their tables anew. What PostgreSQL's write-ahead log and
anybody's backups hold stays until they are recycled: no client can reach it.
"""

from __future__ import annotations

import asyncio
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports.storage import StorageUnavailable
from storage.sql.connections import outside_transaction
from storage.tables import Table

_TRIES: Final = 20
_TRY_MS: Final = 200
_PAUSE_S: Final = 0.5


async def scrub(engine: AsyncEngine) -> None:
    """Write all our tables anew; transactions wait meanwhile, some seconds for 100,000 jobs.

    Raises `StorageUnavailable` when others keep the database busy, `StorageFull` without room for a second copy.
    """
    if engine.dialect.name == "sqlite":
        await _scrub_sqlite(engine)
    else:
        await _scrub_postgres(engine)


async def _scrub_sqlite(engine: AsyncEngine) -> None:
    async with outside_transaction(engine) as connection:
        await connection.exec_driver_sql("VACUUM")
    for _ in range(_TRIES):
        # The log can be emptied only while nobody reads from it. Our own transactions get their turn in between.
        async with outside_transaction(engine) as connection:
            patience_ms = (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar_one()
            await connection.exec_driver_sql(f"PRAGMA busy_timeout = {_TRY_MS}")
            try:
                is_busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
            finally:
                await connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience_ms}")
        if not is_busy:
            return
        await asyncio.sleep(_PAUSE_S)
    raise StorageUnavailable("others read the database all the time, so its log can not be emptied")


async def _scrub_postgres(engine: AsyncEngine) -> None:
    async with outside_transaction(engine) as connection:
        await connection.exec_driver_sql("SET statement_timeout = 0")
        try:
            for table in Table.metadata.sorted_tables:
                await connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
        finally:
            await connection.exec_driver_sql("RESET statement_timeout")
