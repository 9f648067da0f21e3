"""Reading TOML that may be broken in several places: each is told, and the rest is read all the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from bot.config.mistakes import Mistake
from bot.config.positions import Position

_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADER: Final = re.compile(r"\s*\[\[?[^\[\],=]+\]\]?\s*(#.*)?$")
_MOST_ROUNDS: Final = 50


def read_toml(text: str) -> tuple[dict[str, Any], str, list[Mistake]]:
    """The data of `text`, the text that was read (faulty lines left empty), and a mistake for each of those lines."""
    try:
        return tomllib.loads(text), text, []
    except tomllib.TOMLDecodeError:
        pass
    lines = text.splitlines()
    mistakes: list[Mistake] = []
    for start, end in list(_tables(lines)):
        mistakes += _clean(lines, start, end)
    # What is left goes wrong between tables only, such as one that is there twice.
    for _ in range(_MOST_ROUNDS):
        try:
            cleaned = "\n".join(lines) + "\n"
            return tomllib.loads(cleaned), cleaned, mistakes
        except tomllib.TOMLDecodeError as error:
            mistake, at = _mistake(error, 0, len(lines))
            mistakes.append(mistake)
            for start, end in list(_tables(lines)):
                if start <= at < end:
                    lines[start:end] = [""] * (end - start)
    return {}, "", mistakes


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The ranges of lines that begin with a header each, and the one before the first header."""
    starts = [0, *(at for at, line in enumerate(lines) if at and _HEADER.match(line)), len(lines)]
    return pairwise(starts)


def _clean(lines: list[str], start: int, end: int) -> list[Mistake]:
    """Empty the faulty lines of one table; all of it where it does not say which line is at fault."""
    found: list[Mistake] = []
    for _ in range(_MOST_ROUNDS):
        try:
            tomllib.loads("\n".join(lines[start:end]) + "\n")
        except tomllib.TOMLDecodeError as error:
            mistake, at = _mistake(error, start, end)
            found.append(mistake)
            is_open = mistake.text.startswith(("Unclosed", "Unterminated", "Invalid initial"))
            if is_open or (at == start and _HEADER.match(lines[start])) or not lines[at].strip():
                break
            lines[at] = ""
        else:
            return found
    lines[start:end] = [""] * (end - start)
    return found


def _mistake(error: tomllib.TOMLDecodeError, start: int, end: int) -> tuple[Mistake, int]:
    """What is told of a fault in `lines[start:end]`, and the index of its line."""
    message = str(error)
    found = _AT.search(message)
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (max(1, end - start), 1)
    text = _AT.sub("", message)
    return Mistake((), text, Position(start + line, column)), start + line - 1
