"""What Discord's own client does while a command is typed: it lets nothing through that the command does not allow."""

from __future__ import annotations

from typing import Any

from tests.servers.discord.channels import PRIVATE_CHANNEL, Channel
from tests.servers.discord.interactions import GUILD_INSTALL, USER_INSTALL, Interaction
from tests.servers.discord.messages import StoredFile
from tests.servers.discord.people import Permission, Person, Role, may
from tests.servers.discord.resolving import Resolving
from tests.servers.discord.world import World

_CHAT_INPUT = 1
_SUBCOMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _CHANNEL, _NUMBER = 3, 4, 7, 10
_TYPES: dict[int, tuple[type, ...]] = {
    _STRING: (str,),
    _INTEGER: (int,),
    5: (bool,),
    6: (Person,),
    _CHANNEL: (Channel,),
    8: (Role,),
    9: (Person, Role),
    _NUMBER: (float, int),
    11: (bytes, StoredFile),
}


def find_command(world: World, name: str, kind: int, interaction: Interaction) -> dict[str, Any]:
    """The synced command, if its person may use it there; raises AssertionError."""
    command = next((one for one in world.commands if one["name"] == name and one.get("type", 1) == kind), None)
    assert command is not None, f"{name!r} is not among the commands that the bot synced"
    channel, person = interaction.channel, interaction.person
    contexts = command.get("contexts")
    # Without contexts, a command is for everywhere but private channels.
    allowed = channel.context != PRIVATE_CHANNEL if contexts is None else channel.context in contexts
    assert allowed, f"{name!r} is not offered in context {channel.context}"
    installs = {str(one) for one in command.get("integration_types") or [GUILD_INSTALL]}
    assert installs & interaction.owners.keys(), f"{name!r} is not offered for {interaction.owners}"
    needed = command.get("default_member_permissions")
    if needed is not None and channel.guild_id is not None:
        is_enough = may(person.permissions, Permission(int(needed))) if int(needed) else person.permissions & 8
        assert is_enough, f"{name!r} is not shown to {person.name}"
    is_adult = channel.is_nsfw or (channel.parent is not None and channel.parent.is_nsfw) or channel.guild_id is None
    assert is_adult or not command.get("nsfw"), f"{name!r} is for age-restricted channels"
    return command


def typed_command(
    world: World, interaction: Interaction, path: str, options: dict[str, Any], *, focused: str | None = None
) -> dict[str, Any]:
    """The interaction's data for a command like `style save`; with `focused`, as it is while that option is typed.

    Raises AssertionError for what Discord's client would not send.
    """
    name, *inner = path.split()
    command = find_command(world, name, _CHAT_INPUT, interaction)
    described, kinds = _leaf(command, inner)
    resolving = Resolving(world, interaction.person, interaction.channel)
    typed = _typed(described, options, resolving, focused=focused)
    for key, kind in zip(reversed(inner), reversed(kinds), strict=True):
        typed = [{"name": key, "type": kind, "options": typed}]
    told = {"id": command.get("id", "1"), "type": _CHAT_INPUT, "name": name, "options": typed}
    return {**told, **resolving.resolved()}


def _leaf(command: dict[str, Any], inner: list[str]) -> tuple[dict[str, dict[str, Any]], list[int]]:
    """Options of the (sub)command that is typed, by name, and the types of the subcommands on the way."""
    here, kinds = command, []
    for name in inner:
        found = [one for one in here.get("options", []) if one["name"] == name and one["type"] in {_SUBCOMMAND, _GROUP}]
        assert found, f"{here['name']} has no subcommand {name!r}"
        (here,) = found
        kinds.append(here["type"])
    options = here.get("options", [])
    assert not any(one["type"] in {_SUBCOMMAND, _GROUP} for one in options), f"{here['name']} needs a subcommand"
    return {one["name"]: one for one in options}, kinds


def _typed(
    described: dict[str, dict[str, Any]], options: dict[str, Any], resolving: Resolving, *, focused: str | None
) -> list[dict[str, Any]]:
    assert options.keys() <= described.keys(), f"there is no option {options.keys() - described.keys()}"
    typed = []
    for key, given in options.items():
        option: dict[str, Any] = {"name": key, "type": described[key]["type"]}
        if key == focused:
            # What is being typed is text, whatever it will be, and not yet checked.
            assert described[key].get("autocomplete"), f"{key} completes nothing"
            typed.append({**option, "value": str(given), "focused": True})
            continue
        check_value(described[key], given)
        typed.append({**option, "value": resolving.value(given, filename=f"{key}.png")})
    if focused is None:
        missing = [key for key, one in described.items() if one.get("required") and key not in options]
        assert not missing, f"{missing} is required"
    else:
        assert focused in options, f"{focused} is not being typed"
    return typed


def check_value(option: dict[str, Any], value: Any) -> None:
    """Refuse what the client would not send."""
    name, kind = option["name"], option["type"]
    is_of_type = isinstance(value, _TYPES[kind]) and (kind not in {_INTEGER, _NUMBER} or type(value) is not bool)
    assert is_of_type, f"{name} is not of its type"
    if choices := option.get("choices"):
        assert value in [one["value"] for one in choices], f"{value!r} is no choice of {name}"
    if kind == _STRING:
        assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000), f"{name}: {len(value)}"
    if kind in {_INTEGER, _NUMBER}:
        assert option.get("min_value", value) <= value <= option.get("max_value", value), f"{name}: {value}"
    if kind == _CHANNEL and (wanted := option.get("channel_types")):
        assert value.type in wanted, f"{name}: a channel of type {value.type}"


def owners_of(world: World, person: Person, channel: Channel, *, by_user_install: bool) -> dict[str, str]:
    """`authorizing_integration_owners`: the bot's server and direct channels know it, elsewhere people bring it."""
    owners = {}
    if channel.guild_id == world.guild_id:
        owners[GUILD_INSTALL] = str(world.guild_id)
    if channel.recipient is not None:
        owners[GUILD_INSTALL] = "0"
    if by_user_install or not owners:
        owners[USER_INSTALL] = str(person.id)
    return owners
