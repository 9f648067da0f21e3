"""Pictures on their way in from Telegram and out to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Bot, Document, ExternalReplyInfo, Message, Sticker
from telegram.error import BadRequest

from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import ResultPicture
from bot.domain.limits import Limits

PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES_PX = 10_000
PHOTO_RATIO = 20
_DOWNLOADS_AT_ONCE = 4
# What iPhones make; sent as a photo Telegram turns it into JPEG, sent as a file it does not.
_HEIC_TYPES = frozenset({"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"})
_HEIC_NAMES = (".heic", ".heif")


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that somebody sent: the id of its file and, if Telegram says it, its size."""

    file_id: str
    size_bytes: int | None


def picture_in(message: Message | ExternalReplyInfo | None) -> SentPicture | None:
    """The photo (its largest size), the document or the unmoving sticker of a message, forwarded or not.

    Whether a document is a picture is told by decoding it, not by its name or type.
    """
    if message is None:
        return None
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return SentPicture(largest.file_id, largest.file_size)
    # An animation comes with a document of the same file; it is a film, not a picture.
    if message.document is not None and message.animation is None and not _is_heic(message.document):
        return SentPicture(message.document.file_id, message.document.file_size)
    if message.sticker is not None and not _is_moving(message.sticker):
        return SentPicture(message.sticker.file_id, message.sticker.file_size)
    return None


def answered_picture(message: Message) -> SentPicture | None:
    """The picture that a message answers, also one in another chat."""
    return picture_in(message.reply_to_message) or picture_in(message.external_reply)


def unusable_in(message: Message | None) -> str | None:
    """The key of the sentence for what is attached and is no still picture: it says what to send instead."""
    if message is None or message.effective_attachment is None or picture_in(message) is not None:
        return None
    if message.animation is not None or message.video is not None or message.video_note is not None:
        return "telegram-moving-picture"
    if message.sticker is not None:
        return "telegram-moving-sticker"
    if message.document is not None:
        return "telegram-heic"
    return "reject-not-a-picture"


def _is_moving(sticker: Sticker) -> bool:
    return sticker.is_animated or sticker.is_video


def _is_heic(document: Document) -> bool:
    return (document.mime_type or "").lower() in _HEIC_TYPES or (document.file_name or "").lower().endswith(_HEIC_NAMES)


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
