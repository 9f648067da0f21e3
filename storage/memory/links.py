"""One-time codes in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.actors import UserId
from bot.domain.people import LinkCode
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction
from storage.memory.times import utc


class MemoryLinkRepository:
    """`bot.ports.people.LinkRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def put(self, code: LinkCode) -> None:
        """Store a code in place of an earlier one of the same user; `ConstraintViolated` without such a user."""
        code = replace(code, expires_at=utc(code.expires_at))
        tables = await self._transaction.tables()
        others = {digest: one for digest, one in tables.codes.items() if one.user_id != code.user_id}
        if code.user_id not in tables.users or code.digest in others:
            raise ConstraintViolated(f"a code of {code.user_id}")
        tables.codes = {**others, code.digest: code}

    async def take(self, digest: str, *, now: datetime) -> UserId | None:
        """Use up a code that has not expired; None if there is no such code."""
        now = utc(now)
        tables = await self._transaction.tables()
        code = tables.codes.get(digest)
        if code is None or code.expires_at <= now:
            return None
        del tables.codes[digest]
        return code.user_id
