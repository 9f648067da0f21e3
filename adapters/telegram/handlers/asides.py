"""What buttons below a result do besides making pictures: look, keep, tell, delete."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup, InputFile
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.desk import RETRIES, Desk
from adapters.telegram.errors import is_card_gone, is_unchanged, report
from adapters.telegram.keyboards import Action, Press, erase_keyboard, result_keyboard
from adapters.telegram.pictures import file_name
from adapters.telegram.removal import Removal
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.messages.catalogs import Catalog
from bot.messages.recipes import info_text
from bot.messages.styles import tray_text
from bot.services.tray import TrayPlace


class Asides:
    """Each does what one button says. All raise `Rejected` and `TelegramError`."""

    def __init__(self, bot: ExtBot[int], application: Application, desk: Desk, removal: Removal) -> None:
        self._bot = bot
        self._application = application
        self._desk = desk
        self._removal = removal

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
        await self._removal.take_away(
            address.chat_id, press.album, address.request_message_id, catalog, may_remove=may_remove
        )

    async def _put_keyboard(self, address: ChatAddress, keyboard: InlineKeyboardMarkup) -> None:
        try:
            await self._bot.edit_message_reply_markup(
                address.chat_id, address.request_message_id, reply_markup=keyboard, rate_limit_args=RETRIES
            )
        except BadRequest as error:
            if not (is_card_gone(error) or is_unchanged(error)):
                raise
