"""Progress bars on stderr; tqdm is imported when the first one is drawn."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

OnStage = Callable[[str, float], None]


def bar(**options: Any) -> AbstractContextManager[Any]:
    """A tqdm bar with these options."""
    from tqdm import tqdm  # noqa: PLC0415 -- only where something takes time

    drawn: AbstractContextManager[Any] = tqdm(file=sys.stderr, dynamic_ncols=True, **options)
    return drawn


@contextmanager
def stage_bar(verb: str) -> Iterator[OnStage]:
    """A bar for work that tells its stages by name and fraction, gone when the work is done."""
    with bar(total=100, desc=verb, leave=False, bar_format="{desc} {percentage:3.0f}%|{bar}|") as drawn:

        def on_stage(stage: str, fraction: float) -> None:
            drawn.set_description_str(f"{verb} {stage}", refresh=False)
            drawn.update(round(fraction * 100) - drawn.n)

        yield on_stage
