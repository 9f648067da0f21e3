"""Taking messages away; of those too old for that, what they showed."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from typing import Any, Final

from PIL import Image
from telegram import InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest
from telegram.ext import ExtBot

from adapters.telegram.desk import RETRIES
from adapters.telegram.errors import is_card_gone, is_delete_refused, is_unchanged
from bot.messages.catalogs import Catalog

_GONE_SIDE_PX: Final = 256
_GONE_NAME: Final = "deleted.png"
_GONE_GREY: Final = (128, 128, 128)


class Removal:
    """Removes the messages of a result. Raises `TelegramError`."""

    def __init__(self, bot: ExtBot[int]) -> None:
        self._bot = bot

    async def take_away(
        self, chat_id: int, album: Sequence[int], message_id: int | None, catalog: Catalog, *, may_remove: bool
    ) -> None:
        """Take away the message with the buttons, and those of an album above it.

        `may_remove` tells that the messages are known to be the result's: other people's could be removed, while
        emptying reaches none but our own.
        """
        take_away = self._take_away if may_remove else self._empty_old
        for one in album:
            await take_away(chat_id, one, catalog, is_picture=True)
        if message_id is not None:
            await take_away(chat_id, message_id, catalog, is_picture=not album)

    async def _empty_old(self, chat_id: int, message_id: int, catalog: Catalog, *, is_picture: bool) -> None:
        await self._empty(chat_id, message_id, catalog.text("telegram-deleted"), is_picture=is_picture)

    async def _take_away(self, chat_id: int, message_id: int, catalog: Catalog, *, is_picture: bool) -> None:
        try:
            await self._bot.delete_message(chat_id, message_id, rate_limit_args=RETRIES)
        except BadRequest as error:
            if not is_delete_refused(error):
                return  # somebody was faster
            await self._empty(chat_id, message_id, catalog.text("telegram-deleted"), is_picture=is_picture)

    async def _empty(self, chat_id: int, message_id: int, text: str, *, is_picture: bool) -> None:
        """After 48 hours Telegram deletes no message any more, but lets its contents be replaced."""
        place: Any = {"chat_id": chat_id, "message_id": message_id, "rate_limit_args": RETRIES}
        try:
            if is_picture:
                await self._grey_out(text, place)
            else:
                await self._bot.edit_message_text(text, **place)
        except BadRequest as error:
            if not (is_card_gone(error) or is_unchanged(error)):
                raise

    async def _grey_out(self, text: str, place: Any) -> None:
        grey = await asyncio.to_thread(_grey_picture)
        try:
            await self._bot.edit_message_media(InputMediaPhoto(grey, caption=text, filename=_GONE_NAME), **place)
        except BadRequest as error:
            if is_card_gone(error) or is_unchanged(error):
                return
            # In an album of files only a file can take the place of one.
            await self._bot.edit_message_media(InputMediaDocument(grey, caption=text, filename=_GONE_NAME), **place)


def _grey_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (_GONE_SIDE_PX, _GONE_SIDE_PX), _GONE_GREY).save(file, "PNG")
    return file.getvalue()
