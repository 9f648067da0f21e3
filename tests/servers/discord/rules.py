"""Limits that Discord keeps and its API description does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

COMPONENTS_V2 = 1 << 15
EPHEMERAL = 1 << 6
LOADING = 1 << 7

_ACTION_ROW, _BUTTON, _STRING_SELECT, _TEXT_INPUT, _SECTION, _TEXT, _GALLERY = 1, 2, 3, 4, 9, 10, 12
_CONTAINER, _LABEL = 17, 18
_SELECTS = {3, 5, 6, 7, 8}
_OF_MESSAGES = {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17}
_LINK, _PREMIUM = 5, 6
_SUBCOMMAND, _GROUP = 1, 2
_CHAT_INPUT = 1
_MOST_COMPONENTS = 40
_MOST_TEXT_CHARS = 4000
_MOST_MODAL_COMPONENTS = 5
_MOST_CHOICES = 25
_LONGEST_VALUE_CHARS = 100
_COMMAND_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
_COMMAND_CHARS = 8000
_MOST_COMMANDS = {1: 100, 2: 15, 3: 15}


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components, however deep."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        for name in ("accessory", "component"):
            if (inner := component.get(name)) is not None:
                yield from walk([inner])


def faults_in_message(body: dict[str, Any], *, was_v2: bool) -> list[str]:
    """What Discord would refuse in a message's body."""
    components = body.get("components") or []
    is_v2 = was_v2 or bool((body.get("flags") or 0) & COMPONENTS_V2)
    faults = []
    if is_v2 and (body.get("content") or body.get("embeds")):
        faults.append("content or embeds beside components of version 2")
    if not is_v2:
        faults += ["a component of version 2 without the flag"] * any(one["type"] >= 9 for one in components)
        faults += ["content above 2000 characters"] * (len(body.get("content") or "") > 2000)
        faults += [f"{len(components)} rows"] * (len(components) > 5)
    return faults + faults_in_components(components)


