"""What a picture shows: messages in order, whatever chat they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Button:
    """A button's label, and whether it is one that warns."""

    label: str
    is_danger: bool = False


@dataclass(frozen=True)
class Shown:
    """One message: `text` in the chat's own markup, pictures as files, buttons and menus in rows."""

    author: str
    text: str = ""
    below: str = ""
    pictures: tuple[bytes, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    menu: str = ""
    colour: str = ""
    is_private: bool = False
    is_person: bool = False


@dataclass(frozen=True)
class Scene:
    """One picture of the guide; `chat` is `discord` or `telegram`."""

    name: str
    chat: str
    messages: Sequence[Shown] = field(default_factory=tuple)
