"""Trays in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from datetime import datetime

from bot.domain.actors import UserId
from bot.domain.styles import Tray
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction
from storage.memory.times import utc


class MemoryTrayRepository:
    """`bot.ports.library.TrayRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def get(self, user_id: UserId) -> Tray:
        """What lies in it; empty for whoever has none."""
        tables = await self._transaction.tables()
        return tables.trays.get(user_id, Tray())

    async def put(self, user_id: UserId, tray: Tray, *, now: datetime) -> None:
        """Replace its content; an empty one leaves no row. Raises `ConstraintViolated` for an unknown person."""
        utc(now)
        tables = await self._transaction.tables()
        if user_id not in tables.users:
            raise ConstraintViolated(f"a tray of {user_id}")
        if tray.pictures:
            tables.trays[user_id] = tray
        else:
            tables.trays.pop(user_id, None)
