"""The engine's status, fanned out to any number of readers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.engines import EngineState
from bot.ports.engine import EngineInfo, EngineLost, EngineStatus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class StatusBoard:
    """Holds one status; readers that were away find the latest, never a backlog."""

    def __init__(self) -> None:
        self._status = EngineStatus(EngineState.STARTING)
        self._serial = 0
        self._changed = asyncio.Event()
        self._is_closed = False

    @property
    def status(self) -> EngineStatus:
        """The present status."""
        return self._status

    def publish(self, status: EngineStatus) -> None:
        """Show `status` to everyone; the same status again is no news."""
        if status == self._status:
            return
        self._status = status
        self._serial += 1
        self._wake()

    def close(self) -> None:
        """Let every reader go; the status falls back to where it began."""
        self._status = EngineStatus(EngineState.STARTING)
        self._is_closed = True
        self._wake()

    async def watch(self) -> AsyncIterator[EngineStatus]:
        """The present status, then each later one, until closed."""
        seen = -1
        while not self._is_closed:
            if seen != self._serial:
                seen = self._serial
                yield self._status
            else:
                await self._changed.wait()

    async def wait_ready(self) -> EngineInfo:
        """Wait for a model that takes tasks; raises `EngineLost` once closed."""
        while not self._is_closed:
            if self._status.state is EngineState.READY and self._status.info is not None:
                return self._status.info
            await self._changed.wait()
        raise EngineLost("the engine is closed")

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
