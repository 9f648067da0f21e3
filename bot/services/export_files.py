"""A person's data as a file that fits through a platform's upload limit."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from typing import IO, BinaryIO, cast

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.services.export import Export


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A zip, read from its beginning, as long as the block lasts; without pictures if they would not have fitted."""

    file: BufferedIOBase
    has_pictures: bool


class ExportFiles:
    """Makes exports in temporary files, which are gone after use."""

    def __init__(self, export: Export) -> None:
        self._export = export

    @asynccontextmanager
    async def __call__(self, actor: Actor, limit_bytes: int) -> AsyncIterator[ExportFile]:
        """An export of at most `limit_bytes`, with the pictures if they fit.

        Raises `Rejected` for somebody never seen, and where not even the words fit.
        """
        for with_pictures in (True, False):
            with tempfile.TemporaryFile() as file:
                capped = _Capped(file, limit_bytes)
                try:
                    await self._export(actor, cast("BinaryIO", capped), with_pictures=with_pictures)
                except _LimitReached:
                    continue
                file.seek(0)
                yield ExportFile(cast("BufferedIOBase", file), has_pictures=with_pictures)
                return
        raise Rejected(Rejection.EXPORT_TOO_LARGE, limit_mb=limit_bytes // 2**20)


class _LimitReached(Exception):  # noqa: N818 -- expected, and never seen outside
    """More was written than the file may have."""


class _Capped:
    """A file that is written from its beginning to its end, up to a limit."""

    def __init__(self, file: IO[bytes], limit_bytes: int) -> None:
        self._file = file
        self._left_bytes = limit_bytes

    def write(self, data: bytes) -> int:
        """Write all of it; raises `_LimitReached`, and from then on always."""
        self._left_bytes -= len(data)
        if self._left_bytes < 0:
            raise _LimitReached
        return self._file.write(data)

    def flush(self) -> None:
        """As files have it."""
        self._file.flush()
