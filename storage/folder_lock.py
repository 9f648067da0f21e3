"""One lock for all processes that work on a folder."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Final

from filelock import FileLock, Timeout

_PAUSE_S: Final = 0.02


class FolderLock:
    """Held by one task of one process at a time, for as long as its `async with` block lasts.

    The processes meet at the file `path`, which stays; the system lets go of the lock of a process that dies. Tasks of
    one process take turns, processes try again and again. Raises `OSError` when the file can not be opened.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._ours = asyncio.Lock()
        self._everybodys = FileLock(path, thread_local=False)

    async def __aenter__(self) -> None:
        """Wait until nobody else holds it."""
        await self._ours.acquire()
        try:
            while not self._try():  # noqa: ASYNC110 -- nobody tells us when another process lets go
                await asyncio.sleep(_PAUSE_S)
        except BaseException:
            self._ours.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Let go of it."""
        try:
            self._everybodys.release()
        finally:
            self._ours.release()

    def _try(self) -> bool:
        try:
            self._everybodys.acquire(blocking=False)
        except Timeout:
            return False
        return True
