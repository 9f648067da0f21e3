"""Presses of buttons, on messages of any age."""

from __future__ import annotations

from typing import Any, Final, assert_never

from telegram import CallbackQuery, InputFile, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import CallbackContext, ExtBot

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.calls import read_pressed
from adapters.telegram.desk import RETRIES, Asked, Desk
from adapters.telegram.errors import report
from adapters.telegram.handlers.answers import Answers
from adapters.telegram.keyboards import Action, Press, parse_press
from adapters.telegram.pictures import file_name
from adapters.telegram.timing import Timer
from adapters.telegram.wishes import actor_of
from bot.application import Application
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected
from bot.messages.cards import rejection_text
from bot.ports.images import PictureMissing
from bot.services.follow_up import Strength
from bot.services.submit import Origin, Submitted

DOUBLE_PRESS_S: Final = 2.0


class ButtonHandlers:
    """Answers a press at once, then does what it says; two presses within a moment are one."""

    def __init__(self, bot: ExtBot[int], application: Application, desk: Desk, timer: Timer, answers: Answers) -> None:
        self._bot = bot
        self._application = application
        self._desk = desk
        self._timer = timer
        self._answers = answers
        self._pressed_at: dict[tuple[int, int, str], float] = {}

    async def receive(self, update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Handle one press."""
        query = update.callback_query
        if query is None:
            return
        await self._acknowledge(query)
        if query.message is None or self._is_double(query):
            return
        if (press := parse_press(query.data)) is not None:
            await self._do(press, query)
        elif (said := read_pressed(query.data)) is not None:
            await self._answers.pressed(*said, query, _address_of(query))

    async def _acknowledge(self, query: CallbackQuery) -> None:
        try:
            await query.answer()
        except BadRequest:
            # Too old to be answered, because we were away; what was asked for is done all the same.
            return
        except TelegramError as error:
            report(error, "answering a press")

    def _is_double(self, query: CallbackQuery) -> bool:
        assert query.message is not None, "checked by the caller"
        now = self._timer.monotonic()
        self._pressed_at = {key: at for key, at in self._pressed_at.items() if now - at < DOUBLE_PRESS_S}
        key = (query.from_user.id, query.message.message_id, query.data or "")
        is_double = key in self._pressed_at
        self._pressed_at[key] = now
        return is_double

    async def _do(self, press: Press, query: CallbackQuery) -> None:
        assert query.message is not None, "checked by the caller"
        address = _address_of(query)
        actor = actor_of(query.from_user, query.message.chat)
        match press.action:
            case Action.CANCEL:
                await self._cancel(actor, press, address)
            case Action.ORIGINAL:
                await self._send_original(actor, press, address)
            case Action.REROLL | Action.VARY_SUBTLE | Action.VARY_STRONG:
                await self._follow_up(actor, press, address, query.id)
            case _:
                assert_never(press.action)

    async def _follow_up(self, actor: Actor, press: Press, address: ChatAddress, query_id: str) -> None:
        async def enter(origin: Origin) -> Submitted:
            match press.action:
                case Action.REROLL:
                    return await self._application.reroll(origin, press.job_id)
                case Action.VARY_SUBTLE:
                    return await self._vary(origin, press, Strength.SUBTLE)
                case _:
                    return await self._vary(origin, press, Strength.STRONG)

        event_key = f"{Platform.TELEGRAM.value}:press/{query_id}"
        await self._desk.take(Asked(actor, event_key, address), enter)

    async def _vary(self, origin: Origin, press: Press, strength: Strength) -> Submitted:
        return await self._application.vary(origin, press.job_id, press.index, strength.value)

    async def _cancel(self, actor: Actor, press: Press, address: ChatAddress) -> None:
        try:
            await self._application.cancel(actor, press.job_id)
        except Rejected as rejected:
            await self._refuse(actor, address, rejected)

    async def _send_original(self, actor: Actor, press: Press, address: ChatAddress) -> None:
        try:
            picture = await self._application.history.picture(actor, press.job_id, press.index)
            data = await self._application.images.get(picture.picture)
        except Rejected as rejected:
            await self._refuse(actor, address, rejected)
            return
        except PictureMissing:
            await self._say(actor, address, "reject-picture-unknown")
            return
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

    async def _refuse(self, actor: Actor, address: ChatAddress, rejected: Rejected) -> None:
        catalog = self._application.catalogs.for_locale(actor.locale)
        await self._desk.say(address, rejection_text(rejected, catalog))

    async def _say(self, actor: Actor, address: ChatAddress, key: str) -> None:
        await self._desk.say(address, self._application.catalogs.for_locale(actor.locale).text(key))


def _address_of(query: CallbackQuery) -> ChatAddress:
    """Answers go below the message whose button was pressed, also when it is too old for Telegram to show us."""
    message = query.message
    assert message is not None, "checked by the caller"
    thread_id = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None
    return ChatAddress(
        chat_id=message.chat.id,
        thread_id=thread_id,
        request_message_id=message.message_id,
        is_group=message.chat.type != ChatType.PRIVATE,
    )
