"""Style cards and the tray: pictures picked once, used again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.actors import Server, UserId
from bot.domain.identifiers import new_identifier
from bot.domain.requests import PictureHash

StyleId = str
Shelf = str
"""Whose cards: `user:ID` or `server:PLATFORM:ID`. A name is there once on a shelf."""

STYLE_NAME_CHARS: Final = 40
_ID_LENGTH: Final = 8
_SERVER_SHELF: Final = "server:"


def new_style_id() -> StyleId:
    """Draw an id of 8 characters (40 random bits)."""
    return new_identifier(_ID_LENGTH)


def user_shelf(user_id: UserId) -> Shelf:
    """A person's own cards."""
    return f"user:{user_id}"


def server_shelf(server: Server) -> Shelf:
    """The cards that everybody in a server sees."""
    return f"{_SERVER_SHELF}{server.platform.value}:{server.external_id}"


def style_key(name: str) -> str:
    """The form of a card's name by which it is found: case and spaces do not matter."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class StyleCard:
    """One or two style pictures under a name; `owner` may change and delete it. `created_at` is UTC."""

    id: StyleId
    shelf: Shelf
    name: str
    owner: UserId
    pictures: tuple[PictureHash, ...]
    created_at: datetime

    @property
    def is_shared(self) -> bool:
        """Whether it is on the shelf of a server."""
        return self.shelf.startswith(_SERVER_SHELF)


@dataclass(frozen=True, slots=True)
class Tray:
    """Pictures picked for the next request: a subject and up to two styles, the latest last."""

    subject: PictureHash | None = None
    styles: tuple[PictureHash, ...] = ()

    @property
    def pictures(self) -> frozenset[PictureHash]:
        """Everything in it."""
        return frozenset(self.in_order)

    @property
    def in_order(self) -> tuple[PictureHash, ...]:
        """The subject first, then the styles."""
        return (*([self.subject] if self.subject else []), *self.styles)
