"""Remix: the form, what is done with it, and what happens to what can not be used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adapters.engine.fake import Play
from bot.domain.jobs import LineageKind
from bot.domain.limits import Limits
from bot.ports.engine import EngineOutOfMemory
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.messages import Message
from tests.support.pictures import png


async def a_result(stage: Stage, **options: object) -> Message:
    asked = {"prompt": "a cat", "seed": 5, "aspect": "16:9", "steps": 12, **options}
    return await stage.finished(await stage.server.slash("imagine", asked))


async def form(stage: Stage, pressed: Interaction) -> dict[str, Any]:
    """The fields of the form that opened, by custom id."""
    await stage.world.until(lambda: pressed.modal is not None, "a form")
    assert pressed.modal is not None
    fields = [one["component"] for one in pressed.modal["components"]]
    return {one["custom_id"]: one for one in fields}


async def test_the_form_is_filled_in_and_what_is_changed_is_remixed(stage: Stage) -> None:
    card = await a_result(stage, subject=png())
    pressed = await stage.server.press(card, "Remix")
    fields = await form(stage, pressed)
    assert {name: one["value"] for name, one in fields.items() if "value" in one} == {
        "prompt": "a cat",
        "seed": "5",
        "steps": "12",
        "guidance": "4",
    }
    (kept,) = [one for one in fields["aspect"]["options"] if one.get("default")]
    assert kept["label"] == "As it is (1360 × 768)"

    sent = await stage.server.submit(pressed, {"prompt": "a dog", "aspect": ["1:1"], "guidance": "3,5"})
    await stage.finished(sent)
    first, second = await stage.jobs()
    assert second.request == replace(first.request, prompt="a dog", width=1024, height=1024, guidance=3.5)
    assert second.lineage is not None
    assert (second.lineage.kind, second.lineage.parent) == (LineageKind.REMIX, first.id)


async def test_an_empty_seed_draws_a_new_one_and_the_size_stays(stage: Stage) -> None:
    card = await a_result(stage, count=2)
    faces = len(card.faces)
    await stage.server.press(card, "2")
    await stage.world.until(lambda: len(card.faces) > faces, "the card is drawn again")
    pressed = await stage.server.press(card, "Remix")
    assert (await form(stage, pressed))["seed"]["value"] == "6", "the seed of the picture chosen"
    await stage.finished(await stage.server.submit(pressed, {"seed": ""}))
    first, second = await stage.jobs()
    assert second.request.seed not in {5, 6}
    assert (second.request.width, second.request.height) == (first.request.width, first.request.height)


async def test_every_wrong_field_gets_its_sentence_and_nothing_typed_is_lost(stage: Stage) -> None:
    card = await a_result(stage)
    pressed = await stage.server.press(card, "Remix")
    typed = {"prompt": "a long story", "seed": "seven", "steps": "99", "guidance": "-1", "aspect": ["3:4"]}
    refused = await stage.server.submit(pressed, typed)
    assert (await stage.whispered(refused)).splitlines() == [
        "“seven” is not a number for Seed.",
        "Steps go from 1 to 50.",
        "Guidance goes from 1 to 5.",
    ]
    assert len(await stage.jobs()) == 1
    assert stage.world.posted_in(stage.server.channel) == [card]

    assert refused.response is not None
    again = await stage.server.press(refused.response, "Correct it")
    fields = await form(stage, again)
    assert fields["prompt"]["value"] == "a long story"
    assert fields["seed"]["value"] == "seven"
    assert [one["value"] for one in fields["aspect"]["options"] if one.get("default")] == ["3:4"]
    await stage.finished(await stage.server.submit(again, {"seed": "7", "steps": "20", "guidance": "2"}))
    _, second = await stage.jobs()
    assert (second.request.prompt, second.request.seed, second.request.steps) == ("a long story", 7, 20)

    fresh = await stage.server.press(card, "Remix")
    assert (await form(stage, fresh))["prompt"]["value"] == "a cat", "what was sent is not kept any longer"


async def test_what_is_refused_later_keeps_the_form_too(stage: Stage) -> None:
    card = await a_result(stage)
    await stage.down()
    await stage.up(limits=Limits(max_waiting_jobs=1))
    stage.engine.script(Play(hold_at_step=1))
    await stage.server.slash("imagine", {"prompt": "running"})
    await stage.held()
    await stage.card(await stage.server.slash("imagine", {"prompt": "waiting"}))
    pressed = await stage.server.press(card, "Remix")
    refused = await stage.server.submit(pressed, {"prompt": "one too many"})
    assert "1 requests waiting" in await stage.whispered(refused)
    (told,) = [one for one in refused.followups if "Correct it" in one.buttons]
    again = await stage.server.press(told, "Correct it")
    assert (await form(stage, again))["prompt"]["value"] == "one too many"
    stage.engine.release()


async def test_a_prompt_may_be_empty_only_with_a_subject(stage: Stage) -> None:
    card = await a_result(stage)
    refused = await stage.server.submit(await stage.server.press(card, "Remix"), {"prompt": ""})
    assert await stage.whispered(refused) == "Please write a prompt, or add a subject picture."


async def test_an_enlarged_picture_is_remixed_from_what_it_was_drawn_from(stage: Stage) -> None:
    card = await a_result(stage)
    enlarged = await stage.finished(await stage.server.press(card, "Upscale"))
    pressed = await stage.server.press(enlarged, "Remix")
    fields = await form(stage, pressed)
    assert [fields[name]["value"] for name in ("prompt", "seed", "steps")] == ["a cat", "5", "12"]
    await stage.finished(await stage.server.submit(pressed, {"prompt": "a dog"}))
    *_, last = await stage.jobs()
    assert (last.request.prompt, last.request.seed, last.request.steps) == ("a dog", 5, 12)


async def test_a_form_that_was_open_over_a_restart_is_answered(stage: Stage) -> None:
    card = await a_result(stage)
    pressed = await stage.server.press(card, "Remix")
    await form(stage, pressed)
    await stage.down()
    await stage.up()
    await stage.finished(await stage.server.submit(pressed, {"prompt": "a dog"}))
    assert [job.request.prompt for job in await stage.jobs()] == ["a cat", "a dog"]


async def test_a_prompt_longer_than_a_form_can_hold_stays_as_it_is(stage: Stage) -> None:
    await stage.down()
    await stage.up(limits=Limits(prompt_chars=5000))
    long = "word " * 900
    card = await a_result(stage, prompt=long)
    pressed = await stage.server.press(card, "Remix")
    fields = await form(stage, pressed)
    assert "prompt" not in fields
    assert not fields["other_prompt"].get("value")
    await stage.finished(await stage.server.submit(pressed, {"steps": "3"}))
    again = await stage.server.press(card, "Remix")
    await stage.finished(await stage.server.submit(again, {"other_prompt": "short"}))
    prompts = [job.request.prompt for job in await stage.jobs()]
    assert prompts == [long.strip(), long.strip(), "short"]


async def test_a_failed_request_can_be_remixed(stage: Stage) -> None:
    stage.engine.script(Play(failure=EngineOutOfMemory()))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.shows(card, "did not fit into memory")
    pressed = await stage.server.press(card, "Remix")
    await stage.finished(await stage.server.submit(pressed, {"aspect": ["3:4"]}))


async def test_the_form_and_its_refusals_are_german_for_germans(stage: Stage) -> None:
    greta = stage.world.add_person("Greta", locale="de")
    card = await a_result(stage)
    pressed = await stage.server.press(card, "Remix", person=greta)
    await form(stage, pressed)
    assert pressed.modal is not None
    labels = [one["label"] for one in pressed.modal["components"]]
    assert labels == ["Beschreibung", "Seed", "Format", "Schritte", "Führung"]
    refused = await stage.server.submit(pressed, {"steps": "viele"})
    assert await stage.whispered(refused) == "„viele“ ist keine Zahl für Schritte."
    assert refused.response is not None
    assert list(refused.response.buttons) == ["Verbessern"]
