"""What the in-memory twin keeps, and who may work on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from bot.domain.actors import Platform, UserId
from bot.domain.deliveries import Delivery
from bot.domain.jobs import Job, JobId


@dataclass(slots=True)
class Tables:
    """All rows; frozen facts in dictionaries that keep the order of insertion.

    `recorded` lists pictures as (job, index), the latest recorded last.
    """

    users: set[UserId] = field(default_factory=set)
    identities: dict[tuple[Platform, str], UserId] = field(default_factory=dict)
    jobs: dict[JobId, Job] = field(default_factory=dict)
    recorded: dict[tuple[JobId, int], None] = field(default_factory=dict)
    deliveries: dict[int, Delivery] = field(default_factory=dict)

    def copy(self) -> Tables:
        """Tables that can change without changing these; the facts in them are frozen and shared."""
        return Tables(
            set(self.users), dict(self.identities), dict(self.jobs), dict(self.recorded), dict(self.deliveries)
        )


class SharedTables:
    """The committed rows and the lock of the one transaction that may work on them."""

    def __init__(self) -> None:
        self.committed = Tables()
        self.lock: Final = asyncio.Lock()
        self.holder: asyncio.Task[object] | None = None


class MemoryTransaction:
    """One transaction; it begins with the first call of `tables`, as in SQL."""

    def __init__(self, shared: SharedTables) -> None:
        self._shared = shared
        self._working: Tables | None = None

    async def tables(self) -> Tables:
        """The rows as this transaction sees them; waits for the transaction before, and for other tasks to move."""
        await asyncio.sleep(0)
        if self._working is None:
            task = asyncio.current_task()
            if self._shared.lock.locked() and self._shared.holder is task:
                raise RuntimeError("a unit of work inside another of the same task would wait for itself")
            await self._shared.lock.acquire()
            self._shared.holder = task
            self._working = self._shared.committed.copy()
        return self._working

    def commit(self) -> None:
        """Let everybody see the changes; a later call of `tables` begins anew."""
        if self._working is not None:
            self._shared.committed = self._working
            self.end()

    def end(self) -> None:
        """Forget what was not committed and let the next one in."""
        if self._working is not None:
            self._working = None
            self._shared.holder = None
            self._shared.lock.release()
