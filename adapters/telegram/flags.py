"""Flags in a prompt: `a fox in the snow --ar 16:9 --seed 7`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, assert_never

from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Draft
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
    """A text taken apart: the draft without pictures, and the role if a flag named one."""

    draft: Draft
    role: Role | None = None


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


_EXAMPLES = {
    Flag.ASPECT: "--ar 16:9",
    Flag.SEED: "--seed 7",
    Flag.STEPS: "--steps 30",
    Flag.GUIDANCE: "--g 3.5",
    Flag.SIZE: "--size 768",
    Flag.COUNT: "--n 4",
    Flag.AS: "--as style",
}
# Phones turn two hyphens into one dash while people type.
_DASHED = re.compile(r"^[—–](?=[A-Za-z])")
_SIZE = re.compile(r"^(\d+)(?:[x×](\d+))?$", re.IGNORECASE)
_SHOWN_CHARS = 40


def parse_flags(text: str) -> Flagged:
    """Take the flags out of `text`; what is left is the prompt, its line breaks kept.

    Raises `Rejected`, naming the flag as it was typed, or `FlagWithoutValue`.
    """
    fields: dict[str, Any] = {}
    kept: list[str] = []
    role: Role | None = None
    pieces = iter(re.findall(r"\s*\S+", text))
    for piece in pieces:
        flag = _flag_of(piece.strip())
        if flag is None:
            kept.append(piece)
            continue
        value = "" if flag is Flag.KEEP else _value(flag, next(pieces, "").strip())
        if flag is Flag.AS:
            role = _role(value)
        else:
            fields.update(_fields(flag, value))
    return Flagged(Draft(prompt="".join(kept).strip(), **fields), role)


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


def _fields(flag: Flag, value: str) -> dict[str, Any]:
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
        case Flag.SIZE:
            return _size(flag, value)
        case Flag.KEEP:
            return {"keep_size": True}
        case Flag.AS:
            raise ValueError("says what a picture is, no field of the draft")
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