def faults_in_components(components: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in a tree of components of a message."""
    every = list(walk(components))
    faults = ["more than 40 components"] * (len(every) > _MOST_COMPONENTS)
    text = sum(len(one["content"]) for one in every if one["type"] == _TEXT)
    faults += [f"{text} characters of text"] * (text > _MOST_TEXT_CHARS)
    faults += [f"a component of type {one['type']}" for one in every if one["type"] not in _OF_MESSAGES]
    faults += _faults_in_ids(every)
    for one in every:
        faults += _faults_in_one(one)
    return faults


def faults_in_modal(data: dict[str, Any]) -> list[str]:
    """What Discord would refuse in a form."""
    top = data["components"]
    every = list(walk(top))
    faults = [f"a form of {len(top)} components"] * (not 1 <= len(top) <= _MOST_MODAL_COMPONENTS)
    faults += _faults_in_ids(every)
    faults += ["a row with anything but one text input"] * any(
        one["type"] == _ACTION_ROW and [inner["type"] for inner in one["components"]] != [_TEXT_INPUT] for one in top
    )
    for one in every:
        faults += _faults_in_field(one)
    return faults


def faults_in_choices(choices: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse among choices, of an option or of autocompletion."""
    faults = [f"{len(choices)} choices"] * (len(choices) > _MOST_CHOICES)
    for one in choices:
        names = [one["name"], *(one.get("name_localizations") or {}).values()]
        faults += [f"the name of a choice: {name!r}" for name in names if not 1 <= len(name) <= 100]
        faults += [f"the value of a choice: {one['value']!r}"] * (len(str(one["value"])) > _LONGEST_VALUE_CHARS)
    return faults


def faults_in_commands(commands: list[dict[str, Any]]) -> list[str]:
    """What Discord would refuse in a list of commands."""
    faults = []
    names = [(one["name"], one.get("type", 1)) for one in commands]
    faults += ["two commands of one name"] * (len(set(names)) < len(names))
    for kind, most in _MOST_COMMANDS.items():
        faults += [f"more than {most} commands of type {kind}"] * (sum(one == kind for _, one in names) > most)
    for command in commands:
        if command.get("type", 1) == _CHAT_INPUT:
            faults += [f"command name {command['name']!r}"] * (not _is_name(command["name"]))
            faults += [f"{command['name']}: no description"] * (not command.get("description"))
        else:
            faults += [f"command name {command['name']!r}"] * (not 1 <= len(command["name"]) <= 32)
            faults += [f"{command['name']}: a menu command says no more"] * bool(
                command.get("description") or command.get("options")
            )
        faults += _faults_in_options(command, depth=0)
        faults += [f"{command['name']}: too much text"] * (_characters(command) > _COMMAND_CHARS)
    return faults


def _faults_in_ids(every: list[dict[str, Any]]) -> list[str]:
    ids = [one["custom_id"] for one in every if one.get("custom_id") is not None]
    faults = [f"custom id {one!r} has not 1 to 100 characters" for one in ids if not 1 <= len(one) <= 100]
    return faults + ["a custom id twice"] * (len(set(ids)) < len(ids))


def _faults_in_one(one: dict[str, Any]) -> list[str]:
    inside = one.get("components", [])
    match one["type"]:
        case 1:
            kinds = [inner["type"] for inner in inside]
            is_row = (set(kinds) == {_BUTTON} and len(kinds) <= 5) or (len(kinds) == 1 and kinds[0] in _SELECTS)
            return [f"a row of {kinds}"] * (not is_row)
        case 2:
            return _faults_in_button(one)
        case 9:
            return [f"a section of {len(inside)}"] * (not 1 <= len(inside) <= 3)
        case 12:
            return [f"a gallery of {len(one['items'])}"] * (not 1 <= len(one["items"]) <= 10)
        case 17:
            return ["an empty container"] * (not inside)
        case kind if kind in _SELECTS:
            return _faults_in_select(one)
    return []


def _faults_in_button(one: dict[str, Any]) -> list[str]:
    is_link = one["style"] == _LINK
    faults = ["a button without a face"] * (not (one.get("label") or one.get("emoji") or one["style"] == _PREMIUM))
    faults += ["a label above 80 characters"] * (len(one.get("label") or "") > 80)
    faults += ["a link with a custom id or without an address"] * (
        is_link and (not one.get("url") or bool(one.get("custom_id")))
    )
    return faults + ["a button without a custom id"] * (one["style"] < _LINK and not one.get("custom_id"))


def _faults_in_select(one: dict[str, Any]) -> list[str]:
    fewest, most = one.get("min_values"), one.get("max_values")
    faults = ["min_values above max_values"] * ((1 if fewest is None else fewest) > (1 if most is None else most))
    if one["type"] != _STRING_SELECT:
        return faults
    values = [option["value"] for option in one["options"]]
    faults += [f"a select of {len(values)} options"] * (not 1 <= len(values) <= 25)
    faults += ["a value of a select twice"] * (len(set(values)) < len(values))
    faults += ["more to choose than there is"] * ((1 if most is None else most) > len(values))
    chosen = sum(bool(option.get("default")) for option in one["options"])
    return faults + ["more chosen than may be"] * (chosen > (1 if most is None else most))


def _faults_in_field(one: dict[str, Any]) -> list[str]:
    if one["type"] in _SELECTS:
        return _faults_in_select(one) + ["a greyed out select in a form"] * bool(one.get("disabled"))
    if one["type"] != _TEXT_INPUT:
        return []
    value, shortest, longest = one.get("value") or "", one.get("min_length") or 0, one.get("max_length") or 4000
    faults = ["min_length above max_length"] * (shortest > longest)
    return faults + [f"a value of {len(value)} characters"] * (bool(value) and not shortest <= len(value) <= longest)


def _faults_in_options(command: dict[str, Any], *, depth: int) -> list[str]:
    name, options = command["name"], command.get("options", [])
    faults = [f"option name {one['name']!r}" for one in options if not _is_name(one["name"])]
    names = [one["name"] for one in options]
    faults += [f"{name}: two options of one name"] * (len(set(names)) < len(names))
    faults += [f"{name}: {len(options)} options"] * (len(options) > 25)
    required = [bool(one.get("required")) for one in options]
    faults += [f"{name}: a required option after one that is not"] * (required != sorted(required, reverse=True))
    inner = [one for one in options if one.get("type") in {_SUBCOMMAND, _GROUP}]
    faults += [f"{name}: subcommands beside options"] * (len(inner) not in {0, len(options)})
    for one in options:
        choices = one.get("choices") or []
        faults += [f"{one['name']}: {fault}" for fault in faults_in_choices(choices)]
        faults += [f"{one['name']}: choices and autocompletion"] * bool(choices and one.get("autocomplete"))
    for one in inner:
        faults += [f"{one['name']}: too deep"] * (depth > (1 if one["type"] == _SUBCOMMAND else 0))
        faults += _faults_in_options(one, depth=depth + 1)
    return faults


def _is_name(name: str) -> bool:
    return _COMMAND_NAME.fullmatch(name) is not None and name == name.lower()


def _characters(command: dict[str, Any]) -> int:
    """Name, description and values; of translations, Discord counts the longest."""

    def longest(one: dict[str, Any], key: str) -> int:
        return max(len(text) for text in (one.get(key) or "", *(one.get(f"{key}_localizations") or {}).values()))

    total = longest(command, "name") + longest(command, "description")
    total += sum(longest(one, "name") + len(str(one["value"])) for one in command.get("choices") or [])
    return total + sum(_characters(one) for one in command.get("options") or [])
