"""Recorded interactions and refusals of Discord, sent to our bot: it answers what it can and goes on after the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.engine.fake import Play
from tests.e2e.discord.conftest import Stage

SAMPLES = Path(__file__).parents[2] / "payloads" / "discord"
COMMANDS = [
    "docs_interaction_slash",
    "docs_interaction_message_command",
    "hikari_command_interaction",
    "hikari_context_menu_command_interaction",
]
COMPONENTS = ["hikari_component_interaction", "hikari_modal_interaction"]


def read(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def completed(name: str) -> dict[str, Any]:
    """The sample with what today's Discord sends besides.

    The documentation's lack `version`, `attachment_size_limit` and the `flags` of members; hikari's hold words where
    Discord sends base64 (`waveform`), and its menu command says that it were an autocompletion.
    """
    event = _completed(read(name))
    event = {"version": 1, "attachment_size_limit": 10 * 2**20, "application_id": "1", **event}
    return event | {"type": 2} if "context_menu" in name else event


def _completed(value: Any) -> Any:
    if isinstance(value, list):
        return [_completed(one) for one in value]
    if not isinstance(value, dict):
        return value
    told = {key: _completed(one) for key, one in value.items() if key != "waveform"}
    return {"flags": 0, **told} if "joined_at" in told else told


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_that_we_do_not_have_is_answered(stage: Stage, name: str) -> None:
    asked = await stage.server.replay(completed(name))
    assert "This command has changed" in await stage.whispered(asked)
    assert stage.server.gateway.identified == 1


@pytest.mark.parametrize("name", COMPONENTS)
async def test_a_button_and_a_form_that_are_not_ours_are_left_alone(stage: Stage, name: str) -> None:
    asked = await stage.server.replay(completed(name))
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    assert not asked.is_acknowledged
    assert stage.server.gateway.identified == 1


async def test_completing_a_command_that_we_do_not_have_offers_nothing_and_breaks_nothing(stage: Stage) -> None:
    asked = await stage.server.replay({**completed("docs_interaction_slash"), "type": 4})
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    assert not asked.is_acknowledged


async def test_samples_as_they_stand_do_not_end_the_bot(stage: Stage) -> None:
    for number, name in enumerate([*COMMANDS, *COMPONENTS], start=2):
        await stage.server.gateway.dispatch("INTERACTION_CREATE", read(name))
        await stage.world.until(lambda wanted=number: stage.server.gateway.identified >= wanted, name)  # type: ignore[misc]
        # A new session misses what is sent before it is there.
        await stage.world.until(lambda: any(one.socket for one in stage.server.gateway.sessions.values()))
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))


@pytest.mark.parametrize("name", ["docs_error_1", "docs_error_2", "docs_error_3"])
async def test_a_result_that_discord_refuses_in_detail_is_tried_again(stage: Stage, name: str) -> None:
    stage.engine.script(Play(hold_at_step=1))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    stage.server.fail_next("PATCH", "/webhooks/", 400, read(name), text="### Done")
    stage.engine.release()
    await stage.eventually(stage.is_postponed)
    stage.try_again_after(10)
    await stage.shows(card, "### Done")


@pytest.mark.parametrize("name", ["docs_message", "hikari_message"])
async def test_a_button_of_ours_on_a_recorded_message_is_answered(stage: Stage, name: str) -> None:
    event = completed("hikari_component_interaction")
    custom_id = "uso:reroll:000000000000:0"
    button = {"type": 2, "id": 2, "style": 2, "label": "Re-roll", "custom_id": custom_id}
    message = {"flags": 0, **_completed(read(name)), "components": [{"type": 1, "id": 1, "components": [button]}]}
    event |= {"message": message, "data": {"component_type": 2, "custom_id": custom_id, "id": 2}}
    asked = await stage.server.replay(event)
    assert await stage.whispered(asked) == "We do not know that request; it may have been deleted."


async def test_a_recorded_attachment_is_looked_for_and_missed_in_words(stage: Stage) -> None:
    event = completed("docs_interaction_slash")
    attachment = _completed(read("hikari_attachment"))
    attachment["url"] = stage.server.world.base_url + "/attachments/123/456/IMG.jpg"
    option = {"type": 11, "name": "subject", "value": attachment["id"]}
    prompt = {"type": 3, "name": "prompt", "value": "a cat"}
    data = {"id": "1", "type": 1, "name": "imagine", "options": [prompt, option]}
    event["data"] = {**data, "resolved": {"attachments": {attachment["id"]: attachment}}}
    event["guild_id"], event["channel_id"] = str(stage.world.guild_id), str(stage.server.channel.id)
    event["channel"] = stage.server.channel.payload(stage.server.ada)
    asked = await stage.server.replay(event)
    assert "attach it again" in await stage.whispered(asked)
