"""What the engine process asks of a model; the model itself is loaded late, since that takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from adapters.engine import wire

Tell = Callable[[wire.FromEngine], None]


class Painter(Protocol):
    """A loaded model."""

    @property
    def ready(self) -> wire.Ready:
        """What it is."""
        ...

    @property
    def memory(self) -> wire.Memory:
        """What it takes of its device's memory by now."""
        ...

    def draw(self, task: wire.Draw, *, tell: Tell, should_stop: Callable[[], bool]) -> wire.Outcome:
        """Draw one picture, telling each step; what it raises means that the process is of no more use."""
        ...


Loader = Callable[[wire.Begin, Tell], Painter]


class LoadFailed(Exception):  # noqa: N818
    """The model cannot be loaded; `args[0]` is one sentence."""

    def __init__(self, sentence: str, cause: wire.Cause) -> None:
        super().__init__(sentence)
        self.cause = cause
