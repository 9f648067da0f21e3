"""The engine process: one model behind one socket, `python -m adapters.engine.server --fd N`."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import queue
import signal
import socket
import sys
import threading
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from adapters.engine import wire
from adapters.engine.compiled_code import keep_compiled_code
from adapters.engine.painting import LoadFailed
from adapters.engine.warmup import WarmUpReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.engine.painting import Loader, Painter, Tell

_PR_SET_PDEATHSIG: Final = 1
_NICENESS: Final = 5
_OOM_SCORE: Final = "500"


class Inbox:
    """What the bot sent, read by a thread of its own so that a halt arrives while the main thread draws."""

    def __init__(self, connection: socket.socket, *, on_hang_up: Callable[[], None]) -> None:
        self._connection = connection
        self._on_hang_up = on_hang_up
        self._tasks: queue.SimpleQueue[wire.Draw | None] = queue.SimpleQueue()
        self._halted: int | None = None
        self._thread = threading.Thread(target=self._fill, name="engine-inbox", daemon=True)

    def open(self) -> None:
        """Begin to read."""
        self._thread.start()

    def next_task(self) -> wire.Draw | None:
        """Wait for something to draw; None once the bot hung up."""
        return self._tasks.get()

    def is_halted(self, number: int) -> bool:
        """Whether that run is to stop; the bot halts only the run it sent last, so the latest halt is all we keep."""
        return number == self._halted

    def _fill(self) -> None:
        try:
            while (message := wire.receive_to_engine(self._connection)) is not None:
                if isinstance(message, wire.Draw):
                    self._tasks.put(message)
                elif isinstance(message, wire.Halt):
                    self._halted = message.number
        except (wire.FrameTooLong, msgspec.DecodeError):
            traceback.print_exc()
        except OSError:
            return  # our own end was closed in between: `serve` is over, and nobody waits for tasks
        self._tasks.put(None)
        self._on_hang_up()


def serve(connection: socket.socket, load: Loader, *, on_hang_up: Callable[[], None]) -> int:
    """Load the model and draw until the bot hangs up; returns the exit code."""

    def tell(message: wire.FromEngine) -> None:
        connection.sendall(wire.pack(message))

    begin = wire.receive_to_engine(connection)
    if not isinstance(begin, wire.Begin):
        return 2
    inbox = Inbox(connection, on_hang_up=on_hang_up)
    inbox.open()
    try:
        painter = load(begin, tell)
    except LoadFailed as failure:
        tell(wire.Broken(str(failure), failure.cause))
        return 1
    except Exception as error:
        traceback.print_exc()
        tell(wire.Broken(f"The model cannot be loaded: {error or type(error).__name__}.", wire.Cause.OTHER))
        return 1
    tell(painter.memory)
    tell(painter.ready)
    while (task := inbox.next_task()) is not None:
        outcome = painter.draw(task, tell=tell, should_stop=partial(inbox.is_halted, task.number))
        tell(painter.memory)
        tell(outcome)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Serve the socket that the bot passed on; this process never outlives the bot."""
    parser = argparse.ArgumentParser(prog="adapters.engine.server")
    parser.add_argument("--fd", type=int, required=True)
    fd: int = parser.parse_args(arguments).fd
    os.set_inheritable(fd, False)
    _step_back()
    with socket.socket(fileno=fd) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        # Leaving at once, from the reading thread: a step may take long, and nobody waits for its picture.
        return serve(connection, _load, on_hang_up=lambda: os._exit(0))
    return 0


def _load(begin: wire.Begin, tell: Tell) -> Painter:
    report = WarmUpReport(begin, tell)
    keep_compiled_code(Path(begin.cache_folder))
    report.stage("libraries", 0.0)
    from adapters.engine.painter import load_painter  # noqa: PLC0415 -- takes seconds, the bot hears from us first

    return load_painter(begin, report)


def _step_back() -> None:
    """Give way to the bot: processor time, memory when it runs out, and the right to live without it."""
    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # The end of the socket tells us too, but not while a library holds the interpreter or we are suspended.
        # Linux means the end of the thread that started us: in the bot that is the one its event loop lives in.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
