"""The switch between running, paused and draining; in memory, so that a restart runs again."""

from __future__ import annotations

import asyncio

from bot.domain.operations import RunMode


class RunSwitch:
    """What mode the bot is in; the worker waits here for its next job. For one event loop."""

    def __init__(self) -> None:
        self._mode = RunMode.RUNNING
        self._works = asyncio.Event()
        self._works.set()

    @property
    def mode(self) -> RunMode:
        """The mode at this moment."""
        return self._mode

    @property
    def is_paused(self) -> bool:
        """Whether waiting jobs stay where they are."""
        return self._mode is RunMode.PAUSED

    def turn(self, mode: RunMode) -> None:
        """Change the mode; a job that is running is not touched."""
        self._mode = mode
        if self.is_paused:
            self._works.clear()
        else:
            self._works.set()

    async def works(self) -> None:
        """Wait until the next job may be taken."""
        await self._works.wait()
