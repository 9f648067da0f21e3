"""Commands at the beginning of a text or a caption: `/imagine@our_bot a fox`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import Message

_COMMAND = re.compile(r"^/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+|$)")


class Command(StrEnum):
    """The commands that exist, as people type them."""

    START = "start"
    HELP = "help"
    IMAGINE = "imagine"
    RESTYLE = "restyle"
    SWEEP = "sweep"
    GRID = "grid"
    STYLE = "style"
    TRAY = "tray"
    SHOW = "show"
    REPEAT = "repeat"
    INFO = "info"
    UPSCALE = "upscale"
    HISTORY = "history"
    QUEUE = "queue"
    CANCEL = "cancel"
    ME = "me"
    LINK = "link"
    SETTINGS = "settings"
    PRIVACY = "privacy"
    ADMIN = "admin"


class StyleVerb(StrEnum):
    """What can be done with saved styles; after `/style` another word begins a prompt."""

    SAVE = "save"
    LIST = "list"
    SHOW = "show"
    USE = "use"
    SHARE = "share"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says: its command if it has one, and the words after it.

    `is_unknown` is set for a command that we do not have; `is_for_another` for one that names another bot.
    """

    words: str
    command: Command | None = None
    is_unknown: bool = False
    is_for_another: bool = False

    @property
    def verb(self) -> str:
        """The first word after the command, in lower case; empty where there is none."""
        return self.words.split(maxsplit=1)[0].lower() if self.words else ""

    @property
    def is_about_saved_styles(self) -> bool:
        """Whether it is `/style` with one of its verbs, and no prompt."""
        return self.command is Command.STYLE and self.verb in set(StyleVerb)


def words_of(message: Message) -> str:
    """The text of a message, or the caption of its picture."""
    return message.text or message.caption or ""


def read_words(text: str, bot_username: str) -> Said:
    """Take the command off the beginning of `text`."""
    found = _COMMAND.match(text)
    if found is None:
        return Said(text.strip())
    words = text[found.end() :].strip()
    named = found["bot"]
    if named is not None and named.lower() != bot_username.lower():
        return Said(words, is_for_another=True)
    try:
        return Said(words, Command(found["name"].lower()))
    except ValueError:
        return Said(words, is_unknown=True)
