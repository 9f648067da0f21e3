"""The audit log in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.audit import AuditAction, AuditEntry
from storage.tables.moderation import AuditRow
from storage.texts import storable


class SqlAuditRepository:
    """`bot.ports.moderation.AuditRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, entry: AuditEntry) -> None:
        """Write an entry down."""
        await self._session.execute(
            insert(AuditRow).values(
                at=entry.at,
                by=storable(entry.by),
                action=entry.action.value,
                subject=storable(entry.subject),
                detail=storable(entry.detail),
            )
        )

    async def recent(self, *, limit: int) -> Sequence[AuditEntry]:
        """The latest entries, newest first."""
        rows = await self._session.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(limit))
        return tuple(_entry_of(row) for row in rows)


def _entry_of(row: AuditRow) -> AuditEntry:
    try:
        action, detail = AuditAction(row.action), row.detail
    except ValueError:  # written by a newer release
        action, detail = AuditAction.OTHER, f"{row.action} {row.detail}".rstrip()
    return AuditEntry(row.at, row.by, action, row.subject, detail)
