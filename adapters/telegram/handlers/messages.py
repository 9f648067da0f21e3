"""Messages: commands, prompts, pictures and albums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import CallbackContext

from adapters.telegram.addresses import address_of
from adapters.telegram.albums import Albums
from adapters.telegram.commands import Command, Said, read_words, words_of
from adapters.telegram.desk import Desk, refusal_text
from adapters.telegram.errors import report
from adapters.telegram.flags import FlagWithoutValue, parse_flags
from adapters.telegram.handlers.answers import Answers
from adapters.telegram.handlers.corrections import Corrections
from adapters.telegram.handlers.questions import Questions, is_question
from adapters.telegram.handlers.remixes import Remixes, is_album_without_buttons, target_of
from adapters.telegram.handlers.reports import PictureReports, is_reason
from adapters.telegram.languages import Languages
from adapters.telegram.pictures import answered_picture, picture_in, unusable_in
from adapters.telegram.wishes import actor_of, read_wish
from bot.application import Application
from bot.domain.errors import Rejected
from bot.messages.catalogs import Catalog


@dataclass(frozen=True, slots=True)
class MessageParts:
    """Whoever does what messages say."""

    desk: Desk
    albums: Albums
    remixes: Remixes
    reports: PictureReports
    questions: Questions
    corrections: Corrections
    answers: Answers
    languages: Languages


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message or the messages of an album, who wrote them, what they say, and our own id."""

    messages: tuple[Message, ...]
    user: User
    said: Said
    bot_id: int

    @property
    def first(self) -> Message:
        """The message that is answered."""
        return self.messages[0]

    @property
    def is_private(self) -> bool:
        """Whether nobody else is in the chat."""
        return self.first.chat.type == ChatType.PRIVATE

    @property
    def has_pictures(self) -> bool:
        """Whether it brings a picture of its own."""
        return any(picture_in(one) is not None for one in self.messages)

    @property
    def is_meant_for_us(self) -> bool:
        """In private everything is; in groups commands are, and answers to our messages."""
        if self.said.is_for_another:
            return False
        if self.is_private or self.said.command is not None:
            return True
        answered = self.first.reply_to_message
        is_answer = answered is not None and answered.from_user is not None and answered.from_user.id == self.bot_id
        return is_answer and not self.said.is_unknown


