"""“Swap subject and style” below cards and results."""

from __future__ import annotations

from adapters.engine.fake import FakeEngine, Play
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.jobs import JobState
from tests.e2e.telegram.test_requests import BLUE, RED, corner
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import texts

COUNTED = Tiers((Tier("free", 100 * CREDIT),), default="free", page="free")


async def test_a_waiting_album_is_replaced_and_charged_once(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(is_manual=True)
    async with world.running(engine, tiers=COUNTED):
        ada.send(*ada.album(RED, BLUE, caption="dancing --seed 7"))
        await world.until(lambda: texts(ada.last()) == [["Cancel"], ["Swap subject and style"]])
        ada.press(ada.last(), "Swap")
        await world.until(lambda: len(ada.seen()) == 2 and "Subject + 1 style" in ada.last().get("text", ""))
        engine.become_ready()
        await world.until(lambda: "photo" in ada.last())
        await world.until(lambda: "credit is back" in ada.seen()[0]["text"])
        swapped, first = await world.jobs(ada)

    [task] = engine.tasks
    assert (task.prompt, task.seed) == ("dancing", 7)
    assert corner(task.subject) == (0, 0, 200)
    assert [corner(style) for style in task.styles] == [(200, 0, 0)]
    assert (first.state, swapped.state) == (JobState.CANCELLED, JobState.DONE)
    assert first.refunded == first.cost > 0
    assert swapped.refunded == 0


async def test_what_is_drawn_already_stays_beside_the_swapped_one(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=2))
    async with world.running(engine):
        ada.send(*ada.album(RED, BLUE, caption="dancing"))
        await world.until(lambda: "step 2" in ada.last().get("text", ""))
        ada.press(ada.last(), "Swap")
        await world.until(lambda: len(ada.seen()) == 2)
        engine.release()
        await world.until(lambda: all("photo" in seen for seen in ada.seen()))
        assert [job.state for job in await world.jobs(ada)] == [JobState.DONE, JobState.DONE]


async def test_a_result_can_be_swapped_after_a_restart(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.send(*ada.album(RED, BLUE, caption="dancing"))
        await world.until(lambda: "photo" in ada.last())
    async with world.running():
        ada.press(ada.last(), "Swap")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
    assert corner(world.engine.tasks[-1].subject) == (0, 0, 200)


async def test_nothing_is_swapped_where_there_is_no_style(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(ada)
        ada.press_data(ada.last(), f"w:{job.id}:0")
        await world.until(lambda: ada.last().get("text", "").startswith("There is nothing to swap"))
