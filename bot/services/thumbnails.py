"""Small copies of stored pictures, for grids of them: made once, then kept beside their picture."""

from __future__ import annotations

import asyncio
import io
import logging
from typing import Final

from PIL import Image

from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import PictureHash
from bot.ports.images import ImageStore, PictureMissing, StoreFull

log = logging.getLogger(__name__)

THUMBNAIL_SIDE_PX: Final = 448
"""The longer side at most: sharp at 224 px on a display of double density."""
_QUALITY: Final = 80
_AT_ONCE: Final = 2  # a page asks for dozens; drawing and answering need the processor too


class Thumbnails:
    """Makes thumbnails, each once however many ask for it at the same time, and off the event loop."""

    def __init__(self, *, images: ImageStore) -> None:
        self._images = images
        self._making: dict[PictureHash, asyncio.Task[bytes]] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, picture: PictureHash) -> bytes:
        """A WebP of at most `THUMBNAIL_SIDE_PX` without metadata.

        Raises `Rejected` if the picture is not there (any more). Whether the asking person may see it is for the
        caller to know.
        """
        if (kept := await self._images.thumbnail(picture)) is not None:
            return kept
        making = self._making.get(picture)
        if making is None:
            making = self._making[picture] = asyncio.create_task(self._make(picture))
            making.add_done_callback(lambda made: self._forget(picture, made))
        # Whoever leaves does not take the work from those who still wait for it.
        return await asyncio.shield(making)

    def _forget(self, picture: PictureHash, made: asyncio.Task[bytes]) -> None:
        self._making.pop(picture, None)
        if not made.cancelled():
            made.exception()  # looked at, also where everybody who waited has left

    async def _make(self, picture: PictureHash) -> bytes:
        async with self._turns:
            try:
                data = await self._images.get(picture)
                small = await asyncio.to_thread(shrunk, data)
                await self._images.put_thumbnail(picture, small)
            except PictureMissing as error:
                raise Rejected(Rejection.PICTURE_GONE) from error
            except StoreFull:
                log.warning("the disk is full: a thumbnail was made that can not be kept")
        return small


def shrunk(data: bytes) -> bytes:
    """A stored PNG as a small WebP; up to a tenth of a second for the largest: call it in a thread."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=3.0)
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=_QUALITY, method=2)
    return encoded.getvalue()
