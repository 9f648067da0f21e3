"""The test server is strict: a bot that breaks Discord's rules is refused, and the breach is kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.servers.discord.openapi import load_description
from tests.servers.discord.people import MEMBER, Permission
from tests.servers.discord.rules import (
    COMPONENTS_V2,
    EPHEMERAL,
    faults_in_choices,
    faults_in_commands,
    faults_in_message,
    faults_in_modal,
)
from tests.servers.discord.server import BOT_TOKEN
from tests.unit.discord.conftest import Client, callback, original

ORIGINAL = "/webhooks/1/token/messages/@original"


def button(custom_id: str) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": custom_id}


def select(**more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": one, "value": one} for one in "ab"], **more}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def label(component: dict[str, Any]) -> dict[str, Any]:
    return {"type": 18, "label": "x", "component": component}


def text(length: int) -> dict[str, Any]:
    return {"type": 10, "content": "x" * length}


def test_the_description_finds_operations_and_their_faults() -> None:
    api = load_description()
    assert api.find("GET", "/no/such/thing") is None
    me, someone = api.find("GET", "/users/@me"), api.find("GET", "/users/1")
    assert me is not None
    assert someone is not None
    assert (me.name, someone.name) == ("get_my_user", "get_user")
    edit = api.find("PATCH", ORIGINAL)
    assert edit is not None
    assert api.faults_in_request(edit, {}, {"content": "x"}) == []
    assert api.faults_in_request(edit, {}, {"content": 5})
    assert api.faults_in_request(edit, {"nonsense": "1"}, {"content": "x"})
    assert api.faults_in_request(edit, {}, {"components": [{"type": 1, "components": [button("a")] * 6}]})
    assert api.faults_in_answer(edit, 200, {"id": "1"})
    assert api.faults_in_answer(edit, 299, {})


@pytest.mark.parametrize(
    "body",
    [
        {"flags": COMPONENTS_V2, "content": "x", "components": [text(1)]},
        {"components": [text(1)]},
        {"content": "x" * 2001},
        {"flags": COMPONENTS_V2, "components": [text(2000), text(2001)]},
        {"flags": COMPONENTS_V2, "components": [text(1)] * 41},
        {"flags": COMPONENTS_V2, "components": [{"type": 1, "components": [button("a"), button("a")]}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 1, "components": [button("a" * 101)]}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 17, "components": []}]},
        {"flags": COMPONENTS_V2, "components": [{"type": 12, "items": [{"media": {"url": "attachment://a"}}] * 11}]},
        {"components": [row(*(button(str(n)) for n in range(6)))]},
        {"components": [row(button(str(n))) for n in range(6)]},
        {"components": [row(button("a"), select())]},
        {"components": [row(select(max_values=3))]},
        {"components": [row(select(min_values=2))]},
        {"components": [row(select(options=[{"label": "a", "value": "a"}] * 2))]},
        {"components": [row(select(options=[{"label": str(n), "value": str(n)} for n in range(26)]))]},
        {"components": [row({"type": 2, "style": 1, "label": "x"})]},
        {"components": [row({"type": 2, "style": 5, "label": "x", "custom_id": "x"})]},
        {"flags": COMPONENTS_V2, "components": [label(select())]},
    ],
)
def test_messages_beyond_the_limits_are_found(body: dict[str, Any]) -> None:
    assert faults_in_message(body, was_v2=False)


@pytest.mark.parametrize(
    "command",
    [
        {"name": "Draw", "description": "x"},
        {"name": "draw it", "description": "x"},
        {"name": "draw", "description": "x", "options": [{"name": f"o{n}", "description": "x"} for n in range(26)]},
        {
            "name": "draw",
            "description": "x",
            "options": [{"name": "a", "description": "x"}, {"name": "b", "description": "x", "required": True}],
        },
        {"name": "draw"},
        {"name": "Draw it", "type": 3, "description": "x"},
        {
            "name": "draw",
            "description": "x",
            "options": [{"type": 1, "name": "a", "description": "x"}, {"type": 3, "name": "b", "description": "x"}],
        },
        {"name": "draw", "description": "x", "options": [{"type": 1, "name": "A", "description": "x"}]},
        {
            "name": "draw",
            "description": "x",
            "options": [
                {"type": 3, "name": "a", "description": "x", "choices": [{"name": "x" * 101, "value": "x"}]},
            ],
        },
    ],
)
def test_commands_beyond_the_limits_are_found(command: dict[str, Any]) -> None:
    assert faults_in_commands([{"name": "fine", "description": "x"}]) == []
    assert faults_in_commands([command])


@pytest.mark.parametrize(
    "components",
    [
        [label({**select(), "custom_id": str(n)}) for n in range(6)],
        [label(select(disabled=True))],
        [label({"type": 4, "style": 1, "custom_id": "t", "value": "xxx", "max_length": 2})],
        [label({"type": 4, "style": 1, "custom_id": "t", "min_length": 3, "max_length": 2})],
        [label(select()), label(select())],
        [row(select())],
    ],
)
def test_forms_beyond_the_limits_are_found(components: list[dict[str, Any]]) -> None:
    assert faults_in_modal({"components": [label(select())]}) == []
    assert faults_in_modal({"components": components})


def test_choices_beyond_the_limits_are_found() -> None:
    assert faults_in_choices([{"name": "x", "value": "x"}] * 25) == []
    assert faults_in_choices([{"name": "x", "value": "x"}] * 26)
    assert faults_in_choices([{"name": "x" * 101, "value": "x"}])
    assert faults_in_choices([{"name": "x", "value": "x" * 101}])


async def test_an_answer_after_three_seconds_is_too_late(client: Client) -> None:
    asked = await client.asked()
    client.server.world.clock.advance(seconds=3.1)
    assert await client.send("POST", callback(asked), {"type": 5}) == (404, 10062)
    assert client.server.world.violations


async def test_a_second_first_answer_is_refused(client: Client) -> None:
    asked = await client.asked()
    assert await client.send("POST", callback(asked), {"type": 5}) == (200, 0)
    assert await client.send("POST", callback(asked), {"type": 5}) == (400, 40060)


async def test_a_token_begins_with_the_answer_and_ends_after_fifteen_minutes(client: Client) -> None:
    asked = await client.asked()
    edit = {"flags": COMPONENTS_V2, "components": [text(5)]}
    assert await client.send("PATCH", original(client, asked), edit) == (404, 10015)
    await client.send("POST", callback(asked), {"type": 5})
    assert await client.send("PATCH", original(client, asked), edit) == (200, 0)
    client.server.world.clock.advance(minutes=15)
    assert await client.send("PATCH", original(client, asked), edit) == (401, 50027)


async def test_the_first_follow_up_takes_the_promised_place_and_its_visibility(client: Client) -> None:
    asked = await client.asked()
    await client.send("POST", callback(asked), {"type": 5})
    path = f"/webhooks/{client.server.world.application_id}/{asked.token}"
    assert await client.send("POST", path, {"content": "psst", "flags": EPHEMERAL}) == (200, 0)
    (message,) = client.server.world.posted_in(client.server.channel)
    assert message.content == "psst"
    assert asked.whispers == []


async def test_media_must_be_attached_and_attachments_shown(client: Client) -> None:
    asked = await client.asked()
    await client.send("POST", callback(asked), {"type": 5})
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://nowhere.png"}}]}
    edit = {"flags": COMPONENTS_V2, "components": [gallery]}
    assert await client.send("PATCH", original(client, asked), edit) == (400, 50035)


async def test_only_the_bots_token_opens_the_bots_roads(client: Client) -> None:
    path, body = f"/channels/{client.server.channel.id}/messages", {"content": "x", "nonce": "n", "enforce_nonce": True}
    assert (await client.send("POST", path, body))[0] == 401
    assert (await client.send("POST", path, body, token="wrong"))[0] == 401
    assert (await client.send("POST", path, body, token=BOT_TOKEN))[0] == 200
    assert (await client.send("POST", path, body, token=BOT_TOKEN))[0] == 200
    assert len(client.server.world.posted_in(client.server.channel)) == 1, "the same nonce posts nothing new"


async def test_every_interaction_is_answered_in_its_kind(client: Client) -> None:
    form = {"type": 9, "data": {"custom_id": "f", "title": "x", "components": [label(select())]}}
    asked = await client.asked()
    assert await client.send("POST", callback(asked), {"type": 8, "data": {"choices": []}}) == (400, 50035)
    assert await client.send("POST", callback(asked), {"type": 6}) == (400, 50035)
    assert await client.send("POST", callback(asked), {"type": 5, "data": {"flags": COMPONENTS_V2}}) == (400, 50035)
    assert await client.send("POST", callback(asked), form) == (200, 0)
    sent = await client.server.submit(asked, {"s": ["a"]})
    assert await client.send("POST", callback(sent), form) == (400, 50035)
    assert await client.send("POST", callback(sent), {"type": 5}) == (200, 0)


async def test_a_title_above_45_characters_is_refused(client: Client) -> None:
    asked = await client.asked()
    form = {"custom_id": "f", "title": "x" * 46, "components": [label(select())]}
    assert await client.send("POST", callback(asked), {"type": 9, "data": form}) == (400, 50035)


async def test_what_a_promised_message_is_can_not_change(client: Client) -> None:
    asked = await client.asked()
    await client.send("POST", callback(asked), {"type": 5, "data": {"flags": EPHEMERAL}})
    edit = {"flags": COMPONENTS_V2, "components": [text(5)]}
    assert await client.send("PATCH", original(client, asked), edit) == (200, 0)
    assert await client.send("PATCH", original(client, asked), {"content": "x"}) == (400, 50035), "version 2 stays set"
    assert asked.response is not None
    assert asked.response.is_ephemeral
    assert client.server.world.posted_in(client.server.channel) == []


async def test_an_app_that_somebody_brings_along_follows_up_five_times(client: Client) -> None:
    world = client.server.world
    world.commands = [{"name": "draw", "options": [], "integration_types": [0, 1]}]
    asked = await client.server.slash("draw", {}, channel=world.add_channel(in_guild=False))
    await client.send("POST", callback(asked), {"type": 4, "data": {"content": "x"}})
    path = f"/webhooks/{world.application_id}/{asked.token}"
    for _ in range(5):
        assert await client.send("POST", path, {"content": "x"}) == (200, 0)
    world.clock.advance(seconds=5)
    assert await client.send("POST", path, {"content": "x"}) == (400, 40094)
    assert asked.response is not None
    assert not asked.response.is_ephemeral


async def test_where_external_apps_may_not_speak_only_their_person_sees_them(client: Client) -> None:
    world = client.server.world
    world.commands = [{"name": "draw", "options": [], "integration_types": [1]}]
    quiet = world.add_person("Bob", permissions=MEMBER & ~Permission.USE_EXTERNAL_APPS)
    asked = await client.server.slash("draw", {}, person=quiet, channel=world.add_channel(in_guild=False))
    await client.send("POST", callback(asked), {"type": 4, "data": {"content": "x"}})
    assert asked.whispers == ["x"]


async def test_messages_are_deleted_by_whoever_may(client: Client) -> None:
    world, channel = client.server.world, client.server.channel
    asked = await client.asked()
    await client.send("POST", callback(asked), {"type": 4, "data": {"content": "x"}})
    assert asked.response is not None
    assert await client.send("DELETE", original(client, asked)) == (204, 0)
    assert await client.send("PATCH", original(client, asked), {"content": "y"}) == (404, 10008)
    theirs = world.add_message(client.server.ada, channel, "mine")
    path = f"/channels/{channel.id}/messages/{theirs.id}"
    assert await client.send("DELETE", path, token=BOT_TOKEN) == (403, 50013)
    channel.bot_permissions |= Permission.MANAGE_MESSAGES
    assert await client.send("DELETE", path, token=BOT_TOKEN) == (204, 0)
    assert world.posted_in(channel) == []


async def test_what_the_channel_does_not_permit_is_refused(client: Client) -> None:
    channel = client.server.world.add_thread(client.server.channel)
    path = f"/channels/{channel.id}/messages"
    channel.bot_may_send = False
    assert await client.send("POST", path, {"content": "x"}, token=BOT_TOKEN) == (403, 50013)
    channel.bot_may_view = False
    assert await client.send("POST", path, {"content": "x"}, token=BOT_TOKEN) == (403, 50001)
