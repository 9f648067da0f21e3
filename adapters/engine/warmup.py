"""How far the warm-up is, how long its stages take, and how long it took last time."""

from __future__ import annotations

import contextlib
import json
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.engine import wire

if TYPE_CHECKING:
    from collections.abc import Callable

_FILE = "warm-up-seconds.json"


class WarmUpReport:
    """Tells the bot each stage; seconds left come from the last start of the same model here, or are not told."""

    def __init__(self, begin: wire.Begin, tell: Callable[[wire.WarmingUp], None]) -> None:
        self._tell = tell
        self._file = Path(begin.cache_folder) / _FILE
        self._key = f"{begin.weights_folder or 'toy'}|{begin.device}|{begin.profile}"
        self._started = time.monotonic()
        self._fraction = 0.0
        self._begun: list[tuple[str, float]] = []
        self._last_s = self._read().get(self._key)

    def stage(self, name: str, fraction: float) -> None:
        """Say what is being done; the fraction never goes back."""
        self._fraction = max(self._fraction, min(fraction, 1.0))
        self._begun.append((name, time.monotonic()))
        left_s = None
        if self._last_s is not None:
            left_s = max(0.0, self._last_s - (time.monotonic() - self._started))
        self._tell(wire.WarmingUp(name, self._fraction, left_s))

    def part(self, first: float, last: float) -> Callable[[str, float], None]:
        """A listener whose own 0 to 1 fills the warm-up from `first` to `last`."""
        return lambda name, fraction: self.stage(name, first + (last - first) * fraction)

    @property
    def stages_s(self) -> tuple[tuple[str, float], ...]:
        """The stages by now in their order, with the seconds that each took; the last one up to this moment."""
        moments = [*self._begun, ("", time.monotonic())]
        return tuple((name, round(end - at, 2)) for (name, at), (_, end) in pairwise(moments))

    def finish(self) -> None:
        """Remember how long it took; a cache that cannot be written is no reason to fail."""
        times_s = self._read() | {self._key: round(time.monotonic() - self._started, 2)}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._file.with_suffix(".tmp")
            temporary.write_text(json.dumps(times_s, sort_keys=True), encoding="utf-8")
            temporary.replace(self._file)

    def _read(self) -> dict[str, float]:
        try:
            times_s = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(times_s, dict):
            return {}
        return {key: float(value) for key, value in times_s.items() if isinstance(value, int | float)}
