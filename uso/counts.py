"""What a pipeline did, counted: for benchmarks, and for tests that work is not done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

TRANSFORMER: Final = "transformer"


@dataclass(frozen=True, slots=True)
class Counts:
    """What was done since the pipeline was loaded.

    `encoder_calls` by component, the VAE's encoder among them. `quantized_layers` by component, empty where nothing is
    quantized. `graphs` were compiled, `recompiles` of them after the warm-up; both are 0 where nothing is compiled, and
    count for the whole process.
    """

    encoder_calls: Mapping[str, int]
    transformer_calls: int
    quantized_layers: Mapping[str, int]
    graphs: int
    recompiles: int


class Tally:
    """Where a pipeline keeps count."""

    def __init__(self, *, is_compiled: bool = False, quantized_layers: Mapping[str, int] | None = None) -> None:
        self.calls: Counter[str] = Counter()
        self._is_compiled = is_compiled
        self._quantized_layers = dict(quantized_layers or {})
        self._graphs_before = self._graphs_now()
        self._graphs_when_warm: int | None = None

    def end_warm_up(self) -> None:
        """From here on a graph that is compiled is one too many."""
        self._graphs_when_warm = self._graphs_now()

    @property
    def counts(self) -> Counts:
        """The counts by now."""
        now = self._graphs_now()
        return Counts(
            encoder_calls={name: count for name, count in self.calls.items() if name != TRANSFORMER},
            transformer_calls=self.calls[TRANSFORMER],
            quantized_layers=dict(self._quantized_layers),
            graphs=now - self._graphs_before,
            recompiles=0 if self._graphs_when_warm is None else now - self._graphs_when_warm,
        )

    def _graphs_now(self) -> int:
        if not self._is_compiled:
            return 0
        from torch._dynamo.utils import counters  # noqa: PLC0415 -- takes seconds, and only who compiles needs it

        return int(counters["stats"]["unique_graphs"])
