"""Cancel, Re-roll and Vary: by whom, how often, and how long after."""

from __future__ import annotations

from adapters.engine.fake import Play
from bot.domain.jobs import JobState, LineageKind
from bot.domain.limits import Limits
from tests.e2e.discord.conftest import Stage


async def test_re_roll_makes_a_new_card_with_a_new_seed(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "seed": 5}))
    before = list(card.texts)
    pressed = await stage.server.press(card, "Re-roll")
    again = await stage.finished(pressed)
    first, second = await stage.jobs()
    assert second.lineage is not None
    assert (second.lineage.kind, second.lineage.parent) == (LineageKind.REROLL, first.id)
    assert second.request.seed != 5
    assert second.event_key == f"discord:{pressed.id}"
    assert card.texts == before
    assert stage.world.posted_in(stage.server.channel) == [card, again]


async def test_both_variations_keep_the_seed_and_differ_in_strength(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "seed": 5}))
    await stage.finished(await stage.server.press(card, "Subtle"))
    await stage.finished(await stage.server.press(card, "Strong"))
    _, subtle, strong = await stage.jobs()
    assert subtle.request.variation is not None
    assert strong.request.variation is not None
    assert (subtle.request.variation.strength, strong.request.variation.strength) == (0.15, 0.5)
    assert subtle.request.seed == strong.request.seed == 5


async def test_upscale_makes_a_new_card_of_the_picture_chosen(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "cats", "count": 2}))
    faces = len(card.faces)
    await stage.server.press(card, "2")
    await stage.world.until(lambda: len(card.faces) > faces, "the card is drawn again")
    enlarged = await stage.finished(await stage.server.press(card, "Upscale"))
    assert enlarged is not card
    assert "Upscale 2×" in enlarged.text
    first, second = await stage.jobs()
    assert second.lineage is not None
    assert (second.lineage.kind, second.lineage.parent) == (LineageKind.UPSCALE, first.id)
    assert second.lineage.picture_index == 1
    assert second.request.width == 2 * first.pictures[1].width


async def test_anyone_may_re_roll_a_public_picture_at_their_own_cost(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    again = await stage.finished(await stage.server.press(card, "Re-roll", person=bob))
    assert len(await stage.jobs()) == 1
    (job,) = await stage.jobs_of(bob)
    assert job.lineage is not None
    assert f"<@{bob.id}>" in again.text


async def test_a_double_press_makes_one_job(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    first = await stage.server.press(card, "Re-roll")
    second = await stage.server.press(card, "Re-roll")
    await stage.finished(first)
    await stage.world.until(
        lambda: second.response is not None and second.response.is_deleted, "the second promise is taken back"
    )
    assert len(await stage.jobs()) == 2

    stage.world.clock.advance(seconds=3)
    await stage.finished(await stage.server.press(card, "Re-roll"))
    assert len(await stage.jobs()) == 3


async def test_a_running_job_is_cancelled_by_its_owner(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    pressed = await stage.server.press(card, "Cancel")
    await stage.shows(card, "### Cancelled")
    assert pressed.answer_type == 6
    assert pressed.followups == []
    assert list(card.buttons) == ["Re-roll", "Remix"]
    assert card.gallery == []
    (job,) = await stage.jobs()
    assert job.state is JobState.CANCELLED


async def test_a_waiting_job_is_cancelled_at_once(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=1))
    running = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    waiting = await stage.card(await stage.server.slash("imagine", {"prompt": "a dog"}))
    await stage.server.press(waiting, "Cancel")
    await stage.shows(waiting, "### Cancelled")
    stage.engine.release()
    await stage.shows(running, "### Done")
    assert [task.prompt for task in stage.engine.tasks] == ["a cat"]


async def test_nobody_else_can_cancel(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    pressed = await stage.server.press(card, "Cancel", person=bob)
    assert await stage.whispered(pressed) == "Only the person who asked for it can do that."
    stage.engine.release()
    await stage.shows(card, "### Done")


async def test_cancelling_what_is_over_is_answered(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    cancel = dict(card.buttons)
    stage.engine.release()
    await stage.shows(card, "### Done")
    shown, card.components = (
        card.components,
        [
            {
                "type": 1,
                "id": 1,
                "components": [{"type": 2, "id": 2, "style": 4, "label": "Cancel", "custom_id": cancel["Cancel"]}],
            }
        ],
    )
    pressed = await stage.server.press(card, "Cancel")
    assert await stage.whispered(pressed) == "That request is already over."
    card.components = shown


async def test_a_button_of_an_unknown_job_is_answered(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    stage.storage = type(stage.storage)()
    await stage.down()
    await stage.up()
    pressed = await stage.server.press(card, "Re-roll")
    assert await stage.whispered(pressed) == "We do not know that request; it may have been deleted."
    assert stage.world.posted_in(stage.server.channel) == [card]


async def test_the_waiting_limit_is_told(stage: Stage) -> None:
    await stage.down()
    await stage.up(limits=Limits(max_waiting_jobs=1))
    stage.engine.script(Play(hold_at_step=1))
    running = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    waiting = await stage.card(await stage.server.slash("imagine", {"prompt": "a dog"}))
    refused = await stage.server.slash("imagine", {"prompt": "one too many"})
    assert "1 requests waiting" in await stage.whispered(refused)
    await stage.server.press(running, "Cancel")
    await stage.shows(waiting, "### Done")
    assert len(await stage.jobs()) == 2
