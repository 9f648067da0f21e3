"""Small plots for the reports, as SVG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

_SIZE_IN = (7.0, 3.2)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot."""

    label: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, with the spread that a thin line on it shows."""

    label: str
    value: float
    low: float
    high: float


def line_plot(title: str, x_label: str, y_label: str, lines: Sequence[Line]) -> str:
    """Lines over one another; the y axis begins at zero."""
    figure, axes = plt.subplots(figsize=_SIZE_IN)
    for line in lines:
        axes.plot(line.x, line.y, label=line.label, linewidth=1.2)
    axes.set(title=title, xlabel=x_label, ylabel=y_label)
    axes.set_ylim(bottom=0)
    if len(lines) > 1:
        axes.legend()
    return _svg(figure)


def bar_plot(title: str, x_label: str, bars: Sequence[Bar]) -> str:
    """Bars below one another, the first on top."""
    figure, axes = plt.subplots(figsize=(_SIZE_IN[0], 1.2 + 0.32 * len(bars)))
    shown = list(reversed(bars))
    spread = [[bar.value - bar.low for bar in shown], [bar.high - bar.value for bar in shown]]
    axes.barh([bar.label for bar in shown], [bar.value for bar in shown], xerr=spread, height=0.6, capsize=3)
    axes.set(title=title, xlabel=x_label)
    return _svg(figure)


def _svg(figure: Figure) -> str:
    figure.tight_layout()
    file = io.StringIO()
    # Without a date and with fixed names, so that the same figures give the same file.
    with mpl.rc_context({"svg.hashsalt": "uso-bot"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)
    return file.getvalue()
