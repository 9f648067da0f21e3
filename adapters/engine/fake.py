"""An engine without a model, for tests of the bot: same port, same promises, every moment in the test's hand."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections import deque
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from PIL import Image

from adapters.engine.fake_rules import refusal_of
from adapters.engine.runs import Run, RunLine
from adapters.engine.sizes import scaled_side
from adapters.engine.status import StatusBoard
from bot.domain.engines import EngineState
from bot.ports.engine import (
    EngineInfo,
    EngineLost,
    EngineMemory,
    EngineRefused,
    EngineRestarted,
    EngineStatus,
    EngineTask,
    PictureDone,
    StepDone,
    TaskStopped,
    UpscalerInfo,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.domain.jobs import JobId
    from bot.ports.engine import EngineEvent

FAKE_INFO: Final = EngineInfo(
    label="fake",
    revision="fake-1",
    is_toy=True,
    device="none",
    profile="cpu",
    native_side_px=64,
    upscaler=UpscalerInfo("fake upscaler", "fake-upscaler-1"),
)
FAKE_MEMORY: Final = EngineMemory(used_bytes=18 << 30, reserved_bytes=20 << 30, total_bytes=24 << 30)
_STEP_S: Final = 0.01
_UPSCALE_TILES: Final = 4


@dataclass(frozen=True, slots=True)
class Play:
    """How the fake takes one task: wait at `hold_at_step` for `release`, raise `failure` at `fail_at_step`.

    Step 0 is before the first step. `EngineLost` as the failure ends the engine as `lose` does. Each step takes
    `step_s` seconds of real time.
    """

    hold_at_step: int | None = None
    fail_at_step: int = 0
    failure: Exception | None = None
    step_s: float = 0.0


class FakeEngine:
    """Implements `bot.ports.engine.Engine` in this process; draws one flat colour that depends on the whole task.

    `plays` are used up by the tasks in order; tasks beyond them simply succeed. With `is_manual` the engine stays
    where it is after `start` and after a loss until `warm_up`, `become_ready` or `break_down` is called; otherwise
    it is ready at once. `tasks` and `stops` keep what was asked of it.
    """

    def __init__(self, *plays: Play, info: EngineInfo = FAKE_INFO, is_manual: bool = False) -> None:
        self.tasks: list[EngineTask] = []
        self.stops: list[JobId] = []
        self.held = asyncio.Event()
        self.starts = 0
        self._info = info
        self._is_manual = is_manual
        self._preview_jpeg = _grey_jpeg()
        self._plays = deque(plays)
        self._released = asyncio.Event()
        self._board = StatusBoard()
        self._line = RunLine(begin=self._begin, halt=self._halt)
        self._numbers = count(1)
        self._pending: dict[int, EngineTask] = {}
        self._work: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def status(self) -> EngineStatus:
        """The present status."""
        return self._board.status

    @property
    def is_working(self) -> bool:
        """Whether a task is being drawn."""
        return self._work is not None and not self._work.done()

    def watch_status(self) -> AsyncIterator[EngineStatus]:
        """The present status at once, then every change until closed; slow readers see the latest."""
        return self._board.watch()

    async def start(self) -> None:
        """Begin to start; raises `EngineLost` after `close`."""
        if self._is_closed:
            raise EngineLost("the engine is closed")
        if not self.starts:
            self._restart()

    async def wait_ready(self) -> EngineInfo:
        """Wait until tasks are taken; raises `EngineLost` once closed."""
        return await self._board.wait_ready()

    async def generate(self, task: EngineTask) -> AsyncIterator[EngineEvent]:
        """Work on `task` as soon as the engine is ready and free; closing the iterator early stops the work."""
        if self._is_closed:
            raise EngineLost("the engine is closed")
        run = Run(number=next(self._numbers), job_id=task.job_id)
        self._pending[run.number] = task
        self._line.join(run)
        try:
            async for event in run.follow():
                yield event
        finally:
            self._pending.pop(run.number, None)
            self._line.leave(run)

    async def stop(self, job_id: JobId) -> None:
        """Stop that job's task within one step; nothing happens if it is not running."""
        self.stops.append(job_id)
        self._line.stop(job_id)

    async def restart(self) -> None:
        """Start afresh; a running task raises `EngineRestarted`. Raises `EngineLost` after `close`."""
        if self._is_closed:
            raise EngineLost("the engine is closed")
        self._lose_work(EngineRestarted("the engine is restarted"))
        self._restart()

    async def close(self) -> None:
        """End; a running task raises `EngineLost`."""
        self._is_closed = True
        await self._drop_work()
        self._line.dismiss(EngineLost("the engine is closed"))
        self._board.close()

    def script(self, *plays: Play) -> None:
        """Add to the plays of the tasks to come."""
        self._plays.extend(plays)

    def drop_script(self) -> None:
        """Forget the plays that no task has taken."""
        self._plays.clear()

    def release(self) -> None:
        """Let the task that is held go on."""
        self._released.set()

    def warm_up(self, fraction: float, seconds_left: float | None = None) -> None:
        """Show how far the warm-up is."""
        self._board.publish(EngineStatus(EngineState.WARMING_UP, fraction, seconds_left))

    def become_ready(self) -> None:
        """Take tasks from now on."""
        self._board.publish(EngineStatus(EngineState.READY, 1.0, info=self._info, memory=FAKE_MEMORY))
        self._line.open()

    def take_memory(self, memory: EngineMemory) -> None:
        """Show, while ready, what it takes of the memory."""
        if self.status.state is EngineState.READY:
            self._board.publish(replace(self.status, memory=memory))

    def break_down(self, reason: str) -> None:
        """Give up: the running task is lost and no task is taken until `become_ready`."""
        self._lose_work(EngineLost(reason))
        self._board.publish(EngineStatus(EngineState.BROKEN, reason=reason))

    def lose(self, reason: str = "the engine died") -> None:
        """Die as a process does: the running task raises `EngineLost`, then a fresh start follows."""
        self._lose_work(EngineLost(reason))
        self._restart()

    def _restart(self) -> None:
        self.starts += 1
        self._board.publish(EngineStatus(EngineState.STARTING))
        if not self._is_manual:
            asyncio.get_running_loop().call_soon(self._start_up)

    def _start_up(self) -> None:
        if not self._is_closed:
            self.warm_up(0.5)
            asyncio.get_running_loop().call_soon(self._finish_start)

    def _finish_start(self) -> None:
        if not self._is_closed and self.status.state is EngineState.WARMING_UP:
            self.become_ready()

    def _lose_work(self, error: EngineLost) -> None:
        if self._work is not None and self._work is not asyncio.current_task():
            self._work.cancel()
        self._line.shut(error)

    async def _drop_work(self) -> None:
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})

    def _begin(self, run: Run) -> None:
        self._work = asyncio.get_running_loop().create_task(self._draw(run, self._pending[run.number]))

    def _halt(self, _run: Run) -> None:
        """Nothing to send: the drawing looks at `stop_requested` before each step, held ones are woken."""
        self._released.set()

    async def _draw(self, run: Run, task: EngineTask) -> None:
        play = self._plays.popleft() if self._plays else Play()
        self.tasks.append(task)
        if (sentence := refusal_of(task)) is not None:
            self._line.end(EngineRefused(sentence))
            return
        steps = _steps_of(task)
        for step in range(steps + 1):
            if step:
                run.tell(StepDone(step, steps, step * _STEP_S, self._preview(task, step)))
            if play.hold_at_step == step and not run.stop_requested:
                await self._hold()
            await asyncio.sleep(play.step_s)
            if run.stop_requested:
                self._line.end(TaskStopped(task.job_id))
                return
            if play.failure is not None and play.fail_at_step == step:
                self._fail(play.failure)
                return
        self._line.end(self._picture(task))

    async def _hold(self) -> None:
        self._released.clear()
        self.held.set()
        try:
            await self._released.wait()
        finally:
            self.held.clear()

    def _fail(self, failure: Exception) -> None:
        if isinstance(failure, EngineLost):
            self.lose(str(failure))
        else:
            self._line.end(failure)

    def _preview(self, task: EngineTask, step: int) -> bytes | None:
        if task.upscale_of is not None:
            return None
        is_due = task.preview_every > 0 and step % task.preview_every == 0 and step < task.steps
        return self._preview_jpeg if is_due else None

    def _picture(self, task: EngineTask) -> PictureDone:
        native_side_px = self._info.native_side_px
        width, height = task.width, task.height
        if native_side_px is not None and task.upscale_of is None:
            width, height = scaled_side(width, native_side_px), scaled_side(height, native_side_px)
        colour = hashlib.sha256(repr(_content(task)).encode())
        return PictureDone(width, height, colour.digest()[:3] * (width * height), _steps_of(task) * _STEP_S)


def _grey_jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 16), "grey").save(file, "JPEG")
    return file.getvalue()


def _content(task: EngineTask) -> object:
    """What the picture depends on."""
    if task.upscale_of is not None:
        return task.upscale_of
    return task.prompt, task.subject, task.styles, task.seed, task.variation


def _steps_of(task: EngineTask) -> int:
    return task.steps if task.upscale_of is None else _UPSCALE_TILES
