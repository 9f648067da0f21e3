"""Time as the flood limits and the album's quiet moment use it, so that tests can hold it still."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Timer(Protocol):
    """A steady clock and a way to wait for it; seconds."""

    def monotonic(self) -> float:
        """Seconds from some fixed moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait until that many seconds have passed."""
        ...


class SystemTimer:
    """The machine's steady clock."""

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without holding anybody up."""
        await asyncio.sleep(seconds)
