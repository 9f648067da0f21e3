"""The image store: files by the hash of their bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import PictureHash


class PictureMissing(Exception):  # noqa: N818
    """No picture of that hash is stored."""


class PictureCorrupt(PictureMissing):
    """What is stored under that hash are not its bytes any more: a damaged disk, a foreign hand."""


class StoreFull(Rejected):
    """The disk under the pictures is full; nothing was stored. A refusal, so that its sentence is told."""

    def __init__(self) -> None:
        super().__init__(Rejection.STORAGE_FULL)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of the store; `stored_at` is when it was last put there, UTC."""

    picture: PictureHash
    size_bytes: int
    stored_at: datetime


class ImageStore(Protocol):
    """Keeps picture files by content; storing the same bytes twice keeps one file.

    Beside a picture may lie a thumbnail of it, which goes when the picture goes.
    """

    async def put(self, data: bytes) -> PictureHash:
        """Store `data` durably (whole or not at all) and return its hash; raises `StoreFull`.

        Storing what is there already renews its `stored_at`.
        """
        ...

    async def get(self, picture: PictureHash) -> bytes:
        """Return the bytes; raises `PictureMissing`, or `PictureCorrupt` if they do not fit their hash."""
        ...

    async def exists(self, picture: PictureHash) -> bool:
        """Whether the picture is stored."""
        ...

    async def thumbnail(self, picture: PictureHash) -> bytes | None:
        """The thumbnail that was put beside the picture, or None."""
        ...

    async def put_thumbnail(self, picture: PictureHash, data: bytes) -> None:
        """Put a thumbnail beside a picture; raises `PictureMissing` without the picture, `StoreFull`."""
        ...

    async def delete(self, picture: PictureHash) -> None:
        """Remove the picture and its thumbnail; nothing happens if there is none."""
        ...

    def files(self) -> AsyncIterator[Sequence[StoredFile]]:
        """Everything stored, in batches of at most 500, in no order."""
        ...
