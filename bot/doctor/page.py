"""The page: who can reach it, and whether it has the password that it then wants."""

from __future__ import annotations

import asyncio

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.config import WebSection
from bot.doctor.database import is_missing
from bot.doctor.findings import Finding, failure, off, ok, warning
from bot.frontends import page_settings
from bot.ports.storage import StorageUnavailable
from storage.database import Database, revisions
from storage.errors import DatabaseUnsupported


async def page(section: WebSection, database_url: str) -> Finding:
    """Look at the settings and, where they demand a login, for the password; changes nothing."""
    if not section.enabled:
        return off("page", "switched off ([web] enabled)")
    settings = page_settings(section)
    where = f"{section.host}:{section.port}"
    if not settings.demands_login:
        return ok("page", f"{where}, for this machine only")
    if not await _has_password(database_url):
        remedy = "Set one with `uso-bot web password`, or keep the page to this machine (config.toml, [web])."
        return failure("page", f"{where} wants a password, and there is none", remedy)
    if settings.is_readable_on_the_way:
        remedy = "Put a proxy that speaks HTTPS in front of it, and name the proxy in trusted_proxies under [web]."
        return warning("page", f"{where} wants its password, which crosses the network without encryption", remedy)
    return ok("page", f"{where} wants its password")


async def _has_password(database_url: str) -> bool:
    """Whether one is stored; what an older bot wrote, or nobody yet, has none."""
    try:
        if await asyncio.to_thread(is_missing, make_url(database_url)):
            return False
        if not (await revisions(database_url)).is_newest:
            return False
        database = await Database.open(database_url)
        try:
            async with database.unit_of_work() as unit:
                return await unit.web_access.password_hash() is not None
        finally:
            await database.close()
    except (StorageUnavailable, DatabaseUnsupported, OSError, SQLAlchemyError):
        return False  # the check of the database says what is wrong
