"""Pictures without words, in private: what is each of them for? What was answered lies in the tray."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, assert_never

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, User

from adapters.telegram.addresses import ChatAddress, address_of
from adapters.telegram.desk import Asked, Desk
from adapters.telegram.pictures import PictureDownloads, SentPicture, picture_in
from adapters.telegram.wishes import actor_of
from bot.application import Application
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Draft
from bot.domain.styles import Tray
from bot.messages.catalogs import Catalog
from bot.messages.styles import tray_text
from bot.services.submit import Origin, Submitted
from bot.services.tray import TrayPlace

_PREFIX: Final = "q:"


class Choice(StrEnum):
    """What can be answered; the letters stay as they are for ever, because old messages carry them."""

    SUBJECT = "s"
    STYLE = "t"
    BOTH = "b"
    GO = "g"
    SWAP = "w"


_PLACES: Final = {
    Choice.SUBJECT: (TrayPlace.SUBJECT,),
    Choice.STYLE: (TrayPlace.STYLE,),
    Choice.BOTH: (TrayPlace.SUBJECT, TrayPlace.STYLE),
}


def parse_choice(data: str | None) -> Choice | None:
    """Read the data of a question's button; None for anything else."""
    if data is None or not data.startswith(_PREFIX):
        return None
    try:
        return Choice(data.removeprefix(_PREFIX))
    except ValueError:
        return None


def is_question(message: Message | None) -> bool:
    """Whether a message is one of our questions and still has its buttons."""
    if message is None or message.reply_markup is None:
        return False
    buttons = [button for row in message.reply_markup.inline_keyboard for button in row]
    return any(parse_choice(str(button.callback_data)) is not None for button in buttons)


class Questions:
    """Asks, and does what is answered.

    Nothing is remembered meanwhile: the question answers the message with the picture, so whoever presses a button
    shows us the picture again; an album lies in the tray before it is asked about.
    """

    def __init__(self, application: Application, desk: Desk, downloads: PictureDownloads) -> None:
        self._application = application
        self._desk = desk
        self._downloads = downloads

    async def ask(self, message: Message, catalog: Catalog) -> None:
        """Subject, style or both?"""
        row = [
            _button(catalog, "telegram-button-as-subject", Choice.SUBJECT),
            _button(catalog, "telegram-button-as-style", Choice.STYLE),
            _button(catalog, "telegram-button-as-both", Choice.BOTH),
        ]
        markup = InlineKeyboardMarkup([row])
        await self._desk.say(address_of(message), catalog.text("telegram-picture-question"), markup)

    async def ask_about_album(self, messages: Sequence[Message], user: User, catalog: Catalog) -> None:
        """Lay an album into the tray, in order, and ask whether it is right. Raises `Rejected`, `TelegramError`."""
        first = messages[0]
        pictures = [picture for one in messages if (picture := picture_in(one)) is not None]
        limit = self._application.limits.max_styles
        if len(pictures) > limit + 1:
            raise Rejected(Rejection.TOO_MANY_STYLES, limit=limit, given=len(pictures) - 1)
        subject, *styles = [await self._downloads.get(picture) for picture in pictures]
        tray = await self._application.tray.fill(actor_of(user, first.chat, first), subject, styles)
        await self._desk.say(address_of(first), _next_text(tray, catalog), _next_keyboard(tray, catalog))

    async def answer(self, query: CallbackQuery, choice: Choice, address: ChatAddress, catalog: Catalog) -> None:
        """Do what was pressed. Raises `Rejected`, `TelegramError`."""
        assert query.message is not None, "checked by the caller"
        actor = actor_of(query.from_user, query.message.chat)
        match choice:
            case Choice.SUBJECT | Choice.STYLE | Choice.BOTH:
                picture = picture_in(query.message.reply_to_message) if isinstance(query.message, Message) else None
                if picture is None:
                    await self._desk.change(address, catalog.text("telegram-question-picture-gone"))
                    return
                await self._show(await self._lay(actor, picture, choice), address, catalog)
            case Choice.SWAP:
                await self._show(await self._application.tray.swap(actor), address, catalog)
            case Choice.GO:
                await self._draw(Asked(actor, f"{Platform.TELEGRAM.value}:press/{query.id}", address))
            case _:
                assert_never(choice)

    async def _lay(self, actor: Actor, sent: SentPicture, choice: Choice) -> Tray:
        data = await self._downloads.get(sent)
        tray = Tray()
        for place in _PLACES[choice]:
            tray = await self._application.tray.put(actor, data, place)
        return tray

    async def _show(self, tray: Tray, address: ChatAddress, catalog: Catalog) -> None:
        await self._desk.change(address, _next_text(tray, catalog), _next_keyboard(tray, catalog))

    async def _draw(self, asked: Asked) -> None:
        async def enter(origin: Origin) -> Submitted:
            return await self._application.submit(origin, Draft(use_tray=True))

        await self._desk.take(asked, enter)


def _next_text(tray: Tray, catalog: Catalog) -> str:
    """What lies in the tray, and what to do next."""
    return f"{tray_text(tray, catalog)}\n\n{catalog.text('telegram-tray-next')}"


def _next_keyboard(tray: Tray, catalog: Catalog) -> InlineKeyboardMarkup | None:
    if tray.subject is None or not tray.styles:
        return None
    go = _button(catalog, "telegram-button-keep-layout", Choice.GO)
    return InlineKeyboardMarkup([[go], [_button(catalog, "telegram-button-swap", Choice.SWAP)]])


def _button(catalog: Catalog, key: str, choice: Choice) -> InlineKeyboardButton:
    return InlineKeyboardButton(catalog.text(key), callback_data=_PREFIX + choice.value)
