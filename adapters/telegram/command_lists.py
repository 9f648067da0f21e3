"""The commands in Telegram's menu: by language, and by who sees them; told to Telegram only when they changed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.ext import ExtBot

from adapters.telegram.commands import Command
from bot.messages.catalogs import FALLBACK_LOCALE, Catalog, Catalogs

log = logging.getLogger(__name__)

_ANYWHERE: Final = (
    Command.IMAGINE,
    Command.RESTYLE,
    Command.SWEEP,
    Command.GRID,
    Command.UPSCALE,
    Command.STYLE,
    Command.SHOW,
    Command.REPEAT,
    Command.INFO,
    Command.QUEUE,
    Command.CANCEL,
    Command.HELP,
)
_IN_PRIVATE: Final = (
    *_ANYWHERE[:-1],
    Command.TRAY,
    Command.HISTORY,
    Command.ME,
    Command.SETTINGS,
    Command.LINK,
    Command.PRIVACY,
    Command.HELP,
)
_FOR_ADMINISTRATORS: Final = (*_ANYWHERE, Command.ADMIN)
# What reads differently in a chat without option fields.
_OWN_WORDS: Final = frozenset(
    {
        Command.IMAGINE,
        Command.STYLE,
        Command.GRID,
        Command.UPSCALE,
        Command.INFO,
        Command.SETTINGS,
        Command.HELP,
    }
)


@dataclass(frozen=True, slots=True)
class CommandList:
    """What is in the menu of those whom `scope` names, in one language; without a language for all others."""

    scope: BotCommandScope
    language: str | None
    commands: tuple[BotCommand, ...]


def command_lists(catalogs: Catalogs) -> Iterator[CommandList]:
    """Every list there is."""
    for scope, commands in (
        (BotCommandScopeAllPrivateChats(), _IN_PRIVATE),
        (BotCommandScopeAllGroupChats(), _ANYWHERE),
        (BotCommandScopeAllChatAdministrators(), _FOR_ADMINISTRATORS),
    ):
        for locale in catalogs.locales:
            catalog = catalogs.for_locale(locale)
            language = None if locale == FALLBACK_LOCALE else locale
            named = tuple(BotCommand(command.value, _description(command, catalog)) for command in commands)
            yield CommandList(scope, language, named)


class CommandMenu:
    """Keeps the hash of the last lists that Telegram took, one small file a bot."""

    def __init__(self, bot: ExtBot[int], catalogs: Catalogs, folder: Path | None) -> None:
        self._bot = bot
        self._lists = tuple(command_lists(catalogs))
        self._folder = folder

    async def tell(self) -> bool:
        """Send the lists if they differ from the last ones sent; returns whether they were. Raises `TelegramError`."""
        mark, digest = self._mark(), self._digest()
        if mark is not None and mark.is_file() and mark.read_text(encoding="ascii") == digest:
            return False
        for one in self._lists:
            await self._bot.set_my_commands(one.commands, scope=one.scope, language_code=one.language)
        # The lists of before were for everybody; what has no list of its own would still see them.
        await self._bot.delete_my_commands()
        log.info("told Telegram of %d lists of commands", len(self._lists))
        if mark is not None:
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.write_text(digest, encoding="ascii")
        return True

    def _mark(self) -> Path | None:
        return None if self._folder is None else self._folder / f"telegram-commands-{self._bot.id}.sha256"

    def _digest(self) -> str:
        """Of the lists, and of where they would go."""
        lists = [
            [one.scope.to_dict(), one.language, [command.to_dict() for command in one.commands]] for one in self._lists
        ]
        return hashlib.sha256(
            json.dumps([self._bot.base_url.rpartition("/")[0], lists], sort_keys=True).encode()
        ).hexdigest()


def _description(command: Command, catalog: Catalog) -> str:
    prefix = "telegram-command" if command in _OWN_WORDS else "command"
    return catalog.text(f"{prefix}-{command.value}")
