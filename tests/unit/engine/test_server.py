"""The engine process's own loop, over a real socket, with a painter that is told when to move on."""

from __future__ import annotations

import queue
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import pytest

from adapters.engine import wire
from adapters.engine.painting import LoadFailed, Tell
from adapters.engine.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from adapters.engine.painting import Loader

TIMEOUT_S = 20.0
BEGIN = wire.Begin(None, "/nowhere", "cpu", "auto", 1)
READY = wire.Ready("scripted", "r1", True, "cpu", "cpu", None, "small", "s1")
MEMORY = wire.Memory(1, 2, 3)


def draw_message(number: int, steps: int) -> wire.Draw:
    return wire.Draw(
        number=number,
        prompt="a cat",
        subject=None,
        styles=(),
        width=64,
        height=64,
        keep_size=False,
        steps=steps,
        guidance=4.0,
        subject_size=0,
        seed=1,
        variation_seed=None,
        variation_strength=0.0,
        preview_every=0,
    )


@dataclass
class ScriptedPainter:
    """Draws a step for each permission; asks for stops before each step, as the model does."""

    ready: wire.Ready = READY
    memory: wire.Memory = MEMORY
    permissions: queue.SimpleQueue[None] = field(default_factory=queue.SimpleQueue)
    steps_drawn: int = 0
    step_lasts_until_halted: bool = False
    is_in_step: threading.Event = field(default_factory=threading.Event)

    def draw(self, task: wire.Draw, *, tell: Tell, should_stop: Callable[[], bool]) -> wire.Outcome:
        for step in range(1, task.steps + 1):
            if should_stop():
                return wire.Stopped(task.number)
            self.permissions.get(timeout=TIMEOUT_S)
            self.is_in_step.set()
            deadline = time.monotonic() + TIMEOUT_S
            while self.step_lasts_until_halted and not should_stop() and time.monotonic() < deadline:
                pass
            self.steps_drawn += 1
            tell(wire.Stepped(task.number, step, task.steps, float(step), None))
        return wire.Drawn(task.number, 1, 1, b"rgb", 1.0)


class Bot:
    """The bot's end of the line; the server runs in a thread."""

    def __init__(self, load: Loader) -> None:
        self.line, theirs = socket.socketpair()
        self.line.settimeout(TIMEOUT_S)
        self.hung_up = threading.Event()
        self.exit_code: int | None = None
        self._thread = threading.Thread(target=self._serve, args=(theirs, load))
        self._thread.start()

    def send(self, message: wire.ToEngine) -> None:
        self.line.sendall(wire.pack(message))

    def receive(self) -> wire.FromEngine:
        length: int = struct.unpack(">I", self._exactly(4))[0]
        message: wire.FromEngine = msgspec.msgpack.decode(self._exactly(length), type=wire.FromEngine)
        return message

    def leave(self) -> None:
        self.line.close()
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            piece = self.line.recv(length - len(data))
            assert piece, "the server hung up"
            data += piece
        return data

    def _serve(self, connection: socket.socket, load: Loader) -> None:
        with connection:
            self.exit_code = serve(connection, load, on_hang_up=self.hung_up.set)


@pytest.fixture
def painter() -> ScriptedPainter:
    return ScriptedPainter()


@pytest.fixture
def bot(painter: ScriptedPainter) -> Iterator[Bot]:
    bot = Bot(lambda _begin, _tell: painter)
    bot.send(BEGIN)
    assert [bot.receive(), bot.receive()] == [MEMORY, READY]
    yield bot
    bot.leave()


def test_a_run_is_told_step_by_step_and_ends_with_the_picture(bot: Bot, painter: ScriptedPainter) -> None:
    bot.send(draw_message(1, steps=2))
    painter.permissions.put(None)
    painter.permissions.put(None)
    assert bot.receive() == wire.Stepped(1, 1, 2, 1.0, None)
    assert bot.receive() == wire.Stepped(1, 2, 2, 2.0, None)
    assert bot.receive() == MEMORY, "before the outcome: whoever has the picture knows what it took"
    assert bot.receive() == wire.Drawn(1, 1, 1, b"rgb", 1.0)


def test_a_halt_is_heard_during_a_step_and_takes_effect_before_the_next(bot: Bot, painter: ScriptedPainter) -> None:
    painter.step_lasts_until_halted = True
    bot.send(draw_message(1, steps=1000))
    painter.permissions.put(None)
    assert painter.is_in_step.wait(TIMEOUT_S)
    bot.send(wire.Halt(1))
    assert bot.receive() == wire.Stepped(1, 1, 1000, 1.0, None)
    assert [bot.receive(), bot.receive()] == [MEMORY, wire.Stopped(1)]
    assert painter.steps_drawn == 1


def test_a_halt_for_an_earlier_run_does_not_stop_the_next(bot: Bot, painter: ScriptedPainter) -> None:
    for number in (1, 2):
        bot.send(draw_message(number, steps=1))
        painter.permissions.put(None)
        assert isinstance(bot.receive(), wire.Stepped)
        assert bot.receive() == MEMORY
        assert isinstance(bot.receive(), wire.Drawn)
        bot.send(wire.Halt(1))


def test_the_end_of_the_line_is_noticed_while_drawing(bot: Bot, painter: ScriptedPainter) -> None:
    bot.send(draw_message(1, steps=2))
    painter.permissions.put(None)
    assert isinstance(bot.receive(), wire.Stepped)
    bot.line.shutdown(socket.SHUT_WR)
    assert bot.hung_up.wait(TIMEOUT_S)
    painter.permissions.put(None)
    assert isinstance(bot.receive(), wire.Stepped)
    assert bot.receive() == MEMORY
    assert isinstance(bot.receive(), wire.Drawn)


def fail_for_weights(_begin: wire.Begin, _tell: Tell) -> ScriptedPainter:
    raise LoadFailed("The weights cannot be used.", wire.Cause.WEIGHTS)


def fail_somehow(_begin: wire.Begin, _tell: Tell) -> ScriptedPainter:
    raise KeyError("secret_setting")


@pytest.mark.parametrize(("load", "cause"), [(fail_for_weights, wire.Cause.WEIGHTS), (fail_somehow, wire.Cause.OTHER)])
def test_a_model_that_cannot_be_loaded_is_told_in_a_sentence(load: Loader, cause: wire.Cause) -> None:
    bot = Bot(load)
    bot.send(BEGIN)
    message = bot.receive()
    assert isinstance(message, wire.Broken)
    assert message.cause is cause
    assert message.reason.startswith("The ")
    assert message.reason.endswith(".")
    bot.leave()
    assert bot.exit_code == 1


def test_nothing_but_begin_opens_the_conversation() -> None:
    bot = Bot(fail_somehow)
    bot.send(wire.Halt(1))
    bot.leave()
    assert bot.exit_code == 2


def test_a_frame_that_makes_no_sense_ends_the_process_loop(bot: Bot) -> None:
    bot.line.sendall(struct.pack(">I", 1) + b"\xc1")
    assert bot.hung_up.wait(TIMEOUT_S)
    bot.leave()
    assert bot.exit_code == 0
