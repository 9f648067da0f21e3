"""Commands at the beginning of a text or a caption: `/imagine@our_bot a fox`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import Message

_COMMAND = re.compile(r"^/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+|$)")


class Command(StrEnum):
    """The commands that exist."""

    START = "start"
    HELP = "help"
    IMAGINE = "imagine"
    STYLE = "style"
    ME = "me"
    LINK = "link"
    HISTORY = "history"
    QUEUE = "queue"
    CANCEL = "cancel"

    @property
    def is_answered_with_words(self) -> bool:
        """Whether it asks about the person's own things, rather than for help or a picture."""
        return self in {Command.ME, Command.LINK, Command.HISTORY, Command.QUEUE, Command.CANCEL}


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says: its command if it has one, and the words after it.

    `is_unknown` is set for a command that we do not have; `is_for_another` for one that names another bot.
    """

    words: str
    command: Command | None = None
    is_unknown: bool = False
    is_for_another: bool = False


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
