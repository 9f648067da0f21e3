"""A clock in the test's hand, for the bot and the server alike."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count


class HandTimer:
    """Stands still until it is moved; whoever sleeps is woken when their time has come."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._numbers = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def monotonic(self) -> float:
        """The present."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was moved that far."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + max(0.0, seconds), next(self._numbers), woken))
        await woken

    @property
    def next_wake_up(self) -> float | None:
        """When the first sleeper wants to be woken."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def advance(self, seconds: float) -> None:
        """Move on, waking everybody on the way."""
        until = self._now + seconds
        while (wake_up := self.next_wake_up) is not None and wake_up <= until:
            self._now = max(self._now, wake_up)
            heapq.heappop(self._sleepers)[2].set_result(None)
        self._now = until

    def skip_to_next(self) -> bool:
        """Move on to the first sleeper; False if nobody sleeps."""
        wake_up = self.next_wake_up
        if wake_up is None:
            return False
        self.advance(max(0.0, wake_up - self._now))
        return True
