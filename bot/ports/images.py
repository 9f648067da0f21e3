"""The image store: files by the hash of their bytes."""

from __future__ import annotations

from typing import Protocol

from bot.domain.requests import PictureHash


class PictureMissing(Exception):  # noqa: N818
    """No picture of that hash is stored."""


class ImageStore(Protocol):
    """Keeps picture files by content; storing the same bytes twice keeps one file."""

    async def put(self, data: bytes) -> PictureHash:
        """Store `data` durably (whole or not at all) and return its hash."""
        ...

    async def get(self, picture: PictureHash) -> bytes:
        """Return the bytes; raises `PictureMissing`."""
        ...

    async def exists(self, picture: PictureHash) -> bool:
        """Whether the picture is stored."""
        ...

    async def delete(self, picture: PictureHash) -> None:
        """Remove the picture; nothing happens if there is none."""
        ...
