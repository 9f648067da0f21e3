"""Presses of buttons, on messages of any age."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar, assert_never

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.ext import CallbackContext

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.calls import read_pressed
from adapters.telegram.commands import Command
from adapters.telegram.desk import Asked, Desk
from adapters.telegram.errors import report
from adapters.telegram.handlers.answers import Answers
from adapters.telegram.handlers.asides import Asides
from adapters.telegram.handlers.questions import Choice, Questions, parse_choice
from adapters.telegram.handlers.remixes import Remixes, Target
from adapters.telegram.handlers.reports import PictureReports
from adapters.telegram.keyboards import Action, Press, parse_press
from adapters.telegram.languages import Languages
from adapters.telegram.moderators import Moderators
from adapters.telegram.timing import Timer
from adapters.telegram.wishes import actor_of
from bot.application import Application
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected, Rejection
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog
from bot.ports.images import PictureMissing
from bot.services.follow_up import Strength
from bot.services.submit import Origin, Submitted

DOUBLE_PRESS_S: Final = 2.0
_TOAST_CHARS: Final = 200
_CHANGES_MESSAGES: Final = frozenset({Action.PICK, Action.DELETE, Action.ERASE, Action.REPORT})
"""What names messages to change: with a client of their own, anybody can send such data about any of our messages."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ButtonParts:
    """Whoever does what buttons say."""

    desk: Desk
    asides: Asides
    remixes: Remixes
    reports: PictureReports
    questions: Questions
    languages: Languages
    moderators: Moderators
    answers: Answers


