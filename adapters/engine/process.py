"""The engine port over a process of its own: started, watched, replaced when it dies or hangs."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, TypeVar, assert_never

import msgspec

from adapters.engine import wire
from adapters.engine.child import ChildProcess
from adapters.engine.runs import Run, RunLine
from adapters.engine.status import StatusBoard
from adapters.engine.translation import begin_message, draw_message, ending_of, info_of, memory_of
from adapters.engine.weights_folder import folder_print
from bot.domain.engines import EngineState
from bot.ports.engine import EngineLost, EngineRefused, EngineRestarted, EngineStatus, StepDone
from bot.services.job_context import working_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from adapters.engine.settings import EngineSettings
    from adapters.engine.weights_folder import FolderPrint
    from bot.domain.jobs import JobId
    from bot.ports.engine import EngineEvent, EngineInfo, EngineMemory, EngineTask

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Ending:
    """Why a process is gone; `cause` is set when it said itself that it cannot load the model."""

    reason: str
    cause: wire.Cause | None = None


class EngineProcess:
    """Implements `bot.ports.engine.Engine`; restarts what ends, and never imports the model itself.

    Restarts back off exponentially and begin anew after a finished picture. `max_failed_starts` starts in a row that
    never reach ready make the engine broken; unusable weights or a missing device make it so at once. A broken engine
    is tried again: for weights as soon as a file in their folder changes (loading gigabytes again would show the
    same fault), for anything else every `backoff_max_s`. It stays broken to its readers until it is ready.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._board = StatusBoard()
        self._line = RunLine(begin=self._begin, halt=self._halt)
        self._numbers = count(1)
        self._child: ChildProcess | None = None
        self._deadline: asyncio.Timeout | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._restart_asked = asyncio.Event()
        self._is_closed = False
        self._is_ready = False
        self._is_broken = False
        self._memory: EngineMemory | None = None
        self._failed_starts = 0
        self._setbacks = 0

    @property
    def status(self) -> EngineStatus:
        """The present status."""
        return self._board.status

    @property
    def pid(self) -> int | None:
        """The system's number of the present process, None between two."""
        return self._child.pid if self._child is not None else None

    def watch_status(self) -> AsyncIterator[EngineStatus]:
        """The present status at once, then every change until closed; slow readers see the latest."""
        return self._board.watch()

    async def start(self) -> None:
        """Begin to start; starting twice changes nothing. Raises `EngineLost` after `close`."""
        if self._is_closed:
            raise EngineLost("the engine is closed")
        if self._supervisor is None or self._supervisor.done():
            self._supervisor = asyncio.create_task(self._supervise())
            self._supervisor.add_done_callback(self._note_crash)

    async def wait_ready(self) -> EngineInfo:
        """Wait until tasks are taken; raises `EngineLost` once closed."""
        return await self._board.wait_ready()

    async def generate(self, task: EngineTask) -> AsyncIterator[EngineEvent]:
        """Work on `task` as soon as the engine is ready and free; raises the port's errors.

        Closing the iterator early stops the work.
        """
        number = next(self._numbers)
        try:
            frame = await asyncio.to_thread(wire.pack, draw_message(number, task))
        except (wire.FrameTooLong, OverflowError) as error:
            raise EngineRefused(f"The request is too large for the engine: {error}.") from error
        run = Run(number=number, job_id=task.job_id, frame=frame)
        if self._is_closed:
            raise EngineLost("the engine is closed")
        self._line.join(run)
        try:
            async for event in run.follow():
                yield event
        finally:
            self._line.leave(run)

    async def stop(self, job_id: JobId) -> None:
        """Stop that job's task within one step; nothing happens if it is not running."""
        self._line.stop(job_id)

    async def restart(self) -> None:
        """End the process and begin to start a fresh one at once; a running task raises `EngineRestarted`.

        Nothing is waited for: neither a pause after failed starts, nor other weights. Raises `EngineLost` after
        `close`.
        """
        if self._is_closed:
            raise EngineLost("the engine is closed")
        self._failed_starts, self._setbacks = 0, 0
        self._is_broken = self._is_ready = False
        self._restart_asked.set()
        if self._child is not None:
            self._child.end()
        self._show(EngineStatus(EngineState.STARTING))
        self._line.shut(EngineRestarted("the engine is restarted"))
        await self.start()

    async def close(self) -> None:
        """End the process for good; a running task raises `EngineLost`."""
        self._is_closed = True
        self._line.dismiss(EngineLost("the engine is closed"))
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait({self._supervisor})
        self._board.close()

    async def _supervise(self) -> None:
        while True:
            weights = await asyncio.to_thread(folder_print, self._settings.weights_folder)
            self._restart_asked.clear()
            ending = await self._live()
            if self._restart_asked.is_set():
                continue
            self._judge(ending)
            await self._pause(self._pause_s())
            if ending.cause is wire.Cause.WEIGHTS:
                await self._wait_for_other_weights(weights)

    async def _wait_for_other_weights(self, known: FolderPrint) -> None:
        folder = self._settings.weights_folder
        while not self._restart_asked.is_set() and await asyncio.to_thread(folder_print, folder) == known:
            await self._pause(self._settings.backoff_max_s)

    async def _pause(self, longest_s: float) -> None:
        """Wait, but no longer than until a restart is asked for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(longest_s):
                await self._restart_asked.wait()

    async def _live(self) -> _Ending:
        self._failed_starts += 1
        self._show(EngineStatus(EngineState.STARTING))
        try:
            child = await ChildProcess.spawn()
        except OSError as error:
            return _Ending(f"The engine process cannot be started: {error}.")
        self._child = child
        try:
            child.send(wire.pack(begin_message(self._settings)))
            ending = await self._listen(child)
        except BaseException:
            await child.close(self._settings.close_timeout_s)
            raise
        finally:
            self._child, self._is_ready = None, False
            self._show(EngineStatus(EngineState.STARTING))
            self._line.shut(EngineLost("the engine process is gone"))
        exit_code = await _finish(child.kill())
        _LOG.warning(
            "engine process %d ended (exit code %s): %s Last printed: %s",
            *(child.pid, exit_code, ending.reason, child.last_words or "nothing"),
        )
        return ending

    async def _listen(self, child: ChildProcess) -> _Ending:
        try:
            async with asyncio.timeout(self._settings.start_timeout_s) as self._deadline:
                while (message := await child.receive()) is not None and not self._restart_asked.is_set():
                    if isinstance(message, wire.Broken):
                        return _Ending(message.reason, message.cause)
                    self._take(message)
                    self._renew_deadline()
        except TimeoutError:
            return _Ending("The engine process gave no sign of life for too long.")
        except (wire.FrameTooLong, msgspec.DecodeError) as error:
            return _Ending(f"The engine process spoke nonsense: {error}.")
        finally:
            self._deadline = None
        return _Ending("An operator restarts it." if self._restart_asked.is_set() else "The engine process died.")

    def _take(self, message: wire.WarmingUp | wire.Memory | wire.Ready | wire.Stepped | wire.Outcome) -> None:
        match message:
            case wire.WarmingUp():
                self._show(EngineStatus(EngineState.WARMING_UP, message.fraction, message.seconds_left))
            case wire.Memory():
                self._memory = memory_of(message)
                if self._is_ready:
                    self._show(replace(self.status, memory=self._memory))
            case wire.Ready():
                took = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in message.stages_s)
                _LOG.info(
                    "engine ready: %s, profile %s, on %s; %s", message.label, message.profile, message.device, took
                )
                self._failed_starts, self._is_broken, self._is_ready = 0, False, True
                self._show(EngineStatus(EngineState.READY, 1.0, info=info_of(message), memory=self._memory))
                self._line.open()
            case wire.Stepped():
                if self._line.current is not None:
                    self._line.current.tell(
                        StepDone(message.step, message.steps, message.elapsed_s, message.preview),
                    )
            case wire.Drawn() | wire.Refused() | wire.MemoryFull() | wire.Failed() | wire.Stopped():
                if isinstance(message, wire.Drawn):
                    self._setbacks = 0
                elif isinstance(message, wire.Failed):
                    with working_on(self._line.current.job_id if self._line.current is not None else ""):
                        _LOG.error("engine failed at a task: %s", message.trace)
                self._line.end(ending_of(message))
            case _:
                assert_never(message)

    def _begin(self, run: Run) -> None:
        if self._child is not None:
            self._child.send(run.frame)
            run.frame = b""  # megabytes, and never sent twice
            self._renew_deadline()

    def _halt(self, run: Run) -> None:
        if self._child is not None:
            self._child.send(wire.pack(wire.Halt(run.number)))

    def _renew_deadline(self) -> None:
        if self._deadline is None or self._deadline.expired():
            return
        timeout_s = self._settings.start_timeout_s
        if self._is_ready:
            timeout_s = self._settings.step_timeout_s
        is_idle = self._is_ready and self._line.current is None
        self._deadline.reschedule(None if is_idle else asyncio.get_running_loop().time() + timeout_s)

    def _note_crash(self, supervisor: asyncio.Task[None]) -> None:
        """A fault of our own in watching the process: say so and let everybody go, rather than be silent for ever."""
        if supervisor.cancelled() or (error := supervisor.exception()) is None:
            return
        _LOG.critical("the engine is not watched any more", exc_info=error)
        self._line.dismiss(EngineLost("the engine is not watched any more"))
        self._board.publish(EngineStatus(EngineState.BROKEN, reason="The engine stopped working; restart the bot."))

    def _judge(self, ending: _Ending) -> None:
        """Count a process that is gone; enough of them, or one that waiting cannot mend, make a broken engine."""
        self._setbacks += 1
        is_lasting = ending.cause in {wire.Cause.WEIGHTS, wire.Cause.DEVICE}
        if is_lasting or self._failed_starts >= self._settings.max_failed_starts:
            self._is_broken = True
            self._board.publish(EngineStatus(EngineState.BROKEN, reason=ending.reason))

    def _pause_s(self) -> float:
        if self._is_broken:
            return self._settings.backoff_max_s
        doublings = min(self._setbacks - 1, 30)
        return min(self._settings.backoff_first_s * 2.0**doublings, self._settings.backoff_max_s)

    def _show(self, status: EngineStatus) -> None:
        """Publish `status`; a broken engine that is tried again shows nothing until it is ready."""
        if not self._is_broken and not self._is_closed:
            self._board.publish(status)


async def _finish(work: Coroutine[None, None, _T]) -> _T:
    """Await `work` to its end even when cancelled meanwhile, then let the cancellation go on."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
