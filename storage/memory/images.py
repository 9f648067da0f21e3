"""The image store in memory."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.domain.requests import PictureHash
from bot.ports.images import PictureCorrupt, PictureMissing, StoredFile, StoreFull

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class _Kept:
    data: bytes
    stored_at: datetime


class MemoryImageStore:
    """`bot.ports.images.ImageStore` in memory.

    `free_bytes` is what still fits, as on a disk: it shrinks and grows with the pictures and may be set at any time;
    None is without end. `now` gives the times of `files`, aware, UTC.
    """

    def __init__(
        self, *, free_bytes: int | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.free_bytes = free_bytes
        self._now = now
        self._pictures: dict[PictureHash, _Kept] = {}
        self._thumbnails: dict[PictureHash, bytes] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    async def put(self, data: bytes) -> PictureHash:
        """Store `data` and return its hash; raises `StoreFull`. Storing it again renews its `stored_at`."""
        await asyncio.sleep(0)
        picture = hashlib.sha256(data).hexdigest()
        before = self._pictures.get(picture)
        if before is None or before.data != data:
            self._take(len(data) - (0 if before is None else len(before.data)))
        self._pictures[picture] = _Kept(bytes(data), self._now())
        return picture

    async def get(self, picture: PictureHash) -> bytes:
        """Return the bytes; raises `PictureMissing`, or `PictureCorrupt` if they do not fit their hash."""
        await asyncio.sleep(0)
        kept = self._pictures.get(picture)
        if kept is None:
            raise PictureMissing(picture)
        if hashlib.sha256(kept.data).hexdigest() != picture:
            raise PictureCorrupt(picture)
        return kept.data

    async def exists(self, picture: PictureHash) -> bool:
        """Whether the picture is stored."""
        await asyncio.sleep(0)
        return picture in self._pictures

    async def thumbnail(self, picture: PictureHash) -> bytes | None:
        """The thumbnail that was put beside the picture, or None."""
        await asyncio.sleep(0)
        return self._thumbnails.get(picture)

    async def put_thumbnail(self, picture: PictureHash, data: bytes) -> None:
        """Put a thumbnail beside a picture; raises `PictureMissing` without the picture, `StoreFull`."""
        await asyncio.sleep(0)
        if picture not in self._pictures:
            raise PictureMissing(picture)
        self._take(len(data) - len(self._thumbnails.get(picture, b"")))
        self._thumbnails[picture] = bytes(data)

    async def delete(self, picture: PictureHash) -> None:
        """Remove the picture and its thumbnail; nothing happens if there is none."""
        await asyncio.sleep(0)
        self._take(-len(self._thumbnails.pop(picture, b"")))
        kept = self._pictures.pop(picture, None)
        if kept is not None:
            self._take(-len(kept.data))

    async def files(self) -> AsyncIterator[Sequence[StoredFile]]:
        """Everything stored, in batches of at most 500, in no order."""
        found = [StoredFile(picture, len(kept.data), kept.stored_at) for picture, kept in self._pictures.items()]
        for start in range(0, len(found), _BATCH):
            await asyncio.sleep(0)
            yield tuple(found[start : start + _BATCH])

    def damage(self, picture: PictureHash) -> None:
        """Cut the last byte off, as a damaged disk might; raises KeyError without such a picture, or without bytes."""
        kept = self._pictures[picture]
        if not kept.data:
            raise KeyError(picture)
        self._pictures[picture] = _Kept(kept.data[:-1], kept.stored_at)

    def _take(self, size_bytes: int) -> None:
        if self.free_bytes is None:
            return
        if size_bytes > self.free_bytes:
            raise StoreFull
        self.free_bytes -= size_bytes
