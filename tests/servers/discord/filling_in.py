"""What Discord's own client does while a form is filled in or something is selected."""

from __future__ import annotations

from typing import Any

from tests.servers.discord.channels import Channel
from tests.servers.discord.people import Person, Role
from tests.servers.discord.resolving import Resolving

_STRING_SELECT, _CHECKBOXES = 3, 22
_ENTITIES: dict[int, tuple[type, ...]] = {5: (Person,), 6: (Role,), 7: (Person, Role), 8: (Channel,)}


def submitted(modal: dict[str, Any], values: dict[str, Any], resolving: Resolving) -> dict[str, Any]:
    """The interaction's data for a form with some of its fields changed, by custom id.

    Text is a str, a choice of several a list, files a list of bytes or files, a checkbox a bool. Raises AssertionError
    for what Discord's client would not send.
    """
    left = dict(values)
    components = [_answer(one, left, resolving, number) for number, one in enumerate(modal["components"], start=1)]
    assert not left, f"the form has no {sorted(left)}"
    return {"custom_id": modal["custom_id"], "components": components, **resolving.resolved()}


def selected(select: dict[str, Any], values: list[Any], resolving: Resolving) -> list[str]:
    """The values of a select as sent; raises AssertionError for what it does not offer."""
    name = select["custom_id"]
    if select["type"] == _STRING_SELECT:
        offered = [one["value"] for one in select["options"]]
        assert set(values) <= set(offered), f"{values} of {name} are not among {offered}"
    else:
        kinds = _ENTITIES[select["type"]]
        assert all(isinstance(one, kinds) for one in values), f"{name} takes {kinds}"
    _check_count(select, values, is_required=select.get("required", True))
    return [resolving.value(one) for one in values]


def _answer(component: dict[str, Any], left: dict[str, Any], resolving: Resolving, number: int) -> dict[str, Any]:
    told: dict[str, Any] = {"type": component["type"], "id": component.get("id") or number}
    match component["type"]:
        case 10:
            return told
        case 1:
            inside = component["components"]
            return {**told, "components": [_field(one, left, resolving, number * 100) for one in inside]}
        case 18:
            return {**told, "component": _field(component["component"], left, resolving, number * 100)}
        case unknown:
            raise AssertionError(f"a form of components of type {unknown}")


def _field(field: dict[str, Any], left: dict[str, Any], resolving: Resolving, number: int) -> dict[str, Any]:
    name, kind = field["custom_id"], field["type"]
    told: dict[str, Any] = {"type": kind, "id": field.get("id") or number, "custom_id": name}
    given = left.pop(name, None)
    match kind:
        case 4:
            return {**told, "value": _text(field, given)}
        case 19:
            files = given or []
            _check_count(field, files, is_required=field.get("required", True))
            values = [resolving.value(one, filename=f"{name}-{place}.png") for place, one in enumerate(files)]
            return {**told, "values": values}
        case 21:
            return {**told, "value": _one_of(field, given)}
        case 22:
            chosen = _defaults(field) if given is None else given
            assert set(chosen) <= {one["value"] for one in field["options"]}, f"{name}: {chosen}"
            _check_count(field, chosen, is_required=field.get("required", True))
            return {**told, "values": chosen}
        case 23:
            return {**told, "value": bool(field.get("default")) if given is None else given}
        case _:
            chosen = _defaults(field) if given is None else given
            return {**told, "values": selected(field, chosen, resolving)}


def _text(field: dict[str, Any], given: str | None) -> str:
    value = field.get("value") or "" if given is None else given
    name = field["custom_id"]
    assert value or not field.get("required", True), f"{name} is required"
    if value:
        shortest, longest = field.get("min_length") or 0, field.get("max_length") or 4000
        assert shortest <= len(value) <= longest, f"{name}: {len(value)} characters"
    return value


def _one_of(field: dict[str, Any], given: str | None) -> str | None:
    value = next(iter(_defaults(field)), None) if given is None else given
    assert value is None or value in [one["value"] for one in field["options"]], f"{field['custom_id']}: {value!r}"
    assert value is not None or not field.get("required", True), f"{field['custom_id']} is required"
    return value


def _defaults(field: dict[str, Any]) -> list[str]:
    return [one["value"] for one in field.get("options", []) if one.get("default")]


def _check_count(field: dict[str, Any], values: list[Any], *, is_required: bool) -> None:
    if not values and not is_required:
        return
    fewest = field.get("min_values")
    longest = len(field["options"]) if field["type"] == _CHECKBOXES else 1
    most = field.get("max_values") or longest
    assert (1 if fewest is None else fewest) <= len(values) <= most, f"{field['custom_id']}: {len(values)} values"
