"""Commands, typed or pressed: who may give them where, who answers them, and what happens when that fails."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from telegram import CallbackQuery, Message, User
from telegram.error import TelegramError

from adapters.telegram.addresses import ChatAddress, address_of
from adapters.telegram.calls import Call, Reply
from adapters.telegram.commands import Command, Said
from adapters.telegram.desk import refusal_text
from adapters.telegram.errors import report
from adapters.telegram.flags import FlagWithoutValue
from adapters.telegram.handlers.accounts import link, me
from adapters.telegram.handlers.administration import admin
from adapters.telegram.handlers.drawing import grid, restyle, sweep
from adapters.telegram.handlers.helping import help_, start
from adapters.telegram.handlers.histories import cancel, history, queue
from adapters.telegram.handlers.inspecting import info
from adapters.telegram.handlers.privacy import privacy
from adapters.telegram.handlers.repeating import repeat
from adapters.telegram.handlers.settings import settings
from adapters.telegram.handlers.showing import show
from adapters.telegram.handlers.styles import style
from adapters.telegram.handlers.tools import Handler, Tools
from adapters.telegram.handlers.trays import tray
from adapters.telegram.handlers.upscaling import upscale
from adapters.telegram.moderators import Moderators
from adapters.telegram.wishes import actor_of, event_key_of
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected

log = logging.getLogger(__name__)

_HANDLERS: Final[Mapping[Command, Handler]] = {
    Command.ADMIN: admin,
    Command.CANCEL: cancel,
    Command.GRID: grid,
    Command.HELP: help_,
    Command.HISTORY: history,
    Command.INFO: info,
    Command.LINK: link,
    Command.ME: me,
    Command.PRIVACY: privacy,
    Command.QUEUE: queue,
    Command.REPEAT: repeat,
    Command.RESTYLE: restyle,
    Command.SETTINGS: settings,
    Command.SHOW: show,
    Command.START: start,
    Command.STYLE: style,
    Command.SWEEP: sweep,
    Command.TRAY: tray,
    Command.UPSCALE: upscale,
}
_PRIVATE_ONLY: Final = frozenset(
    {Command.HISTORY, Command.LINK, Command.ME, Command.PRIVACY, Command.SETTINGS, Command.TRAY}
)
# Our own buttons say these; other data comes from clients that make it up.
_PRESSED: Final = frozenset(
    {
        Command.ADMIN,
        Command.CANCEL,
        Command.HISTORY,
        Command.LINK,
        Command.PRIVACY,
        Command.SETTINGS,
        Command.SHOW,
        Command.STYLE,
        Command.TRAY,
    }
)
_PRESSED_WITH: Final[Mapping[Command, str]] = {Command.ADMIN: "reports "}
# What a moderator may do that others may not; only for these Telegram is asked.
_MODERATED: Final = frozenset({Command.ADMIN, Command.CANCEL, Command.HELP, Command.STYLE})


class Answers:
    """Answers every command that is no plain request for a picture."""

    def __init__(self, tools: Tools, moderators: Moderators) -> None:
        self._tools = tools
        self._moderators = moderators

    async def typed(self, said: Said, messages: Sequence[Message], user: User) -> None:
        """Answer a command that stands in a message or below an album."""
        assert said.command is not None, "checked by the caller"
        first = messages[0]
        actor = actor_of(user, first.chat, first)
        if said.command in _MODERATED:
            actor = replace(actor, is_moderator=await self._moderators.include(user, first.chat, first))
        call = await self._call(said.command, said.words, actor, address_of(first), event_key_of(first))
        await self._answer(replace(call, messages=tuple(messages)))

    async def pressed(self, command: Command, words: str, query: CallbackQuery, address: ChatAddress) -> None:
        """Answer a button that says a command."""
        assert query.message is not None, "checked by the caller"
        if command not in _PRESSED or not words.startswith(_PRESSED_WITH.get(command, "")):
            return
        actor = actor_of(query.from_user, query.message.chat)
        if command in _MODERATED:
            actor = replace(actor, is_moderator=await self._moderators.include(query.from_user, query.message.chat))
        event_key = f"{Platform.TELEGRAM.value}:press/{query.id}"
        call = await self._call(command, words, actor, address, event_key)
        await self._answer(replace(call, pressed_id=query.message.message_id))

    async def _call(self, command: Command, words: str, actor: Actor, address: ChatAddress, event_key: str) -> Call:
        try:
            locale = await self._tools.application.preferences.locale_of(actor)
        except Rejected:
            locale = actor.locale  # the database is away for a moment; what follows will say so
        return Call(command, words, actor, self._tools.application.catalogs.for_locale(locale), address, event_key)

    async def _answer(self, call: Call) -> None:
        reply = await self._find(call)
        if reply is None:
            return
        if call.pressed_id is None or reply.is_new:
            await self._tools.voice.say(call.address, reply.text, reply.keyboard)
        else:
            await self._tools.voice.change(call.address, call.pressed_id, reply.text, reply.keyboard)

    async def _find(self, call: Call) -> Reply | None:
        if call.command in _PRIVATE_ONLY and not call.is_private:
            return Reply(call.catalog.text("telegram-private-only"), is_new=True)
        try:
            return await _HANDLERS[call.command](self._tools, call)
        except (Rejected, FlagWithoutValue) as refusal:
            return Reply(refusal_text(refusal, call.catalog), is_new=True)
        except TelegramError as error:
            report(error, f"answering /{call.command.value}")
            return Reply(call.catalog.text("telegram-picture-not-fetched"), is_new=True)
        except Exception:
            log.exception("/%s failed", call.command.value)
            return Reply(call.catalog.text("failure-internal"), is_new=True)
