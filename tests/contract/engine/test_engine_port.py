"""What every engine promises, the fake as well as the process with the toy model."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.domain.engines import EngineState
from bot.domain.requests import Variation
from bot.ports.engine import (
    EngineEvent,
    EngineLost,
    EngineRefused,
    EngineRestarted,
    EngineTask,
    PictureDone,
    StepDone,
    TaskStopped,
)
from tests.support.tasks import engine_task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.ports.engine import Engine

    from .conftest import EngineUnderTest

pytestmark = pytest.mark.asyncio(loop_scope="module")
TIMEOUT_S = 120.0


async def run(engine: Engine, task: EngineTask) -> list[EngineEvent]:
    async with asyncio.timeout(TIMEOUT_S):
        return [event async for event in engine.generate(task)]


async def picture_of(engine: Engine, task: EngineTask) -> PictureDone:
    last = (await run(engine, task))[-1]
    assert isinstance(last, PictureDone)
    return last


async def first_step(events: AsyncIterator[EngineEvent]) -> StepDone:
    event = await asyncio.wait_for(anext(events), TIMEOUT_S)
    assert isinstance(event, StepDone)
    return event


async def run_out(events: AsyncIterator[EngineEvent], seen: list[EngineEvent]) -> None:
    async with asyncio.timeout(TIMEOUT_S):
        async for event in events:
            seen.append(event)  # noqa: PERF401 -- kept also when an error ends the events


def png(colour: str, size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


async def test_the_status_goes_from_starting_over_warming_up_to_ready(lasting: EngineUnderTest) -> None:
    order = [EngineState.STARTING, EngineState.WARMING_UP, EngineState.READY]
    up_to_ready = lasting.statuses[: [status.state for status in lasting.statuses].index(EngineState.READY) + 1]
    assert list(dict.fromkeys(status.state for status in up_to_ready)) == order
    fractions = [status.fraction for status in up_to_ready]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    ready = up_to_ready[-1]
    assert ready.info is not None
    assert ready.info == await lasting.engine.wait_ready()
    assert ready.info.is_toy
    assert ready.info.revision


async def test_the_memory_is_told_while_ready(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    await lasting.wait_ready()
    before_the_first = next(one for one in lasting.statuses if one.state is EngineState.READY)
    await picture_of(lasting.engine, small_task)
    for status in (before_the_first, lasting.engine.status):
        assert status.memory is not None
        assert 0 < status.memory.used_bytes <= status.memory.reserved_bytes <= status.memory.total_bytes
    others = [one for one in lasting.statuses if one.state is not EngineState.READY]
    assert all(one.memory is None for one in others)


async def test_steps_come_in_order_and_then_the_picture(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    *steps, picture = await run(lasting.engine, small_task)
    assert [step.step for step in steps if isinstance(step, StepDone)] == [1, 2, 3, 4, 5]
    elapsed_s = [step.elapsed_s for step in steps if isinstance(step, StepDone)]
    assert elapsed_s == sorted(elapsed_s)
    assert elapsed_s[0] > 0
    assert all(isinstance(step, StepDone) and step.steps == 5 for step in steps)
    assert isinstance(picture, PictureDone)
    assert len(picture.rgb) == picture.width * picture.height * 3
    assert picture.duration_s > 0


async def test_pictures_have_the_native_scale(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    info = await lasting.engine.wait_ready()
    assert info.native_side_px is not None
    picture = await picture_of(lasting.engine, replace(small_task, width=1024, height=1024, steps=1))
    assert (picture.width, picture.height) == (info.native_side_px, info.native_side_px)


async def test_previews_come_as_often_as_asked(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    steps = [event for event in await run(lasting.engine, small_task) if isinstance(event, StepDone)]
    assert [step.step for step in steps if step.preview is not None] == [2, 4]
    preview = next(step.preview for step in steps if step.preview is not None)
    with Image.open(io.BytesIO(preview)) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) <= 256
    without = await run(lasting.engine, replace(small_task, preview_every=0))
    assert not any(event.preview for event in without if isinstance(event, StepDone))


async def test_the_same_task_gives_the_same_pixels(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    first, again = [await picture_of(lasting.engine, small_task) for _ in range(2)]
    assert first.rgb == again.rgb
    varied = replace(small_task, variation=Variation(seed=7, strength=0.5))
    others = [replace(small_task, seed=43), replace(small_task, prompt="a dog"), varied]
    pixels = {first.rgb} | {(await picture_of(lasting.engine, task)).rgb for task in others}
    assert len(pixels) == 4


async def test_reference_pictures_are_used(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    with_subject = replace(small_task, subject=png("red", (64, 48)), styles=(png("blue", (40, 40)),), steps=2)
    with_other = replace(with_subject, styles=(png("blue", (40, 40)), png("yellow", (30, 90))))
    pixels = {(await picture_of(lasting.engine, task)).rgb for task in (with_subject, with_other)}
    assert len(pixels) == 2


async def test_a_stopped_task_ends_at_once_and_the_engine_goes_on(
    lasting: EngineUnderTest, small_task: EngineTask, endless_task: EngineTask
) -> None:
    events = lasting.engine.generate(endless_task)
    await first_step(events)
    await lasting.engine.stop(endless_task.job_id)
    seen: list[EngineEvent] = []
    with pytest.raises(TaskStopped):
        await run_out(events, seen)
    assert len(seen) < endless_task.steps / 2
    assert all(isinstance(event, StepDone) for event in seen)
    await picture_of(lasting.engine, small_task)


async def test_stopping_something_else_changes_nothing(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    events = lasting.engine.generate(small_task)
    await first_step(events)
    await lasting.engine.stop("another job")
    assert isinstance([event async for event in events][-1], PictureDone)
    await lasting.engine.stop(small_task.job_id)
    await picture_of(lasting.engine, small_task)


async def test_a_task_that_waits_its_turn_can_be_stopped(
    lasting: EngineUnderTest, small_task: EngineTask, endless_task: EngineTask
) -> None:
    events = lasting.engine.generate(endless_task)
    await first_step(events)
    waiting = asyncio.create_task(run(lasting.engine, small_task))
    while not waiting.done():
        # The waiting task is packed in a thread before it can be stopped; steps of the other one tell the time.
        await first_step(events)
        await lasting.engine.stop(small_task.job_id)
    with pytest.raises(TaskStopped):
        await waiting
    await lasting.engine.stop(endless_task.job_id)
    with pytest.raises(TaskStopped):
        await run_out(events, [])


@pytest.mark.parametrize(
    "change", [{"width": 100_000}, {"height": 0}, {"width": 1000}, {"prompt": " "}, {"steps": 0}], ids=str
)
async def test_what_no_model_can_draw_is_refused_in_a_sentence(
    lasting: EngineUnderTest, small_task: EngineTask, change: dict[str, str | int]
) -> None:
    with pytest.raises(EngineRefused) as caught:
        await run(lasting.engine, replace(small_task, **change))  # type: ignore[arg-type]
    assert str(caught.value).endswith(".")
    await picture_of(lasting.engine, replace(small_task, steps=1))


def upscale_task(size: tuple[int, int], colour: str = "red", **changes: object) -> EngineTask:
    width, height = size
    data = png(colour, size)
    return engine_task(job_id="up", upscale_of=data, width=2 * width, height=2 * height, **changes)


async def test_a_picture_is_enlarged_in_tiles_to_twice_its_sides(lasting: EngineUnderTest) -> None:
    *tiles, picture = await run(lasting.engine, upscale_task((200, 50)))
    assert all(isinstance(tile, StepDone) and tile.preview is None for tile in tiles)
    told = [(tile.step, tile.steps) for tile in tiles if isinstance(tile, StepDone)]
    assert len(told) > 1
    assert told == [(number, len(told)) for number in range(1, len(told) + 1)]
    assert isinstance(picture, PictureDone)
    assert (picture.width, picture.height) == (400, 100)
    assert len(picture.rgb) == 400 * 100 * 3
    assert picture.duration_s > 0


async def test_enlarging_depends_on_the_picture_alone(lasting: EngineUnderTest) -> None:
    first = await picture_of(lasting.engine, upscale_task((40, 24)))
    again = await picture_of(lasting.engine, upscale_task((40, 24), prompt="a dog", seed=9, steps=1))
    assert again.rgb == first.rgb
    assert (await picture_of(lasting.engine, upscale_task((40, 24), "blue"))).rgb != first.rgb


async def test_the_engine_tells_its_upscaler(lasting: EngineUnderTest) -> None:
    info = await lasting.engine.wait_ready()
    assert info.upscaler.label
    assert info.upscaler.revision not in ("", info.revision)


async def test_enlarging_stops_between_tiles(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    task = upscale_task((2000, 1100))
    events = lasting.engine.generate(task)
    await first_step(events)
    await lasting.engine.stop(task.job_id)
    seen: list[EngineEvent] = []
    with pytest.raises(TaskStopped):
        await run_out(events, seen)
    await picture_of(lasting.engine, small_task)


@pytest.mark.parametrize("data", [b"", b"not a picture", png("red", (15, 15))], ids=["empty", "text", "small"])
async def test_what_can_not_be_enlarged_is_refused_in_a_sentence(lasting: EngineUnderTest, data: bytes) -> None:
    with pytest.raises(EngineRefused) as caught:
        await run(lasting.engine, engine_task(upscale_of=data, width=30, height=30))
    assert str(caught.value).endswith(".")


async def test_a_leaving_reader_stops_the_work(
    lasting: EngineUnderTest, small_task: EngineTask, endless_task: EngineTask
) -> None:
    events = lasting.engine.generate(endless_task)
    await first_step(events)
    await events.aclose()  # type: ignore[attr-defined]
    await picture_of(lasting.engine, small_task)


async def test_a_cancelled_reader_stops_the_work(
    lasting: EngineUnderTest, small_task: EngineTask, endless_task: EngineTask
) -> None:
    has_begun = asyncio.Event()

    async def read() -> None:
        async for _event in lasting.engine.generate(endless_task):
            has_begun.set()

    reading = asyncio.create_task(read())
    await asyncio.wait_for(has_begun.wait(), TIMEOUT_S)
    reading.cancel()
    await asyncio.wait({reading})
    await picture_of(lasting.engine, small_task)


async def test_two_tasks_are_drawn_one_after_the_other(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    order: list[str] = []

    async def read(name: str) -> None:
        async for _event in lasting.engine.generate(replace(small_task, job_id=name)):
            order.append(name)  # noqa: PERF401 -- two readers share it

    async with asyncio.timeout(TIMEOUT_S):
        await asyncio.gather(read("a"), read("b"))
    assert sorted(order) == ["a"] * 6 + ["b"] * 6
    assert order in (["a"] * 6 + ["b"] * 6, ["b"] * 6 + ["a"] * 6)


async def test_a_death_loses_the_task_and_a_fresh_engine_draws_it(
    lasting: EngineUnderTest, small_task: EngineTask, endless_task: EngineTask
) -> None:
    watching = lasting.engine.watch_status()
    assert (await anext(watching)).state is EngineState.READY
    before = await picture_of(lasting.engine, small_task)
    events = lasting.engine.generate(endless_task)
    await first_step(events)
    lasting.kill()
    with pytest.raises(EngineLost):
        await run_out(events, [])
    assert lasting.engine.status.state is not EngineState.READY
    # No waiting for ready: a task given meanwhile is drawn by the fresh engine.
    after = await picture_of(lasting.engine, small_task)
    assert after.rgb == before.rgb
    states = [status.state for status in lasting.statuses]
    assert states.count(EngineState.READY) >= 2
    assert (await anext(watching)).state is EngineState.READY, "a slow reader sees the latest, not the way there"
    await lasting.wait_ready()


async def test_a_restart_gives_the_task_back_and_a_fresh_engine_draws_it(
    lasting: EngineUnderTest, small_task: EngineTask, endless_task: EngineTask
) -> None:
    before = await picture_of(lasting.engine, small_task)
    events = lasting.engine.generate(endless_task)
    await first_step(events)
    lasting.statuses.clear()
    await lasting.engine.restart()
    assert lasting.engine.status.state is EngineState.STARTING
    with pytest.raises(EngineRestarted):
        await run_out(events, [])
    assert (await picture_of(lasting.engine, small_task)).rgb == before.rgb
    await lasting.wait_ready()
    states = [state for state, _ in groupby(status.state for status in lasting.statuses)]
    assert (states[0], states.count(EngineState.READY)) == (EngineState.STARTING, 1)


async def test_restarts_in_a_row_end_in_one_engine(lasting: EngineUnderTest, small_task: EngineTask) -> None:
    for _ in range(3):
        await lasting.engine.restart()
    await lasting.wait_ready()
    await lasting.engine.restart()
    assert isinstance(await picture_of(lasting.engine, small_task), PictureDone)
    await lasting.wait_ready()


async def test_a_task_given_before_the_engine_is_ready_waits(
    unstarted: EngineUnderTest, small_task: EngineTask
) -> None:
    waiting = asyncio.create_task(run(unstarted.engine, small_task))
    await asyncio.sleep(0)
    assert not waiting.done()
    await unstarted.start()
    assert isinstance((await waiting)[-1], PictureDone)


async def test_closing_loses_the_task_ends_the_readers_and_leaves_nothing(
    unstarted: EngineUnderTest, endless_task: EngineTask
) -> None:
    await unstarted.start()
    events = unstarted.engine.generate(endless_task)
    await first_step(events)
    waiting = asyncio.create_task(run(unstarted.engine, replace(endless_task, job_id="waiting")))
    await first_step(events)
    await unstarted.close()
    for losing in (run_out(events, []), waiting):
        with pytest.raises(EngineLost):
            await asyncio.wait_for(losing, TIMEOUT_S)
    assert await unstarted.is_gone()
    assert [status async for status in unstarted.engine.watch_status()] == []
    with pytest.raises(EngineLost):
        await unstarted.engine.wait_ready()
    with pytest.raises(EngineLost):
        await run(unstarted.engine, endless_task)
    with pytest.raises(EngineLost):
        await unstarted.engine.start()
    with pytest.raises(EngineLost):
        await unstarted.engine.restart()


async def test_closing_while_starting_leaves_nothing(unstarted: EngineUnderTest) -> None:
    await unstarted.engine.start()
    await asyncio.sleep(0)
    await unstarted.engine.close()
    assert await unstarted.is_gone()
