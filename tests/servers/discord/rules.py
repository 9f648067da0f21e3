"""Limits that Discord keeps and its API description does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

COMPONENTS_V2 = 1 << 15
EPHEMERAL = 1 << 6
LOADING = 1 << 7

_ACTION_ROW, _BUTTON, _TEXT, _GALLERY, _CONTAINER = 1, 2, 10, 12, 17
_MOST_COMPONENTS = 40
_MOST_TEXT_CHARS = 4000
_COMMAND_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
_COMMAND_CHARS = 8000


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components, however deep."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if (accessory := component.get("accessory")) is not None:
            yield from walk([accessory])


def faults_in_message(body: dict[str, Any], *, was_v2: bool) -> list[str]:
    """What Discord would refuse in a message's body."""
    components = body.get("components") or []
    is_v2 = was_v2 or bool(body.get("flags", 0) & COMPONENTS_V2)
    faults = []
    if is_v2 and (body.get("content") or body.get("embeds")):
        faults.append("content or embeds beside components of version 2")
    if not is_v2:
        faults += ["a component of version 2 without the flag"] * any(one["type"] >= 9 for one in components)
        faults += ["content above 2000 characters"] * (len(body.get("content") or "") > 2000)
    return faults + faults_in_components(components)


def faults_in_components(components: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in a tree of components."""
    every = list(walk(components))
    faults = ["more than 40 components"] * (len(every) > _MOST_COMPONENTS)
    text = sum(len(one["content"]) for one in every if one["type"] == _TEXT)
    faults += [f"{text} characters of text"] * (text > _MOST_TEXT_CHARS)
    ids = [one["custom_id"] for one in every if "custom_id" in one]
    faults += [f"custom id {one!r} is longer than 100" for one in ids if len(one) > 100]
    faults += ["a custom id twice"] * (len(set(ids)) < len(ids))
    for one in every:
        inside = one.get("components", [])
        if one["type"] == _ACTION_ROW and not 1 <= len(inside) <= 5:
            faults.append(f"a row of {len(inside)}")
        if one["type"] == _CONTAINER and not inside:
            faults.append("an empty container")
        if one["type"] == _GALLERY and not 1 <= len(one["items"]) <= 10:
            faults.append(f"a gallery of {len(one['items'])}")
        if one["type"] == _BUTTON and not (one.get("label") or one.get("emoji")):
            faults.append("a button without a face")
    return faults


def faults_in_commands(commands: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in a list of commands."""
    faults = []
    names = [(one["name"], one.get("type", 1)) for one in commands]
    faults += ["two commands of one name"] * (len(set(names)) < len(names))
    for command in commands:
        options = command.get("options", [])
        if command.get("type", 1) == 1 and not _is_name(command["name"]):
            faults.append(f"command name {command['name']!r}")
        faults += [f"option name {one['name']!r}" for one in options if not _is_name(one["name"])]
        faults += [f"{command['name']}: {len(options)} options"] * (len(options) > 25)
        required = [bool(one.get("required")) for one in options]
        faults += [f"{command['name']}: a required option after one that is not"] * (
            required != sorted(required, reverse=True)
        )
        for one in options:
            faults += [f"{one['name']}: more than 25 choices"] * (len(one.get("choices", [])) > 25)
        faults += [f"{command['name']}: too much text"] * (_characters(command) > _COMMAND_CHARS)
    return faults


def _is_name(name: str) -> bool:
    return _COMMAND_NAME.fullmatch(name) is not None and name == name.lower()


def _characters(command: dict[str, Any]) -> int:
    """Name, description and values; of translations, Discord counts the longest."""

    def longest(one: dict[str, Any], key: str) -> int:
        return max(len(text) for text in (one.get(key, ""), *(one.get(f"{key}_localizations") or {}).values()))

    total = 0
    for one in (command, *command.get("options", [])):
        total += longest(one, "name") + longest(one, "description")
        total += sum(longest(choice, "name") + len(str(choice["value"])) for choice in one.get("choices", []))
    return total
