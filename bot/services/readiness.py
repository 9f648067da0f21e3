"""Whether the bot could draw a picture now: the engine is ready and the database answers."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from math import ceil
from typing import Final

from bot.domain.engines import EngineState
from bot.ports.engine import Engine
from bot.ports.storage import UnitOfWorkFactory

log = logging.getLogger(__name__)

_DATABASE_ANSWERS_WITHIN_S: Final = 2.0
_UNKNOWN_WAIT_S: Final = 10
_BROKEN_WAIT_S: Final = 60


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is there. `fraction` and `seconds_left` are those of the warm-up; the latter None while nobody can tell."""

    engine: EngineState
    fraction: float
    seconds_left: float | None
    has_database: bool

    @property
    def is_ready(self) -> bool:
        """Whether all is there."""
        return self.engine is EngineState.READY and self.has_database

    @property
    def retry_after_s(self) -> int:
        """When to ask again: after the warm-up where its end is known."""
        if self.engine is EngineState.BROKEN:
            return _BROKEN_WAIT_S
        return max(1, ceil(self.seconds_left)) if self.seconds_left is not None else _UNKNOWN_WAIT_S


class CheckReadiness:
    """Asks the engine's status and the database."""

    def __init__(
        self, *, engine: Engine, open_unit: UnitOfWorkFactory, timeout_s: float = _DATABASE_ANSWERS_WITHIN_S
    ) -> None:
        self._engine = engine
        self._open_unit = open_unit
        self._timeout_s = timeout_s

    async def __call__(self) -> Readiness:
        """How it stands now; takes two seconds at most."""
        has_database = await self._has_database()
        status = self._engine.status
        return Readiness(status.state, status.fraction, status.seconds_left, has_database)

    async def _has_database(self) -> bool:
        try:
            async with asyncio.timeout(self._timeout_s), self._open_unit() as unit:
                await unit.users.get("")
        except Exception as error:  # whatever a database library raises: it is not there for us
            log.warning("the database does not answer: %s", type(error).__name__)
            return False
        return True
