"""Saying things in chats: words with buttons, changed in place, pictures and files. Trouble on the way is reported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from telegram import InlineKeyboardMarkup, InputFile, InputMediaDocument, InputMediaPhoto
from telegram.constants import MessageLimit
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.desk import RETRIES
from adapters.telegram.errors import is_card_gone, is_photo_refused, is_thread_gone, is_unchanged, report
from adapters.telegram.pictures import PHOTO_BYTES

_CAPTION_UNITS: Final = int(MessageLimit.CAPTION_LENGTH)
_TEXT_UNITS: Final = int(MessageLimit.MAX_TEXT_LENGTH)


@dataclass(frozen=True, slots=True)
class File:
    """A file to send, under the name it has on people's disks."""

    data: bytes
    name: str


class Voice:
    """Speaks in the topic of an address, below the message that asked."""

    def __init__(self, bot: ExtBot[int]) -> None:
        self._bot = bot

    async def say(self, address: ChatAddress, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Send words; what is too long for a message ends after a whole line."""

        async def send(at: ChatAddress) -> None:
            text_now = _fitting(text, _TEXT_UNITS)
            await self._bot.send_message(at.chat_id, text_now, reply_markup=keyboard, **_place(at))

        await self._bring(address, send)

    async def change(
        self, address: ChatAddress, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Put other words and buttons into a message of ours; send them where it is gone, or is a picture."""
        try:
            await self._bot.edit_message_text(
                _fitting(text, _TEXT_UNITS),
                chat_id=address.chat_id,
                message_id=message_id,
                reply_markup=keyboard,
                rate_limit_args=RETRIES,
            )
        except TelegramError as error:
            if is_card_gone(error):
                await self.say(address, text, keyboard)
            elif not is_unchanged(error):
                report(error, "changing a message")

    async def show(
        self, address: ChatAddress, files: Sequence[File], text: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Send pictures with words: one with everything below it, several as an album with the words after it."""
        if not files:
            await self.say(address, text, keyboard)
        elif len(files) == 1:
            await self._show_one(address, files[0], text, keyboard)
        else:
            await self._show_album(address, files)
            await self.say(address, text, keyboard)

    async def hand_over(self, address: ChatAddress, data: bytes, name: str, caption: str | None = None) -> None:
        """Send a file as it is, which Telegram does not touch."""
        file = InputFile(data, filename=name)

        async def send(at: ChatAddress) -> None:
            await self._bot.send_document(
                at.chat_id, file, caption=caption, disable_content_type_detection=True, **_place(at)
            )

        await self._bring(address, send)

    async def hand_over_all(self, address: ChatAddress, files: Sequence[File]) -> None:
        """Send files as they are, at most ten."""
        if len(files) == 1:
            await self.hand_over(address, files[0].data, files[0].name)
        elif files:
            await self._send_album(address, [_document(file) for file in files])

    async def _show_one(
        self, address: ChatAddress, file: File, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        caption = _fitting(text, _CAPTION_UNITS)

        async def send(at: ChatAddress) -> None:
            more: dict[str, Any] = {"caption": caption, "reply_markup": keyboard, **_place(at)}
            if len(file.data) <= PHOTO_BYTES:
                try:
                    await self._bot.send_photo(at.chat_id, file.data, filename=file.name, **more)
                except BadRequest as error:
                    if not is_photo_refused(error):
                        raise
                else:
                    return
            await self._bot.send_document(at.chat_id, file.data, filename=file.name, **more)

        await self._bring(address, send)

    async def _show_album(self, address: ChatAddress, files: Sequence[File]) -> None:
        if all(len(file.data) <= PHOTO_BYTES for file in files):
            try:
                await self._bot.send_media_group(
                    address.chat_id,
                    [InputMediaPhoto(file.data, filename=file.name) for file in files],
                    **_place(address),
                )
            except TelegramError as error:
                if not (is_photo_refused(error) or is_thread_gone(error)):
                    report(error, "showing pictures")
                    return
            else:
                return
        await self._send_album(address, [_document(file) for file in files])

    async def _send_album(self, address: ChatAddress, media: Sequence[InputMediaDocument]) -> None:
        async def send(at: ChatAddress) -> None:
            await self._bot.send_media_group(at.chat_id, media, **_place(at))

        await self._bring(address, send)

    async def _bring(self, address: ChatAddress, send: Callable[[ChatAddress], Awaitable[None]]) -> None:
        """Send; where the topic is gone, into the chat itself."""
        try:
            try:
                await send(address)
            except BadRequest as error:
                if not is_thread_gone(error):
                    raise
                await send(replace(address, thread_id=None))
        except TelegramError as error:
            report(error, "answering")


def _place(address: ChatAddress) -> dict[str, Any]:
    return {
        "message_thread_id": address.thread_id,
        "reply_parameters": address.reply_parameters,
        "rate_limit_args": RETRIES,
    }


def _document(file: File) -> InputMediaDocument:
    return InputMediaDocument(file.data, filename=file.name, disable_content_type_detection=True)


def _fitting(text: str, most_units: int) -> str:
    """Whole lines, as many as Telegram takes; it counts in UTF-16."""
    while len(text.encode("utf-16-le")) // 2 > most_units:
        text = text.rpartition("\n")[0] or text[: most_units // 2 - 1] + "…"
    return text
