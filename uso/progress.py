"""What a caller is told while a picture is made, and what it gets in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

    from uso.params import GenerationParams, Mode


@dataclass(frozen=True)
class StepInfo:
    """One finished step: `step` counts from 1 to `steps`, `sigma` is the noise level it started from."""

    step: int
    steps: int
    sigma: float
    elapsed_s: float
    _draw: Callable[[int], Image.Image] = field(repr=False, compare=False)

    def preview(self, max_side_px: int) -> Image.Image:
        """Draw the current estimate of the finished picture, at most `max_side_px` wide and high; made when asked."""
        return self._draw(max_side_px)


@dataclass(frozen=True)
class UsoOutput:
    """A finished picture; `params_used` has the concrete width and height.

    `timings_s` holds `encode`, `denoise`, `decode` and `total`. `is_tiled` says that memory ran out for decoding it at
    once, so that its pixels differ a little from what they are with enough.
    """

    image: Image.Image
    params_used: GenerationParams
    mode: Mode
    model_revision: str
    timings_s: dict[str, float]
    is_tiled: bool = False
