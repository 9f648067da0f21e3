"""Updates in work: each is handled once, many at a time, however often and by whichever road it comes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from telegram import Update

from adapters.telegram.errors import report

GRACE_S: Final = 3.0
_REMEMBERED = 1000

Handle = Callable[[Update], Awaitable[None]]
Done = Callable[[int], None]


class Work:
    """Hands updates to `handle`; what did not end before `close` is not done and has to come again."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._in_work: dict[int, asyncio.Task[None]] = {}
        self._handled: deque[int] = deque(maxlen=_REMEMBERED)

    @property
    def in_work(self) -> Collection[int]:
        """The ids of the updates whose handlers have not ended."""
        return self._in_work.keys()

    def knows(self, update_id: int) -> bool:
        """Whether this update is in work, or was handled not long ago."""
        return update_id in self._in_work or update_id in self._handled

    def take(self, update: Update, when_done: Done | None = None) -> None:
        """Begin to handle an update, unless it is known; `when_done` is called with its id once that ended."""
        if not self.knows(update.update_id):
            self._in_work[update.update_id] = asyncio.create_task(self._work(update, when_done))

    async def wait(self, timeout_s: float) -> None:
        """Return when everything in work has ended or the time is over."""
        if self._in_work:
            await asyncio.wait(self._in_work.values(), timeout=timeout_s)

    async def close(self) -> Collection[int]:
        """Let what is in work end within moments; returns the ids of what was cut off."""
        await self.wait(GRACE_S)
        left = dict(self._in_work)
        for task in left.values():
            task.cancel()
        await asyncio.gather(*left.values(), return_exceptions=True)
        return left.keys()

    async def _work(self, update: Update, when_done: Done | None) -> None:
        try:
            await self._handle(update)
        except Exception as error:
            report(error, "handling an update")
        # Not after a cancellation: an update that we did not finish has to come again.
        self._in_work.pop(update.update_id, None)
        self._handled.append(update.update_id)
        if when_done is not None:
            when_done(update.update_id)
