"""What buttons below a result do besides making pictures: look, keep, tell, delete."""

from __future__ import annotations

import asyncio
import io
from typing import Any, Final

from PIL import Image
from telegram import InlineKeyboardMarkup, InputFile, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.desk import RETRIES, Desk
from adapters.telegram.errors import is_card_gone, is_delete_refused, is_unchanged, report
from adapters.telegram.keyboards import Action, Press, erase_keyboard, result_keyboard
from adapters.telegram.pictures import file_name
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.messages.catalogs import Catalog
from bot.messages.recipes import info_text
from bot.messages.styles import tray_text
from bot.services.tray import TrayPlace

_GONE_SIDE_PX: Final = 256
_GONE_NAME: Final = "deleted.png"
_GONE_GREY: Final = (128, 128, 128)


class Asides:
    """Each does what one button says. All raise `Rejected` and `TelegramError`."""

    def __init__(self, bot: ExtBot[int], application: Application, desk: Desk) -> None:
        self._bot = bot
        self._application = application
        self._desk = desk

    async def send_original(self, actor: Actor, press: Press, address: ChatAddress) -> None:
        """The file as it was made, untouched by Telegram. Raises `PictureMissing` too."""
        picture = await self._application.history.picture(actor, press.job_id, press.index)
        data = await self._application.images.get(picture.picture)
        try:
            await self._bot.send_document(
                address.chat_id,
                InputFile(data, filename=file_name(press.job_id, press.index)),
                message_thread_id=address.thread_id,
                reply_parameters=address.reply_parameters,
                disable_content_type_detection=True,
                rate_limit_args=RETRIES,
            )
        except Forbidden as error:
            report(error, "sending an original")

    async def tell(self, actor: Actor, press: Press, address: ChatAddress, catalog: Catalog) -> None:
        """Everything needed to make the picture again."""
        job = await self._application.history.job(actor, press.job_id)
        picture = next((one for one in job.pictures if one.index == press.index), None)
        if picture is None:
            raise Rejected(Rejection.PICTURE_UNKNOWN)
        await self._desk.say(address, info_text(job, picture, catalog))

    async def lay_into_tray(self, actor: Actor, press: Press, address: ChatAddress, catalog: Catalog) -> None:
        """Pick the picture for the person's next request."""
        place = TrayPlace.SUBJECT if press.action is Action.AS_SUBJECT else TrayPlace.STYLE
        tray = await self._application.tray.put_result(actor, press.job_id, press.index, place)
        await self._desk.say(address, tray_text(tray, catalog))

    async def pick(self, actor: Actor, press: Press, address: ChatAddress) -> None:
        """Let the buttons be about another picture; also the way back from “are you sure?”."""
        job = await self._application.history.job(actor, press.job_id)
        catalog = self._application.catalogs.for_locale(job.locale)
        await self._put_keyboard(address, result_keyboard(job, catalog, chosen=press.index, album=press.album))

    async def ask_whether_sure(self, actor: Actor, press: Press, address: ChatAddress, catalog: Catalog) -> None:
        """Put the question in the place of the buttons, for those who may delete."""
        job = await self._application.history.deletable(actor, press.job_id)
        await self._put_keyboard(address, erase_keyboard(job, press, catalog))

    async def erase(
        self, actor: Actor, press: Press, address: ChatAddress, catalog: Catalog, *, may_remove: bool
    ) -> None:
        """Delete a result, then its messages; of those too old for that, what they showed.

        `may_remove` tells that the messages are known to be the result's: other people's could be removed, while
        emptying reaches none but our own.
        """
        await self._application.history.delete(actor, press.job_id)
        take_away = self._take_away if may_remove else self._empty_old
        for message_id in press.album:
            await take_away(address.chat_id, message_id, catalog, is_picture=True)
        if address.request_message_id is not None:
            is_picture = not press.album
            await take_away(address.chat_id, address.request_message_id, catalog, is_picture=is_picture)

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

    async def _put_keyboard(self, address: ChatAddress, keyboard: InlineKeyboardMarkup) -> None:
        try:
            await self._bot.edit_message_reply_markup(
                address.chat_id, address.request_message_id, reply_markup=keyboard, rate_limit_args=RETRIES
            )
        except BadRequest as error:
            if not (is_card_gone(error) or is_unchanged(error)):
                raise


def _grey_picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (_GONE_SIDE_PX, _GONE_SIDE_PX), _GONE_GREY).save(file, "PNG")
    return file.getvalue()
