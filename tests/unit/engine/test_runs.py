"""One run at a time, whoever stops, leaves or loses."""

from __future__ import annotations

import pytest

from adapters.engine.runs import Run, RunLine
from bot.ports.engine import EngineEvent, EngineLost, PictureDone, StepDone, TaskStopped

PICTURE = PictureDone(1, 1, b"rgb", 0.1)


class Recorder:
    """What the line told the engine."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.halted: list[int] = []
        self.line = RunLine(
            begin=lambda run: self.begun.append(run.number), halt=lambda run: self.halted.append(run.number)
        )

    def join(self, number: int, job_id: str = "job") -> Run:
        run = Run(number=number, job_id=job_id)
        self.line.join(run)
        return run


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


async def events_of(run: Run) -> list[EngineEvent]:
    return [event async for event in run.follow()]


async def test_runs_wait_for_the_engine_and_for_one_another(recorder: Recorder) -> None:
    first, second = recorder.join(1), recorder.join(2)
    assert recorder.begun == []
    recorder.line.open()
    assert recorder.begun == [1]
    first.tell(StepDone(1, 1, 0.1))
    recorder.line.end(PICTURE)
    assert recorder.begun == [1, 2]
    recorder.line.end(PICTURE)
    assert await events_of(first) == [StepDone(1, 1, 0.1), PICTURE]
    assert await events_of(second) == [PICTURE]


async def test_a_loss_hits_the_current_run_only(recorder: Recorder) -> None:
    first, second = recorder.join(1), recorder.join(2)
    recorder.line.open()
    recorder.line.shut(EngineLost("gone"))
    with pytest.raises(EngineLost):
        await events_of(first)
    assert recorder.begun == [1]
    recorder.line.open()
    recorder.line.end(PICTURE)
    assert await events_of(second) == [PICTURE]


async def test_dismissing_fails_everyone(recorder: Recorder) -> None:
    runs = [recorder.join(number) for number in (1, 2, 3)]
    recorder.line.open()
    recorder.line.dismiss(EngineLost("closed"))
    for run in runs:
        with pytest.raises(EngineLost):
            await events_of(run)
    assert recorder.begun == [1]


async def test_stopping_halts_the_current_run_once_and_takes_out_the_waiting_ones(recorder: Recorder) -> None:
    current, other, waiting = recorder.join(1, "a"), recorder.join(2, "b"), recorder.join(3, "a")
    recorder.line.open()
    recorder.line.stop("a")
    recorder.line.stop("a")
    assert recorder.halted == [1]
    with pytest.raises(TaskStopped):
        await events_of(waiting)
    recorder.line.end(TaskStopped("a"))
    with pytest.raises(TaskStopped):
        await events_of(current)
    recorder.line.end(PICTURE)
    assert await events_of(other) == [PICTURE]
    assert recorder.begun == [1, 2]


def test_leaving_halts_a_current_run_and_forgets_a_waiting_one(recorder: Recorder) -> None:
    current, waiting = recorder.join(1), recorder.join(2)
    recorder.line.open()
    recorder.line.leave(waiting)
    recorder.line.leave(current)
    recorder.line.end(TaskStopped("job"))
    recorder.line.leave(current)
    assert (recorder.begun, recorder.halted) == ([1], [1])


def test_ending_without_a_run_changes_nothing(recorder: Recorder) -> None:
    recorder.line.open()
    recorder.line.end(PICTURE)
    recorder.line.stop("job")
    recorder.join(1)
    assert (recorder.begun, recorder.halted) == ([1], [])