class MessageHandlers:
    """In private everything said is meant for us; in groups only commands and answers to our messages are."""

    def __init__(self, application: Application, parts: MessageParts) -> None:
        self._application = application
        self._parts = parts

    async def receive(self, update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Handle one message; the messages of an album together."""
        message, user = update.message, update.effective_user
        if message is None or user is None or _is_from_machine(message, user):
            return
        messages: Sequence[Message] | None = (message,)
        if message.media_group_id is not None:
            messages = await self._parts.albums.gather(message)
        if messages is None:
            return
        heard = _hear(messages, user, context)
        if heard.is_meant_for_us:
            await self._guarded(heard, self._answer)

    async def receive_edited(self, update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Handle a message whose words, or caption, were changed."""
        message, user = update.edited_message, update.effective_user
        if message is None or user is None or _is_from_machine(message, user):
            return
        heard = _hear((message,), user, context)
        is_request = not (heard.said.is_unknown or _is_answered(heard)) and bool(words_of(message))
        if heard.is_meant_for_us and is_request:
            await self._guarded(heard, self._correct)

    async def _guarded(self, heard: _Heard, do: Any) -> None:
        """Every way it can fail ends in a sentence."""
        catalog = await self._parts.languages.catalog_of(actor_of(heard.user, heard.first.chat, heard.first))
        try:
            await do(heard, catalog)
        except (Rejected, FlagWithoutValue) as refusal:
            await self._say(heard, refusal_text(refusal, catalog))
        except TelegramError as error:
            report(error, "fetching a picture")
            await self._say(heard, catalog.text("telegram-picture-not-fetched"))
        except Exception as error:
            report(error, "answering a message")
            await self._say(heard, catalog.text("failure-internal"))

    async def _answer(self, heard: _Heard, catalog: Catalog) -> None:
        said = heard.said
        if said.command is None and is_reason(heard.first, heard.bot_id):
            await self._parts.reports.take(heard.first, heard.user, heard.bot_id, catalog)
        elif _is_answered(heard):
            await self._parts.answers.typed(said, heard.messages, heard.user)
        elif (hint := _hint(heard)) is not None:
            await self._say(heard, catalog.text(hint))
        elif heard.has_pictures and said.command is None and not said.words:
            await self._ask(heard, catalog)
        else:
            await self._request(heard)

    async def _ask(self, heard: _Heard, catalog: Catalog) -> None:
        if len(heard.messages) == 1:
            await self._parts.questions.ask(heard.first, catalog)
        else:
            await self._parts.questions.ask_about_album(heard.messages, heard.user, catalog)

    async def _request(self, heard: _Heard) -> None:
        target = target_of(heard.first, heard.bot_id)
        if target is not None and heard.said.command is None and not heard.has_pictures:
            flagged = parse_flags(heard.said.words)
            await self._parts.remixes.take(target, flagged, heard.first, heard.user)
        else:
            wish = read_wish(heard.messages, heard.user, heard.said, self._application.limits)
            await self._parts.desk.take_wish(wish)

    async def _correct(self, heard: _Heard, catalog: Catalog) -> None:
        target = target_of(heard.first, heard.bot_id) if heard.said.command is None and not heard.has_pictures else None
        await self._parts.corrections.take(heard.first, heard.user, heard.said, target, catalog)

    async def _say(self, heard: _Heard, text: str) -> None:
        await self._parts.desk.say(address_of(heard.first), text)


def _hear(messages: Sequence[Message], user: User, context: CallbackContext[Any, Any, Any, Any]) -> _Heard:
    # The words of an album stand below any of its pictures.
    speaking = next((one for one in messages if words_of(one)), messages[0])
    return _Heard(tuple(messages), user, read_words(words_of(speaking), context.bot.username), context.bot.id)


def _is_from_machine(message: Message, user: User) -> bool:
    """Other bots, and notices such as “joined the group”, ask for nothing."""
    says_something = bool(words_of(message)) or message.effective_attachment is not None
    is_chat_itself = message.sender_chat is not None
    return (user.is_bot and not is_chat_itself) or not says_something


def _is_answered(heard: _Heard) -> bool:
    """Whether it is a command that is no plain request: `/style` is one where it comes with a picture or a prompt."""
    said = heard.said
    if said.command is Command.STYLE and not said.is_about_saved_styles:
        return not said.words and not heard.has_pictures and answered_picture(heard.first) is None
    return said.command not in {None, Command.IMAGINE}


def _hint(heard: _Heard) -> str | None:
    """The key of the sentence that helps on, where a message can not be a request yet."""
    said, first = heard.said, heard.first
    if said.is_unknown:
        return "telegram-unknown-command"
    for message in heard.messages:
        if (unusable := unusable_in(message)) is not None:
            return unusable
    if heard.has_pictures:
        is_silent = said.command is None and not said.words
        return "telegram-picture-without-caption" if is_silent and not heard.is_private else None
    if said.command is not None:
        return _hint_for_command(said.command, first)
    if is_question(first.reply_to_message):
        return "telegram-choose-first"
    return "telegram-answer-the-buttons" if is_album_without_buttons(first, heard.bot_id) else None


def _hint_for_command(command: Command, message: Message) -> str | None:
    """Where a command takes the picture that it answers, and there is none that can be taken."""
    if answered_picture(message) is not None:
        return None
    if (unusable := unusable_in(message.reply_to_message)) is not None:
        return unusable
    return "telegram-style-without-picture" if command is Command.STYLE else None
