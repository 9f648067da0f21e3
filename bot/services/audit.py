"""Reading the audit log; each service writes its own entries, in the transaction of what they tell about."""

from __future__ import annotations

from typing import Final

from bot.domain.actors import Actor
from bot.domain.audit import AuditEntry
from bot.ports.storage import UnitOfWorkFactory
from bot.services.operators import Operators

_MOST: Final = 1_000


class Audit:
    """What was decided by whom, for operators."""

    def __init__(self, *, operators: Operators, open_unit: UnitOfWorkFactory) -> None:
        self._operators = operators
        self._open_unit = open_unit

    async def recent(self, actor: Actor, limit: int = 50) -> list[AuditEntry]:
        """The latest entries, newest first, at most 1,000. Raises `Rejected` for anybody but operators."""
        self._operators.check(actor)
        async with self._open_unit() as unit:
            return list(await unit.audit.recent(limit=max(0, min(limit, _MOST))))
