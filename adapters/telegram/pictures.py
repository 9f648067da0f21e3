"""Pictures on their way in from Telegram and out to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Bot, Message
from telegram.error import BadRequest

from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import ResultPicture
from bot.domain.limits import Limits

PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES_PX = 10_000
PHOTO_RATIO = 20
_DOWNLOADS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that somebody sent: the id of its file and, if Telegram says it, its size."""

    file_id: str
    size_bytes: int | None


def picture_in(message: Message | None) -> SentPicture | None:
    """The photo (its largest size) or the document of a message.

    Whether a document is a picture is told by decoding it, not by its name or type.
    """
    if message is None:
        return None
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return SentPicture(largest.file_id, largest.file_size)
    # An animation comes with a document of the same file; it is a film, not a picture.
    if message.document is not None and message.animation is None:
        return SentPicture(message.document.file_id, message.document.file_size)
    return None


class PictureDownloads:
    """Gets the bytes of sent pictures, a few at a time so that many large ones do not fill the memory."""

    def __init__(self, bot: Bot, limits: Limits) -> None:
        self._bot = bot
        self._limits = limits
        self._slots = asyncio.Semaphore(_DOWNLOADS_AT_ONCE)

    async def get(self, picture: SentPicture) -> bytes:
        """The file's bytes. Raises `Rejected` when it is too large, `TelegramError` when Telegram does not give it."""
        if picture.size_bytes is not None and picture.size_bytes > self._limits.max_file_bytes:
            raise self._too_large()
        async with self._slots:
            try:
                file = await self._bot.get_file(picture.file_id)
            except BadRequest as error:
                if "file is too big" in error.message.lower():
                    raise self._too_large() from error
                raise
            return bytes(await file.download_as_bytearray())

    def _too_large(self) -> Rejected:
        return Rejected(Rejection.FILE_TOO_LARGE, limit_mb=self._limits.max_file_bytes // 2**20)


def fits_as_photo(picture: ResultPicture, size_bytes: int) -> bool:
    """Whether Telegram takes the picture as a photo; a document it may be in any case."""
    long_px, short_px = max(picture.width, picture.height), min(picture.width, picture.height)
    return (
        size_bytes <= PHOTO_BYTES and long_px + short_px <= PHOTO_SIDES_PX and long_px <= PHOTO_RATIO * max(1, short_px)
    )


def file_name(job_id: str, index: int) -> str:
    """The name of an original on people's disks."""
    return f"uso-{job_id}-{index + 1}.png"
