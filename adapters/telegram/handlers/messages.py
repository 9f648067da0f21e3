"""Messages: commands, prompts, pictures and albums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import CallbackContext

from adapters.telegram.addresses import address_of
from adapters.telegram.albums import Albums
from adapters.telegram.commands import Command, Said, read_words, words_of
from adapters.telegram.desk import Desk, refusal_text
from adapters.telegram.flags import FlagWithoutValue
from adapters.telegram.handlers.answers import Answers
from adapters.telegram.pictures import picture_in
from adapters.telegram.wishes import read_wish
from bot.application import Application
from bot.domain.errors import Rejected
from bot.messages.catalogs import Catalog


class MessageHandlers:
    """In private everything said is meant for us; in groups only commands and answers to our messages are."""

    def __init__(self, application: Application, desk: Desk, albums: Albums, answers: Answers) -> None:
        self._application = application
        self._desk = desk
        self._albums = albums
        self._answers = answers

    async def receive(self, update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Handle one message; the messages of an album together."""
        message, user = update.message, update.effective_user
        if message is None or user is None or _is_from_machine(message, user):
            return
        messages: Sequence[Message] | None = (message,)
        if message.media_group_id is not None:
            messages = await self._albums.gather(message)
        if messages is not None:
            await self._answer(messages, user, context.bot.id, context.bot.username)

    async def _answer(self, messages: Sequence[Message], user: User, bot_id: int, bot_username: str) -> None:
        # The words of an album stand below any of its pictures.
        speaking = next((one for one in messages if words_of(one)), messages[0])
        said = read_words(words_of(speaking), bot_username)
        is_private = speaking.chat.type == ChatType.PRIVATE
        if said.is_for_another or not (is_private or _is_meant_for_us(messages, said, bot_id)):
            return
        catalog = self._application.catalogs.for_locale(user.language_code)
        if _is_answered(messages, said):
            await self._answers.typed(said, messages, user)
        elif (hint := _hint(messages, said)) is not None:
            await self._say(messages[0], catalog.text(hint))
        else:
            await self._request(messages, user, said, catalog)

    async def _request(self, messages: Sequence[Message], user: User, said: Said, catalog: Catalog) -> None:
        try:
            wish = read_wish(messages, user, said, self._application.limits)
        except (Rejected, FlagWithoutValue) as refusal:
            await self._say(messages[0], refusal_text(refusal, catalog))
            return
        await self._desk.take_wish(wish)

    async def _say(self, message: Message, text: str) -> None:
        await self._desk.say(address_of(message), text)


def _is_from_machine(message: Message, user: User) -> bool:
    """Other bots, and notices such as “joined the group”, ask for nothing."""
    says_something = bool(words_of(message)) or message.effective_attachment is not None
    is_chat_itself = message.sender_chat is not None
    return (user.is_bot and not is_chat_itself) or not says_something


def _is_meant_for_us(messages: Sequence[Message], said: Said, bot_id: int) -> bool:
    if said.command is not None:
        return True
    if said.is_unknown:
        return False
    answered = messages[0].reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == bot_id


def _is_answered(messages: Sequence[Message], said: Said) -> bool:
    """Whether it is a command that is no plain request: `/style` is one where it comes with a picture and no verb."""
    if said.command is Command.STYLE and not said.is_about_saved_styles:
        pictures = (*messages, *([messages[0].reply_to_message] if messages[0].reply_to_message else ()))
        return said.words == "" and all(picture_in(one) is None for one in pictures)
    return said.command not in {None, Command.IMAGINE}


def _hint(messages: Sequence[Message], said: Said) -> str | None:
    """The key of the sentence that helps on, where a message can not be a request yet."""
    if said.is_unknown:
        return "telegram-unknown-command"
    pictures = [picture_in(one) for one in messages]
    if any(
        one is None and message.effective_attachment is not None
        for one, message in zip(pictures, messages, strict=True)
    ):
        return "reject-not-a-picture"
    if said.command is Command.STYLE and pictures == [None] and picture_in(messages[0].reply_to_message) is None:
        return "telegram-style-without-picture"
    if said.command is None and len(messages) == 1 and pictures[0] is not None and not said.words:
        return "telegram-picture-without-caption"
    return None
