"""What Discord's own client does while a command is typed: it lets nothing through that the command does not allow."""

from __future__ import annotations

from typing import Any

from tests.servers.discord.rest import kind_of
from tests.servers.discord.world import Channel, StoredFile, World

_STRING, _INTEGER, _BOOLEAN, _ATTACHMENT, _NUMBER = 3, 4, 5, 11, 10
_TYPES: dict[int, tuple[Any, ...]] = {
    _STRING: (str,),
    _INTEGER: (int,),
    _BOOLEAN: (bool,),
    _NUMBER: (float, int),
    _ATTACHMENT: (bytes, StoredFile),
}


def typed_options(
    world: World, channel: Channel, name: str, options: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[StoredFile]]:
    """The options as the interaction carries them, and the attached files; raises AssertionError."""
    command = next((one for one in world.commands if one["name"] == name), None)
    assert command is not None, f"/{name} is not among the commands that the bot synced"
    described = {one["name"]: one for one in command["options"]}
    assert options.keys() <= described.keys(), f"/{name} has no {options.keys() - described.keys()}"
    for option in described.values():
        assert not option.get("required") or option["name"] in options, f"{option['name']} is required"
    typed, files = [], []
    for key, given in options.items():
        check_value(described[key], given)
        value = given
        if described[key]["type"] == _ATTACHMENT:
            is_new = isinstance(given, bytes)
            file = world.add_file(channel.id, f"{key}.png", given, kind_of(given)) if is_new else given
            files.append(file)
            value = str(file.id)
        typed.append({"name": key, "type": described[key]["type"], "value": value})
    return typed, files


def check_value(option: dict[str, Any], value: Any) -> None:
    """Refuse what the client would not send."""
    assert isinstance(value, _TYPES[option["type"]]), f"{option['name']} is not of its type"
    if choices := option.get("choices"):
        assert value in [one["value"] for one in choices], f"{value!r} is no choice of {option['name']}"
    if option["type"] == _STRING:
        assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000)
    if option["type"] in {_INTEGER, _NUMBER}:
        assert option.get("min_value", value) <= value <= option.get("max_value", value), f"{option['name']}: {value}"