class ButtonHandlers:
    """Answers a press at once, then does what it says; two presses within a moment are one."""

    def __init__(self, application: Application, parts: ButtonParts, timer: Timer) -> None:
        self._application = application
        self._parts = parts
        self._timer = timer
        self._pressed_at: dict[tuple[int, int, str], float] = {}

    async def receive(self, update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Handle one press."""
        query = update.callback_query
        if query is None:
            return
        pressed = parse_press(query.data) or parse_choice(query.data) or read_pressed(query.data)
        if pressed is None or query.message is None or self._is_double(query):
            await _acknowledge(query)
        elif isinstance(pressed, Press) and pressed.action is Action.FAVOURITE:
            # The one press whose answer is nothing but a few words: they go where Telegram shows them in passing.
            await self._favour(pressed, query)
        else:
            await _acknowledge(query)
            await self._do(pressed, query)

    def _is_double(self, query: CallbackQuery) -> bool:
        assert query.message is not None, "checked by the caller"
        now = self._timer.monotonic()
        self._pressed_at = {key: at for key, at in self._pressed_at.items() if now - at < DOUBLE_PRESS_S}
        key = (query.from_user.id, query.message.message_id, query.data or "")
        is_double = key in self._pressed_at
        self._pressed_at[key] = now
        return is_double

    async def _do(self, pressed: Press | Choice | tuple[Command, str], query: CallbackQuery) -> None:
        """Do what was pressed; every way it can fail ends in a sentence."""
        address = _address_of(query)
        catalog = await self._parts.languages.catalog_of(_presser(query))
        try:
            if isinstance(pressed, Press):
                await self._act(pressed, query, address, catalog)
            elif isinstance(pressed, Choice):
                below = address.with_card(address.request_message_id)
                await self._parts.questions.answer(query, pressed, below, catalog)
            else:
                await self._parts.answers.pressed(*pressed, query, address)
        except Rejected as rejected:
            await self._parts.desk.say(address, rejection_text(rejected, catalog))
        except PictureMissing:
            await self._parts.desk.say(address, catalog.text("reject-picture-unknown"))
        except TelegramError as error:
            report(error, "doing what a button says")
        except Exception as error:
            report(error, "doing what a button says")
            await self._parts.desk.say(address, catalog.text("failure-internal"))

    async def _act(self, press: Press, query: CallbackQuery, address: ChatAddress, catalog: Catalog) -> None:
        asides, actor = self._parts.asides, _presser(query)
        # Of old messages the library makes a message too, with nothing in it.
        is_accessible = query.message is not None and query.message.is_accessible
        if press.action in _CHANGES_MESSAGES and is_accessible and not _is_on_message(query):
            return  # no client of Telegram's own sends this
        match press.action:
            case Action.ORIGINAL | Action.INFO | Action.AS_SUBJECT | Action.AS_STYLE | Action.PICK:
                await self._look_closer(actor, press, address, catalog)
            case Action.CANCEL:
                await self._allowed(query, lambda one: self._application.cancel(one, press.job_id))
            case Action.DELETE:
                await self._allowed(query, lambda one: asides.ask_whether_sure(one, press, address, catalog))
            case Action.ERASE:
                erase = partial(asides.erase, press=press, address=address, catalog=catalog, may_remove=is_accessible)
                await self._allowed(query, erase)
            case Action.REPORT:
                await self._parts.reports.ask(press, query.from_user, address, catalog, is_known=is_accessible)
            case Action.REMIX:
                target = Target(press.job_id, press.index)
                await self._parts.remixes.ask(target, query.from_user, actor, address, catalog)
            case Action.REROLL | Action.VARY_SUBTLE | Action.VARY_STRONG | Action.UPSCALE | Action.SWAP:
                await self._follow_up(actor, press, address, query.id)
            case Action.FAVOURITE:
                raise AssertionError("answered with the press itself")
            case _:
                assert_never(press.action)

    async def _look_closer(self, actor: Actor, press: Press, address: ChatAddress, catalog: Catalog) -> None:
        asides = self._parts.asides
        match press.action:
            case Action.ORIGINAL:
                await asides.send_original(actor, press, address)
            case Action.INFO:
                await asides.tell(actor, press, address, catalog)
            case Action.PICK:
                await asides.pick(actor, press, address)
            case _:
                await asides.lay_into_tray(actor, press, address, catalog)

    async def _favour(self, press: Press, query: CallbackQuery) -> None:
        actor = _presser(query)
        catalog = await self._parts.languages.catalog_of(actor)
        try:
            is_on = await self._application.history.toggle_favourite(actor, press.job_id, press.index)
            text = catalog.text("favourite-on" if is_on else "favourite-off")
        except Rejected as rejected:
            text = rejection_text(rejected, catalog)
        except Exception as error:
            report(error, "marking a favourite")
            text = catalog.text("failure-internal")
        if not await _acknowledge(query, text[:_TOAST_CHARS]):
            await self._parts.desk.say(_address_of(query), text)

    async def _allowed(self, query: CallbackQuery, do: Callable[[Actor], Awaitable[T]]) -> T:
        """Do what its owner may, or a moderator; Telegram is asked who that is only where somebody else presses."""
        assert query.message is not None, "checked by the caller"
        actor = _presser(query)
        try:
            return await do(actor)
        except Rejected as rejected:
            if rejected.rejection is not Rejection.JOB_NOT_YOURS:
                raise
            if not await self._parts.moderators.include(query.from_user, query.message.chat):
                raise
        return await do(replace(actor, is_moderator=True))

    async def _follow_up(self, actor: Actor, press: Press, address: ChatAddress, query_id: str) -> None:
        async def enter(origin: Origin) -> Submitted:
            application = self._application
            match press.action:
                case Action.REROLL:
                    return await application.reroll(origin, press.job_id)
                case Action.VARY_SUBTLE:
                    return await application.vary(origin, press.job_id, press.index, Strength.SUBTLE.value)
                case Action.VARY_STRONG:
                    return await application.vary(origin, press.job_id, press.index, Strength.STRONG.value)
                case Action.UPSCALE:
                    return await application.upscale(origin, press.job_id, press.index)
                case _:
                    return await application.swap_roles(origin, press.job_id)

        event_key = f"{Platform.TELEGRAM.value}:press/{query_id}"
        await self._parts.desk.take(Asked(actor, event_key, address), enter)


async def _acknowledge(query: CallbackQuery, text: str | None = None) -> bool:
    """Answer a press; False if Telegram takes no answer any more."""
    try:
        await query.answer(text)
    except BadRequest:
        # Too old to be answered, because we were away; what was asked for is done all the same.
        return False
    except TelegramError as error:
        report(error, "answering a press")
        return False
    return True


def _is_on_message(query: CallbackQuery) -> bool:
    """Whether a button of the message says what was pressed; Telegram itself tells us its buttons."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup is not None else ()
    return any(button.callback_data == query.data for row in rows for button in row)


def _presser(query: CallbackQuery) -> Actor:
    assert query.message is not None, "checked by the caller"
    return actor_of(query.from_user, query.message.chat)


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
