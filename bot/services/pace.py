"""How fast one picture is coming along, as its steps tell."""

from __future__ import annotations

from statistics import median

from bot.ports.engine import StepDone


class Pace:
    """The median step of one picture.

    The first step does not count: it is preceded by encoding, and libraries warm up and compile in it. When steps
    start over, because memory ran out and the picture is drawn smaller, so does this.
    """

    def __init__(self) -> None:
        self._last: StepDone | None = None
        self._first_s = 0.0
        self._steps_s: list[float] = []

    def note(self, step: StepDone) -> None:
        """Take in the next step."""
        last = self._last
        if last is None or step.step <= last.step:
            self._first_s = step.elapsed_s / step.step
            self._steps_s.clear()
        else:
            self._steps_s.append((step.elapsed_s - last.elapsed_s) / (step.step - last.step))
        self._last = step

    @property
    def step_s(self) -> float | None:
        """Seconds of a step, or None while only the first is done."""
        return median(self._steps_s) if self._steps_s else None

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self._last.steps if self._last is not None else 0

    @property
    def steps_left(self) -> int:
        """How many steps are still to come."""
        return self._last.steps - self._last.step if self._last is not None else 0

    def steady_s(self, duration_s: float) -> float:
        """What a picture that took so long takes when its first step is like the others."""
        step_s = self.step_s
        return duration_s if step_s is None else duration_s - max(0.0, self._first_s - step_s)
