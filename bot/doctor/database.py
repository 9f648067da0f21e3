"""The database: whether it can be reached, and which bot wrote it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.findings import Finding, failure, ok
from bot.ports.storage import StorageUnavailable
from storage.database import revisions
from storage.errors import DatabaseUnsupported


async def database(url: str) -> Finding:
    """Look at the database and change nothing."""
    try:
        parsed = make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        if await asyncio.to_thread(is_missing, parsed):
            return ok("database", f"SQLite; {parsed.database} is made at the first start")
        found = await revisions(url)
    except (StorageUnavailable, DatabaseUnsupported, OSError, SQLAlchemyError) as error:
        reason = error.reason if isinstance(error, StorageUnavailable) else str(error.args[0] if error.args else error)
        remedy = "Check [storage] database_url (or USO_BOT_DATABASE_URL) and whether the server runs."
        return failure("database", f"it can not be used: {_one_line(reason)}", remedy)
    where = f"SQLite, {parsed.database}" if is_sqlite else f"PostgreSQL, {parsed.host or 'local'}/{parsed.database}"
    if not found.is_known:
        remedy = "Update the bot, or restore a backup of the older one (docs/upgrade.md)."
        return failure("database", f"{where}: revision {found.current} is of a newer bot than this", remedy)
    if found.current is None:
        return ok("database", f"{where}: empty; its tables are made at the first start")
    if not found.is_newest:
        at = f"{where}: revision {found.current}; the next start brings it to {found.newest}"
        return ok("database", f"{at} (make a backup first: uso-bot backup FILE)")
    return ok("database", f"{where}: revision {found.current}, the newest")


def is_missing(url: URL) -> bool:
    """Whether it is a SQLite file that nobody has made yet."""
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file()


def _one_line(reason: str) -> str:
    return " ".join(reason.split())[:200]
