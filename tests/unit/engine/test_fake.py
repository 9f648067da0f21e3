"""What the fake can be told to do beyond the contract."""

from __future__ import annotations

import asyncio

import pytest

from adapters.engine.fake import FAKE_INFO, FAKE_MEMORY, FakeEngine, Play
from bot.domain.engines import EngineState
from bot.ports.engine import (
    EngineEvent,
    EngineLost,
    EngineMemory,
    EngineOutOfMemory,
    EngineTask,
    PictureDone,
    StepDone,
    TaskStopped,
)

TASK = EngineTask("job", "a cat", None, (), 512, 512, False, 3, 4.0, 512, 1, None)


async def run(engine: FakeEngine, task: EngineTask = TASK) -> list[EngineEvent]:
    async with asyncio.timeout(10):
        return [event async for event in engine.generate(task)]


async def test_plays_are_used_up_in_order() -> None:
    engine = FakeEngine(Play(fail_at_step=2, failure=EngineOutOfMemory("full")))
    await engine.start()
    events = engine.generate(TASK)
    assert [await anext(events), await anext(events)] == [StepDone(1, 3, 0.01), StepDone(2, 3, 0.02)]
    with pytest.raises(EngineOutOfMemory):
        await anext(events)
    assert isinstance((await run(engine))[-1], PictureDone)
    assert engine.tasks == [TASK, TASK]
    await engine.close()


async def test_a_held_task_waits_for_release_or_stop() -> None:
    engine = FakeEngine(Play(hold_at_step=1), Play(hold_at_step=0))
    await engine.start()
    released = asyncio.create_task(run(engine))
    await asyncio.wait_for(engine.held.wait(), 10)
    assert engine.is_working
    engine.release()
    assert len(await released) == 4
    stopped = asyncio.create_task(run(engine))
    await asyncio.wait_for(engine.held.wait(), 10)
    await engine.stop("job")
    with pytest.raises(TaskStopped):
        await stopped
    assert engine.stops == ["job"]
    await engine.close()


@pytest.mark.parametrize("is_scripted", [True, False])
async def test_a_loss_is_followed_by_a_fresh_start(is_scripted: bool) -> None:
    engine = FakeEngine(Play(fail_at_step=1, failure=EngineLost("died")) if is_scripted else Play(hold_at_step=1))
    await engine.start()
    lost = asyncio.create_task(run(engine))
    if not is_scripted:
        await asyncio.wait_for(engine.held.wait(), 10)
        engine.lose()
    with pytest.raises(EngineLost):
        await lost
    assert isinstance((await run(engine))[-1], PictureDone)
    assert engine.starts == 2
    await engine.close()


async def test_a_manual_engine_moves_only_when_told() -> None:
    engine = FakeEngine(is_manual=True)
    await engine.start()
    waiting = asyncio.create_task(run(engine))
    for _ in range(10):
        await asyncio.sleep(0)
    assert engine.status.state is EngineState.STARTING
    engine.warm_up(0.4, seconds_left=12.0)
    assert (engine.status.fraction, engine.status.seconds_left) == (0.4, 12.0)
    engine.break_down("no weights")
    assert (engine.status.state, engine.status.reason) == (EngineState.BROKEN, "no weights")
    assert not waiting.done()
    engine.become_ready()
    assert isinstance((await waiting)[-1], PictureDone)
    engine.lose()
    assert engine.status.state is EngineState.STARTING
    await engine.close()


async def test_what_it_takes_of_the_memory_is_shown_while_ready() -> None:
    engine = FakeEngine(is_manual=True)
    more = EngineMemory(1, 2, 3)
    await engine.start()
    engine.take_memory(more)
    seen = [engine.status.memory]
    engine.become_ready()
    seen.append(engine.status.memory)
    engine.take_memory(more)
    assert [*seen, engine.status.memory] == [None, FAKE_MEMORY, more]
    assert engine.status.info == FAKE_INFO
    await engine.close()


async def test_breaking_down_loses_the_running_task() -> None:
    engine = FakeEngine(Play(hold_at_step=2))
    await engine.start()
    running = asyncio.create_task(run(engine))
    await asyncio.wait_for(engine.held.wait(), 10)
    engine.break_down("the card fell out")
    with pytest.raises(EngineLost):
        await running
    assert engine.status.reason == "the card fell out"
    await engine.close()
