"""The audit log in the in-memory twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.audit import AuditEntry
from storage.memory.tables import MemoryTransaction
from storage.memory.times import utc
from storage.texts import storable


class MemoryAuditRepository:
    """`bot.ports.moderation.AuditRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, entry: AuditEntry) -> None:
        """Write an entry down."""
        tables = await self._transaction.tables()
        tables.audit[len(tables.audit) + 1] = replace(
            entry,
            at=utc(entry.at),
            by=storable(entry.by),
            subject=storable(entry.subject),
            detail=storable(entry.detail),
        )

    async def recent(self, *, limit: int) -> Sequence[AuditEntry]:
        """The latest entries, newest first."""
        tables = await self._transaction.tables()
        return tuple(list(reversed(tables.audit.values()))[:limit])
