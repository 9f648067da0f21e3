"""The first pictures, which nobody waits for: libraries set themselves up, and blocks are compiled for every shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image

from uso.params import SIZE_STEP_PX, GenerationParams

if TYPE_CHECKING:
    from uso.pipeline import StepCallback, UsoPipeline

_FULL_SIDE_PX: Final = 1024
_TOY_SIDE_PX: Final = 256
_STYLE_SIZE: Final = (64, 64)
_SUBJECT_SIZE: Final = (90, 64)


@dataclass(frozen=True)
class Case:
    """One picture of the warm-up; its sides are parts of the side that the model is used at, in sixteenths."""

    name: str
    width: int
    height: int
    n_styles: int
    has_subject: bool


# Compiled graphs hold for all sizes only if what they are first shown is telling: token counts that equal none of the
# model's own sizes (15 x 17, not 16 x 16), with and without style tokens, with and without a subject.
_FOR_COMPILING: Final[tuple[Case, ...]] = (
    Case("text", 15, 17, 0, False),
    Case("subject and style", 13, 19, 1, True),
    Case("two styles", 17, 13, 2, False),
    Case("subject and two styles", 19, 15, 2, True),
    Case("subject", 11, 21, 0, True),
)
_PLAIN: Final[tuple[Case, ...]] = (Case("first picture", 4, 4, 1, True),)


def warm_up(
    pipeline: UsoPipeline,
    *,
    on_case: Callable[[str, float], None] | None = None,
    on_step: StepCallback | None = None,
) -> None:
    """Draw a picture of one step, or where blocks are compiled one for each kind of request near full size.

    `on_case` hears what is about to be drawn and the fraction done. What is compiled later counts as a recompile.
    """
    if pipeline.profile.is_compiled:
        cases, side_px = _FOR_COMPILING, _TOY_SIDE_PX if pipeline.is_toy else _FULL_SIDE_PX
    else:
        cases, side_px = _PLAIN, _TOY_SIDE_PX
    for done, case in enumerate(cases):
        if on_case is not None:
            on_case(case.name, done / len(cases))
        _draw(pipeline, case, side_px, on_step)
    pipeline.tally.end_warm_up()


def _draw(pipeline: UsoPipeline, case: Case, side_px: int, on_step: StepCallback | None) -> None:
    unit_px = side_px // SIZE_STEP_PX
    width, height = (max(64, side * unit_px // SIZE_STEP_PX * SIZE_STEP_PX) for side in (case.width, case.height))
    params = GenerationParams(prompt="a", width=width, height=height, steps=1, content_size=side_px // 2)
    pipeline(
        params,
        content=Image.new("RGB", _SUBJECT_SIZE, "grey") if case.has_subject else None,
        styles=[Image.new("RGB", _STYLE_SIZE, (index, 128, 128)) for index in range(case.n_styles)],
        on_step=on_step,
    )
