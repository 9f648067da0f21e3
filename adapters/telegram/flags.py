"""Flags in a prompt: `a fox in the snow --ar 16:9 --seed 7`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, assert_never

from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Draft
from bot.services.follow_up import RemixChanges
from bot.services.parsing import parse_number, parse_whole_number


class Role(StrEnum):
    """What the first picture of a request is."""

    SUBJECT = "subject"
    STYLE = "style"


class FlagWithoutValue(Exception):  # noqa: N818 -- a refusal, not a fault
    """A flag stands alone that needs a value after it."""

    def __init__(self, flag: str, example: str) -> None:
        super().__init__(flag)
        self.flag: Final = flag
        self.example: Final = example


@dataclass(frozen=True, slots=True)
class Flagged:
    """A text taken apart: the prompt, what its flags set, the role and the saved styles that it names."""

    prompt: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    role: Role | None = None
    style_cards: tuple[str, ...] = ()

    @property
    def draft(self) -> Draft:
        """A fresh request, without pictures."""
        return Draft(prompt=self.prompt, **self.fields)

    @property
    def changes(self) -> RemixChanges:
        """What it changes about an earlier request; words that are not there change nothing."""
        return RemixChanges(prompt=self.prompt or None, **self.fields)


class Flag(StrEnum):
    """The flags as they are typed."""

    ASPECT = "--ar"
    SEED = "--seed"
    STEPS = "--steps"
    GUIDANCE = "--g"
    SIZE = "--size"
    COUNT = "--n"
    KEEP = "--keep"
    AS = "--as"
    STYLE = "--style"
    SUBJECT_SIZE = "--subject-size"
    PRIVATE = "--private"
    PUBLIC = "--public"
    SPOILER = "--spoiler"


_EXAMPLES = {
    Flag.ASPECT: "--ar 16:9",
    Flag.SEED: "--seed 7",
    Flag.STEPS: "--steps 30",
    Flag.GUIDANCE: "--g 3.5",
    Flag.SIZE: "--size 768",
    Flag.COUNT: "--n 4",
    Flag.AS: "--as style",
    Flag.STYLE: '--style "my ink"',
    Flag.SUBJECT_SIZE: "--subject-size 768",
}
_ALONE: Final[Mapping[Flag, Mapping[str, Any]]] = {
    Flag.KEEP: {"keep_size": True},
    Flag.PRIVATE: {"private": True},
    Flag.PUBLIC: {"private": False},
    Flag.SPOILER: {"spoiler": True},
}
# Phones turn two hyphens into one dash while people type, and straight quotation marks into curly ones.
_DASHED = re.compile(r"^[—–](?=[A-Za-z])")
_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "„": "“”", "«": "»", "‘": "’"}
_SIZE = re.compile(r"^(\d+)(?:[x×](\d+))?$", re.IGNORECASE)
_SHOWN_CHARS = 40


def parse_flags(text: str) -> Flagged:
    """Take the flags out of `text`; what is left is the prompt, its line breaks kept.

    Raises `Rejected`, naming the flag as it was typed, or `FlagWithoutValue`.
    """
    fields: dict[str, Any] = {}
    kept: list[str] = []
    role: Role | None = None
    style_cards: list[str] = []
    pieces = iter(re.findall(r"\s*\S+", text))
    for piece in pieces:
        flag = _flag_of(piece.strip())
        if flag is None:
            kept.append(piece)
        elif flag in _ALONE:
            fields.update(_ALONE[flag])
        elif flag is Flag.STYLE:
            style_cards.append(_name(pieces))
        elif flag is Flag.AS:
            role = _role(_value(flag, next(pieces, "").strip()))
        else:
            fields.update(_numbers(flag, _value(flag, next(pieces, "").strip())))
    return Flagged("".join(kept).strip(), fields, role, tuple(style_cards))


def _flag_of(word: str) -> Flag | None:
    """The flag that a word is, or None; a dash counts only before a flag that exists."""
    try:
        return Flag(_DASHED.sub("--", word).lower())
    except ValueError:
        if re.match(r"^--[A-Za-z]", word):
            raise Rejected(Rejection.UNKNOWN_CHOICE, given=word[:_SHOWN_CHARS], choices=", ".join(Flag)) from None
        return None


def _value(flag: Flag, word: str) -> str:
    if not word or _flag_of(word) is not None:
        raise FlagWithoutValue(flag, _EXAMPLES[flag])
    return word


def _name(pieces: Iterator[str]) -> str:
    """The name of a saved style: one word, or several in quotation marks."""
    first = _value(Flag.STYLE, next(pieces, "").strip())
    closing = _QUOTES.get(first[0])
    if closing is None:
        return first
    name = first[1:]
    while not name or name[-1] not in closing:
        piece = next(pieces, None)
        if piece is None:
            raise FlagWithoutValue(Flag.STYLE, _EXAMPLES[Flag.STYLE])
        name += piece
    return name[:-1]


def _numbers(flag: Flag, value: str) -> dict[str, Any]:
    match flag:
        case Flag.ASPECT:
            return {"aspect": value}
        case Flag.SEED:
            return {"seed": parse_whole_number(flag, value)}
        case Flag.STEPS:
            return {"steps": parse_whole_number(flag, value)}
        case Flag.GUIDANCE:
            return {"guidance": parse_number(flag, value)}
        case Flag.COUNT:
            return {"count": parse_whole_number(flag, value)}
        case Flag.SUBJECT_SIZE:
            return {"subject_size": parse_whole_number(flag, value)}
        case Flag.SIZE:
            return _size(flag, value)
        case Flag.AS | Flag.STYLE | Flag.KEEP | Flag.PRIVATE | Flag.PUBLIC | Flag.SPOILER:
            raise ValueError("says no number")
        case _:
            assert_never(flag)


def _size(flag: Flag, value: str) -> dict[str, Any]:
    found = _SIZE.match(value)
    if found is None:
        raise Rejected(Rejection.NOT_A_NUMBER, given=value[:_SHOWN_CHARS], name=flag)
    width, height = found.group(1), found.group(2) or found.group(1)
    return {"width": parse_whole_number(flag, width), "height": parse_whole_number(flag, height)}


def _role(value: str) -> Role:
    try:
        return Role(value.lower())
    except ValueError as error:
        choices = ", ".join(f"--as {role.value}" for role in Role)
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=f"--as {value[:_SHOWN_CHARS]}", choices=choices) from error
