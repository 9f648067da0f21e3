"""Storage in memory that is away at the worst moments."""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import Self

from bot.ports.storage import StorageUnavailable, UnitOfWork
from storage.memory.storage import MemoryStorage, MemoryUnitOfWork
from storage.memory.tables import SharedTables


class Fault(StrEnum):
    """What becomes of one unit of work; `ANSWER_LOST` stores everything and then says that it did not."""

    NONE = "none"
    AWAY = "away"
    COMMIT_FAILS = "commit-fails"
    ANSWER_LOST = "answer-lost"


class FaultyStorage(MemoryStorage):
    """The units of work opened next meet the faults of `script`, in order; then all is well again."""

    def __init__(self) -> None:
        super().__init__()
        self.script: deque[Fault] = deque()

    def unit_of_work(self) -> UnitOfWork:
        """A new unit of work, to be entered."""
        return _FaultyUnitOfWork(self._shared, self.script.popleft() if self.script else Fault.NONE)


class _FaultyUnitOfWork(MemoryUnitOfWork):
    def __init__(self, shared: SharedTables, fault: Fault) -> None:
        super().__init__(shared)
        self._fault = fault

    async def __aenter__(self) -> Self:
        if self._fault is Fault.AWAY:
            raise StorageUnavailable("no connection")
        return await super().__aenter__()

    async def commit(self) -> None:
        if self._fault is Fault.COMMIT_FAILS:
            raise StorageUnavailable("the commit failed")
        await super().commit()
        if self._fault is Fault.ANSWER_LOST:
            raise StorageUnavailable("the connection was lost")
