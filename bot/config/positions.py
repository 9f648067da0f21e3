"""Where in a TOML file each setting stands; `tomllib` reads values and forgets their places."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Final

SettingPath = tuple[str | int, ...]
"""Names of tables and keys, and indices into arrays, from the outside in."""

_BLANK: Final = " \t"
_BARE_VALUE_ENDS: Final = ",]}#\n"
_BARE_KEY_ENDS: Final = _BLANK + ".=]"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text; both numbers count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a setting is named, and where its value begins; both are the same for tables and array elements."""

    name: Position
    value: Position


def find_places(text: str) -> dict[SettingPath, Place]:
    """The places of all tables, keys and array elements of `text`, which `tomllib` must be able to read."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._places: dict[SettingPath, Place] = {}
        self._last_index: dict[SettingPath, int] = {}

    def scan(self) -> dict[SettingPath, Place]:
        table: SettingPath = ()
        self._skip_gaps()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip_gaps()
        return self._places

    def _header(self) -> SettingPath:
        start = self._at
        is_array = self._text.startswith("[[", start)
        self._at += 2 if is_array else 1
        names = self._dotted_name()
        self._at = self._text.index("]", self._at) + (2 if is_array else 1)
        place = Place(self._position(start), self._position(start))
        path: SettingPath = ()
        for name in names[:-1]:
            path = self._inside((*path, name))
            self._places.setdefault(path, place)
        path = (*path, names[-1])
        self._places.setdefault(path, place)
        if is_array:
            index = self._last_index[path] = self._last_index.get(path, -1) + 1
            path = (*path, index)
            self._places[path] = place
        return path

    def _inside(self, path: SettingPath) -> SettingPath:
        """A name under `[[tables]]` means their last one so far."""
        return (*path, self._last_index[path]) if path in self._last_index else path

    def _pair(self, table: SettingPath) -> None:
        name = self._position(self._at)
        names = self._dotted_name()
        self._at = self._text.index("=", self._at) + 1
        self._skip_blanks()
        value = self._position(self._at)
        for depth in range(1, len(names)):
            self._places.setdefault((*table, *names[:depth]), Place(name, value))
        path = (*table, *names)
        self._places[path] = Place(name, value)
        self._value(path)

    def _dotted_name(self) -> tuple[str, ...]:
        names = []
        while True:
            self._skip_blanks()
            names.append(self._name())
            self._skip_blanks()
            if self._text[self._at] != ".":
                return tuple(names)
            self._at += 1

    def _name(self) -> str:
        start = self._at
        if self._text[start] in "\"'":
            self._string()
        else:
            while self._text[self._at] not in _BARE_KEY_ENDS:
                self._at += 1
        (name,) = tomllib.loads(f"{self._text[start : self._at]} = 0")
        return name

    def _value(self, path: SettingPath) -> None:
        match self._text[self._at]:
            case '"' | "'":
                self._string()
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case _:
                while self._at < len(self._text) and self._text[self._at] not in _BARE_VALUE_ENDS:
                    self._at += 1

    def _string(self) -> None:
        """Step over a string of one of the four kinds."""
        quote = self._text[self._at]
        has_escapes = quote == '"'
        end = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(end)
        while not self._text.startswith(end, self._at):
            self._at += 2 if has_escapes and self._text[self._at] == "\\" else 1
        self._at += len(end)
        while len(end) == 3 and self._text.startswith(quote, self._at):
            self._at += 1  # a string of several lines may end in quotes of its own

    def _array(self, path: SettingPath) -> None:
        self._at += 1
        index = 0
        while True:
            self._skip_gaps(also=",")
            if self._text[self._at] == "]":
                break
            here = self._position(self._at)
            self._places[(*path, index)] = Place(here, here)
            self._value((*path, index))
            index += 1
        self._at += 1

    def _inline_table(self, path: SettingPath) -> None:
        self._at += 1
        while True:
            self._skip_gaps(also=",")
            if self._text[self._at] == "}":
                break
            self._pair(path)
        self._at += 1

    def _skip_blanks(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in _BLANK:
            self._at += 1

    def _skip_gaps(self, also: str = "") -> None:
        """Step over blanks, line ends and comments."""
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text[self._at] in _BLANK + "\r\n" + also:
                self._at += 1
            else:
                return

    def _position(self, at: int) -> Position:
        return Position(self._text.count("\n", 0, at) + 1, at - self._text.rfind("\n", 0, at))
