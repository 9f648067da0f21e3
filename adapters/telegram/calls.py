"""A command as somebody gave it, and what it is answered with.

A command is typed, or pressed: the data of our buttons outside of results is the command that they stand for, such as
`/history a 310 fox`. So a button says everything itself, and works at any age and after any restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from adapters.telegram.addresses import ChatAddress
from adapters.telegram.commands import Command, read_words
from bot.domain.actors import Actor
from bot.messages.catalogs import Catalog

DATA_BYTES: Final = 64
Row = list[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class Call:
    """A command, who gives it, in which language and place they are answered.

    `messages` are the typed one or its album, none for a press; `pressed_id` is the message whose button it was.
    `event_key` names the platform's event.
    """

    command: Command
    words: str
    actor: Actor
    catalog: Catalog
    address: ChatAddress
    event_key: str
    messages: tuple[Message, ...] = ()
    pressed_id: int | None = None

    @property
    def is_private(self) -> bool:
        """Whether nobody else reads the answer."""
        return not self.address.is_group

    @property
    def answered(self) -> Message | None:
        """The message that the command replies to."""
        return self.messages[0].reply_to_message if self.messages else None

    def split(self) -> tuple[str, str]:
        """The first word in lower case, and the rest; empty where there is none."""
        verb, _, rest = self.words.partition(" ")
        return verb.lower(), rest.strip()


@dataclass(frozen=True, slots=True)
class Reply:
    """Words, and the buttons below them. The answer to a press takes the place of what was pressed."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    is_new: bool = False


def button(label: str, command: Command, *words: str | int) -> InlineKeyboardButton:
    """A button that says a command; its data must have at most 64 bytes."""
    data = " ".join([f"/{command.value}", *(str(word) for word in words)]).strip()
    assert len(data.encode()) <= DATA_BYTES, data
    return InlineKeyboardButton(label, callback_data=data)


def keyboard(*rows: Row) -> InlineKeyboardMarkup | None:
    """The rows that have buttons; None if there is none."""
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def read_pressed(data: str | None) -> tuple[Command, str] | None:
    """The command that a button says, and its words; None for the buttons of results."""
    said = read_words(data or "", "")
    return None if said.command is None else (said.command, said.words)
