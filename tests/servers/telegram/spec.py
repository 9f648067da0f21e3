"""Calls and answers checked against the machine-readable Bot API (`tests/specs/telegram-bot-api.json`, MIT)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parents[2] / "specs" / "telegram-bot-api.json"
_ARRAY = "Array of "
_UPLOADS = {"InputFile"}


class BotApiSpec:
    """Knows every method and type, their fields, and which are required."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.version: str = document["version"]
        self._methods: Mapping[str, Any] = document["methods"]
        self._types: Mapping[str, Any] = document["types"]

    def method_named(self, name: str) -> str | None:
        """The method's proper name; Telegram does not mind its case."""
        return next((one for one in self._methods if one.lower() == name.lower()), None)

    def read_parameters(self, method: str, raw: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
        """Turn the strings of a form into what the method wants; returns the values and everything that is wrong."""
        fields = {field["name"]: field for field in self._methods[method].get("fields", ())}
        values: dict[str, Any] = {}
        wrong = [f"{method} has no parameter {name}" for name in raw if name not in fields]
        wrong += [f"{method} needs {name}" for name, field in fields.items() if field["required"] and name not in raw]
        for name, text in raw.items():
            if name in fields:
                value = _decode(text, fields[name]["types"])
                wrong += self._check(value, fields[name]["types"], f"{method}.{name}")
                values[name] = value
        return values, wrong

    def check_answer(self, method: str, answer: Any) -> list[str]:
        """Everything that is wrong with what the server is about to return."""
        return self._check(answer, self._methods[method]["returns"], f"answer of {method}")

    def check_object(self, kind: str, value: Any) -> list[str]:
        """Everything that is wrong with an object of type `kind`."""
        return self._check(value, [kind], kind)

    def _check(self, value: Any, kinds: list[str], where: str) -> list[str]:
        """Nothing if the value fits one of the kinds; otherwise what the nearest misses."""
        attempts = [list(self._mistakes(value, kind, where)) for kind in kinds]
        return min(attempts, key=len) if attempts else []

    def _mistakes(self, value: Any, kind: str, where: str) -> Iterator[str]:
        if kind.startswith(_ARRAY):
            if not isinstance(value, list):
                yield f"{where}: {value!r} is no array"
                return
            for index, item in enumerate(value):
                yield from self._mistakes(item, kind.removeprefix(_ARRAY), f"{where}[{index}]")
        elif kind in _PRIMITIVES:
            if not _PRIMITIVES[kind](value):
                yield f"{where}: {value!r} is no {kind}"
        elif kind in _UPLOADS:
            if not (isinstance(value, str) and value.startswith("attach://")):
                yield f"{where}: not an upload"
        elif subtypes := self._types[kind].get("subtypes"):
            yield from self._check(value, subtypes, where)
        else:
            yield from self._object_mistakes(value, kind, where)

    def _object_mistakes(self, value: Any, kind: str, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is no {kind}"
            return
        fields = {field["name"]: field for field in self._types[kind].get("fields", ())}
        for name in value.keys() - fields.keys():
            yield f"{where}: {kind} has no field {name}"
        for name, field in fields.items():
            if name in value:
                yield from self._check(value[name], field["types"], f"{where}.{name}")
                yield from _fixed_value_mistakes(value[name], field, where)
            elif field["required"]:
                yield f"{where}: {kind} needs {name}"


def _fixed_value_mistakes(value: Any, field: Mapping[str, Any], where: str) -> Iterator[str]:
    """Union members are told apart by texts such as “Type of the media, must be photo”."""
    _, found, rest = field["description"].partition("must be ")
    wanted = rest.strip('."“” ')
    if found and field["name"] in {"type", "source", "status"} and wanted.isidentifier() and value != wanted:
        yield f"{where}.{field['name']}: {value!r} is not {wanted!r}"


_PRIMITIVES = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
}


def _decode(text: str, kinds: list[str]) -> Any:
    """Form fields are strings: numbers, booleans, arrays and objects come as JSON."""
    if kinds == ["String"] or set(kinds) <= {"String", "InputFile"}:
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if "String" in kinds and not isinstance(value, int | list | dict):
        return text
    return value


@cache
def load_spec() -> BotApiSpec:
    """Read the document once for all tests."""
    return BotApiSpec(json.loads(_FILE.read_text(encoding="utf-8")))
