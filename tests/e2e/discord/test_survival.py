"""Restarts in the middle, and what is still there afterwards."""

from __future__ import annotations

from adapters.engine.fake import FakeEngine, Play
from tests.e2e.discord.conftest import Stage


async def test_a_card_goes_on_after_a_restart_in_the_middle(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    asked = await stage.server.slash("imagine", {"prompt": "a cat"})
    await stage.held()
    card = await stage.card(asked)
    await stage.down()
    assert "Drawing" in card.text or "queue" in card.text

    await stage.up(FakeEngine(Play(hold_at_step=7)))
    await stage.held()
    await stage.shows(card, "Drawing, step 7 of 25")
    stage.engine.release()
    await stage.shows(card, "### Done")
    assert len(card.gallery) == 1
    assert stage.world.posted_in(stage.server.channel) == [card]


async def test_buttons_work_after_a_restart(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "cats", "count": 2}))
    await stage.down()
    await stage.up()
    stage.world.clock.advance(minutes=60 * 24 * 30)
    await stage.finished(await stage.server.press(card, "Strong"))
    faces = len(card.faces)
    await stage.server.press(card, "2")
    await stage.world.until(lambda: len(card.faces) > faces, "the card is drawn again")
    await stage.finished(await stage.server.press(card, "Re-roll"))
    assert len(await stage.jobs()) == 3


async def test_a_running_card_can_be_cancelled_after_a_restart(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    await stage.down()
    await stage.up(FakeEngine(Play(hold_at_step=1)))
    await stage.held()
    await stage.shows(card, "Drawing, step 1")
    await stage.server.press(card, "Cancel")
    await stage.shows(card, "### Cancelled")


async def test_a_result_made_while_discord_was_away_is_delivered_at_the_next_start(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    await stage.bot.close()
    stage.engine.release()
    await stage.eventually(stage.is_postponed)
    assert "### Done" not in card.text
    await stage.down()
    stage.clock.advance(600)
    await stage.up()
    await stage.shows(card, "### Done")
    await stage.eventually(stage.all_is_told)
    assert stage.world.posted_in(stage.server.channel) == [card]


async def test_an_event_that_comes_twice_makes_one_job(stage: Stage) -> None:
    asked = await stage.server.slash("imagine", {"prompt": "a cat"})
    card = await stage.finished(asked)
    (session,) = stage.server.gateway.sessions.values()
    event = next(one for one in session.events if one["t"] == "INTERACTION_CREATE")
    await stage.server.gateway.dispatch("INTERACTION_CREATE", event["d"])
    await stage.world.until(lambda: bool(stage.world.violations), "the second answer is refused")
    assert stage.world.violations.pop().endswith("Interaction has already been acknowledged.")
    assert len(await stage.jobs()) == 1
    assert stage.world.posted_in(stage.server.channel) == [card]
