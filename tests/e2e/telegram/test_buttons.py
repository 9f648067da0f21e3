"""Buttons below results: at any time, by anybody who may, after a restart too."""

from __future__ import annotations

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.jobs import JobState, LineageKind
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import Person, member, new_group, texts

YEAR_S = 365 * 24 * 3600.0


async def drawn(world: World, person: Person, words: str = "a fox --seed 7") -> None:
    """Have a picture made."""
    before = len(person.seen())
    person.write(words)
    await world.until(lambda: len(person.seen()) > before and "photo" in person.last())


async def test_reroll_makes_the_same_with_a_new_seed(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        result = ada.last()
        query = ada.press(result, "Re-roll")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        newest, oldest = await world.jobs(ada)

    assert [answer["callback_query_id"] for answer in world.server.methods.answered] == [query]
    assert newest.request.prompt == oldest.request.prompt
    assert newest.request.seed != oldest.request.seed
    assert newest.lineage is not None
    assert (newest.lineage.kind, newest.lineage.parent) == (LineageKind.REROLL, oldest.id)
    assert ada.last()["reply_to_message"]["message_id"] == result["message_id"]


@pytest.mark.parametrize(("label", "strength"), [("Subtle", 0.15), ("Strong", 0.5)])
async def test_vary_stays_near_the_picture(world: World, label: str, strength: float) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        ada.press(ada.last(), label)
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())

    task = world.engine.tasks[-1]
    assert task.seed == 7
    assert task.variation is not None
    assert task.variation.strength == strength


async def test_each_picture_of_several_has_its_own_buttons(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox --n 3 --seed 5")
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))
        buttons = ada.last()
        ada.press(buttons, "3")
        await world.until(lambda: texts(buttons)[0] == ["1", "2", "• 3 •"])
        assert ada.copied(buttons, "Copy seed") == "7"
        ada.press(buttons, "Strong")
        await world.until(lambda: texts(ada.last())[:1] == [["• 1 •", "2", "3"]] and ada.last() is not buttons)
        assert world.engine.tasks[-1].seed == 7
        ada.press(buttons, "2")
        await world.until(lambda: texts(buttons)[0] == ["1", "• 2 •", "3"])
        ada.press(buttons, "Original")
        await world.until(lambda: "document" in ada.last())
        [_, job] = await world.jobs(ada)
        original = await world.kit.images.get(job.pictures[1].picture)

    assert world.server.calls_of("sendDocument")[0].uploads.popitem()[1] == original


async def test_the_original_comes_as_a_document(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        ada.press(ada.last(), "Original file")
        await world.until(lambda: "document" in ada.last())
        [job] = await world.jobs(ada)
        original = await world.kit.images.get(job.pictures[0].picture)

    [sent] = world.server.calls_of("sendDocument")
    assert list(sent.uploads.values()) == [original]


async def test_two_presses_within_a_moment_are_one(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        result = ada.last()
        ada.press(result, "Re-roll")
        ada.press(result, "Re-roll")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        await world.settled()
        assert len(await world.jobs(ada)) == 2
        world.timer.advance(3)
        ada.press(result, "Re-roll")
        await world.until(lambda: len(ada.seen()) == 3 and "photo" in ada.last())
    assert len(world.server.methods.answered) == 3


async def test_buttons_work_after_a_restart_and_a_year(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
    world.timer.advance(YEAR_S)
    async with world.running():
        ada.press(ada.last(), "Strong")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
    assert world.engine.tasks[-1].variation is not None


async def test_a_press_from_while_the_bot_was_down_is_done_though_too_old_to_answer(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
    ada.press(ada.last(), "Re-roll")
    world.timer.advance(3600)
    async with world.running():
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        await world.settled()
    [stale] = [call for call in world.server.calls if call.method == "answerCallbackQuery"]
    assert stale.error is not None
    assert "too old" in stale.error


@pytest.mark.parametrize("data", ["", "x", "r", "r:unknown0job:0", "z:abc:0", "r:abc:minus", "s:abc:99", "c:nobody:0"])
async def test_buttons_that_mean_nothing_are_harmless(world: World, data: str) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        ada.press_data(ada.last(), data or " ")
        await world.settled()
        await drawn(world, ada, "still there")
        assert len(await world.jobs(ada)) == 2
    assert len(world.server.methods.answered) == 1


async def test_a_press_on_a_message_telegram_no_longer_shows(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        result = ada.last()
        data = result["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        ada.press_data({"chat": result["chat"], "message_id": result["message_id"], "date": 0}, data)
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())


async def test_only_the_owner_cancels_and_anybody_rerolls(world: World) -> None:
    group = new_group(world.server)
    ada, jo = member(world.person("Ada"), group), member(world.person("Jo"), group)
    async with world.running(FakeEngine(Play(hold_at_step=2))):
        ada.write("/imagine a fox")
        await world.until(lambda: "step 2" in ada.last().get("text", ""))
        card = ada.last()
        jo.press(card, "Cancel")
        await world.until(lambda: ada.last().get("text") == "Only the person who asked for it can do that.")
        world.engine.release()
        await world.until(lambda: "photo" in card)
        jo.press(card, "Re-roll")
        await world.until(lambda: "photo" in ada.last() and ada.last() is not card)
        [job] = await world.jobs(jo)
    assert job.state is JobState.DONE


async def test_cancelling_what_is_over_says_so(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(Play(hold_at_step=2))):
        ada.write("a fox")
        await world.until(lambda: "step 2" in ada.last().get("text", ""))
        card = {**ada.last()}
        world.engine.release()
        await world.until(lambda: "photo" in ada.last())
        ada.press(card, "Cancel")
        await world.until(lambda: ada.last().get("text") == "That request is already over.")
