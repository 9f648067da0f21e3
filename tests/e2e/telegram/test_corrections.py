"""Edited messages: a correction while the request waits or was refused, never a second picture."""

from __future__ import annotations

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.jobs import JobState
from tests.e2e.telegram.test_buttons import drawn
from tests.e2e.telegram.test_requests import BLUE, RED, corner
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group

COUNTED = Tiers((Tier("free", 100 * CREDIT),), default="free", page="free")


async def test_a_refused_request_is_corrected_by_editing(world: World) -> None:
    ada = world.person()
    async with world.running():
        message = ada.show(RED, "on a beach --sed 7")
        await world.until(lambda: ada.last().get("text", "").startswith("“--sed”"))
        ada.edit(message, "on a beach --seed 7")
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(ada)
    assert (job.request.prompt, job.request.seed) == ("on a beach", 7)


async def test_a_waiting_request_is_replaced_and_charged_once(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(is_manual=True)
    async with world.running(engine, tiers=COUNTED):
        message = ada.write("a fux")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        ada.edit(message, "a fax")
        await world.until(lambda: len(ada.seen()) == 2 and "Warming up" in ada.last().get("text", ""))
        ada.edit(message, "a fox")
        await world.until(lambda: len(ada.seen()) == 3 and "Warming up" in ada.last().get("text", ""))
        engine.become_ready()
        await world.until(lambda: "photo" in ada.last())
        jobs = await world.jobs(ada)
    assert [task.prompt for task in engine.tasks] == ["a fox"]
    assert [job.state for job in jobs] == [JobState.DONE, JobState.CANCELLED, JobState.CANCELLED]
    assert [job.cost - job.refunded for job in jobs[1:]] == [0, 0]


async def test_an_edit_that_says_the_same_changes_nothing(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(is_manual=True)
    async with world.running(engine):
        message = ada.write("a fox --steps 9")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        ada.edit(message, "--steps 9 a fox")
        await world.settled()
        assert len(await world.jobs(ada)) == 1
        assert len(ada.seen()) == 1


@pytest.mark.parametrize("is_over", [False, True])
async def test_what_is_drawn_or_done_stays_and_the_way_on_is_told(world: World, is_over: bool) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=2))
    async with world.running(engine):
        message = ada.write("a fox")
        await world.until(lambda: "step 2" in ada.last().get("text", ""))
        if is_over:
            engine.release()
            await world.until(lambda: "photo" in ada.last())
        ada.edit(message, "a hen")
        await world.until(lambda: ada.last().get("text", "").startswith("That is being drawn already, or done."))
        engine.release()
        await world.until(lambda: "photo" in ada.seen()[0])
        assert len(await world.jobs(ada)) == 1


async def test_an_album_keeps_its_pictures_when_its_caption_is_edited(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(is_manual=True)
    async with world.running(engine):
        first, second = ada.album(RED, BLUE, caption="dencing")
        ada.send(first, second)
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        ada.edit(first, "dancing")
        await world.until(lambda: len(ada.seen()) == 2 and "Warming up" in ada.last().get("text", ""))
        engine.become_ready()
        await world.until(lambda: "photo" in ada.last())
    [task] = engine.tasks
    assert (task.prompt, corner(task.subject)) == ("dancing", (200, 0, 0))
    assert [corner(style) for style in task.styles] == [(0, 0, 200)]


async def test_a_refused_album_is_asked_for_again(world: World) -> None:
    ada = world.person()
    async with world.running():
        first, second = ada.album(RED, BLUE, caption="dancing --sed 7")
        ada.send(first, second)
        await world.until(lambda: ada.last().get("text", "").startswith("“--sed”"))
        ada.edit(first, "dancing --seed 7")
        await world.until(lambda: ada.last()["text"].startswith("Please send the album again"))
        assert await world.jobs(ada) == ()


async def test_a_remix_is_corrected_too(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(), Play(hold_at_step=1))
    async with world.running(engine):
        await drawn(world, ada)
        result = ada.last()
        ada.write("a house")
        await world.until(engine.held.is_set)
        answer = ada.write("a hin", reply_to=result)
        await world.until(lambda: "next" in ada.last().get("text", ""))
        ada.edit(answer, "a hen")
        await world.until(lambda: len(ada.seen()) == 4 and "next" in ada.last().get("text", ""))
        engine.release()
        await world.until(lambda: "photo" in ada.last())
    assert (engine.tasks[-1].prompt, engine.tasks[-1].seed) == ("a hen", 7)
    assert "a hin" not in [task.prompt for task in engine.tasks]


async def test_edited_talk_in_a_group_is_not_for_us(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    async with world.running():
        talk = ada.write("/unknown fox")
        ada.edit(talk, "just talk")
        await world.settled()
        assert ada.seen() == []
