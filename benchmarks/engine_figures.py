"""Figures of the engine's benchmarks: ratios with their spread, and what holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of repeated measurements and their quartiles."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of at least one value."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, middle, high = quantiles(values, n=4, method="inclusive")
        return cls(middle, low, high)

    @classmethod
    def of_ratio(cls, values: Sequence[float], others: Sequence[float]) -> Spread:
        """How the values compare to the others of the same turns."""
        return cls.of([value / other for value, other in zip(values, others, strict=True)])

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has to hold, whether it does, and by which figures; `holds` None where it was not measured."""

    what: str
    holds: bool | None
    because: str

    def as_row(self) -> str:
        """A row of `verdict_table`."""
        answer = "not measured" if self.holds is None else "yes" if self.holds else "**NO**"
        return f"| {self.what} | {answer} | {self.because} |"


def verdict_table(verdicts: Sequence[Verdict]) -> list[str]:
    """The verdicts as Markdown."""
    return ["| has to hold | holds | because |", "|---|---|---|", *(verdict.as_row() for verdict in verdicts)]


def calls_as_text(calls: Mapping[str, int]) -> str:
    """How often each part ran, in words for a cell."""
    return ", ".join(f"{name} {count}" for name, count in sorted(calls.items())) or "none"
