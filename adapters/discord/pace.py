"""Keeping a distance between edits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Pace:
    """Lets one thing happen per `interval_s`, counted from the end of the last `wait`."""

    def __init__(
        self,
        interval_s: float,
        *,
        now: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval_s = interval_s
        self._now = now or asyncio.get_running_loop().time
        self._sleep = sleep
        self._began = self._now()

    async def wait(self) -> None:
        """Wait until `interval_s` has passed since the last time this ended (or since the beginning)."""
        await self._sleep(max(0.0, self._began + self._interval_s - self._now()))
        self._began = self._now()
