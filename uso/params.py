"""A request to the model as plain data, the mode it amounts to, and the model's own limits (no torch here)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from uso.errors import InvalidReason, InvalidRequest

SIZE_STEP_PX = 16
MIN_SIDE_PX = 64
MAX_SIDE_PX = 4096
AUTOMATIC_CONTENT_SIZE_PX = 512
MAX_CONTENT_SIZE_PX = 2048
MAX_STEPS = 1000
MAX_GUIDANCE = 100.0
MAX_STYLES = 2
MAX_SEED = 2**63 - 1


class Mode(Enum):
    """The five ways to use USO."""

    TEXT = "text"
    SUBJECT = "subject"
    STYLE = "style"
    STYLE_SUBJECT_SHIFTED = "style_subject_shifted"
    STYLE_SUBJECT_PRESERVED = "style_subject_preserved"


@dataclass(frozen=True, slots=True)
class GenerationParams:
    """One picture's parameters.

    `content_size` is the long side of the subject picture in pixels, 0 meaning automatic (512). `keep_size` takes the
    output size from the subject picture and ignores `width` and `height`. The seed is concrete: nothing is drawn here.
    `variation_strength` moves the noise of `seed` toward that of `variation_seed`, 0 not at all, 1 all the way.
    """

    prompt: str
    width: int = 1024
    height: int = 1024
    keep_size: bool = False
    steps: int = 25
    guidance: float = 4.0
    content_size: int = 0
    seed: int = 0
    variation_seed: int | None = None
    variation_strength: float = 0.0

    @property
    def content_size_px(self) -> int:
        """The long side of the subject picture, with automatic resolved."""
        return self.content_size or AUTOMATIC_CONTENT_SIZE_PX


def derive_mode(prompt: str, *, has_content: bool, n_styles: int) -> Mode:
    """Tell which of the five modes a request is; an empty prompt keeps the subject's layout (published advice)."""
    if not has_content:
        return Mode.STYLE if n_styles else Mode.TEXT
    if not n_styles:
        return Mode.SUBJECT
    return Mode.STYLE_SUBJECT_SHIFTED if prompt.strip() else Mode.STYLE_SUBJECT_PRESERVED


def floor_size(width: int, height: int) -> tuple[int, int]:
    """Round a size down to the multiples of 16 the model draws, as the published pipeline does."""
    return width // SIZE_STEP_PX * SIZE_STEP_PX, height // SIZE_STEP_PX * SIZE_STEP_PX


def validate(params: GenerationParams, has_content: bool, n_styles: int) -> None:
    """Raise `InvalidRequest` with one clear sentence when the model cannot serve these parameters."""
    _check_inputs(params, has_content, n_styles)
    if not params.keep_size:
        _check_side("width", params.width)
        _check_side("height", params.height)
    if not 1 <= params.steps <= MAX_STEPS:
        raise InvalidRequest(InvalidReason.STEPS, f"Steps must be between 1 and {MAX_STEPS}, not {params.steps}.")
    if not math.isfinite(params.guidance) or not 0.0 <= params.guidance <= MAX_GUIDANCE:
        raise InvalidRequest(
            InvalidReason.GUIDANCE, f"Guidance must be a number between 0 and {MAX_GUIDANCE:g}, not {params.guidance}."
        )
    _check_content_size(params.content_size)
    _check_seed("seed", params.seed)
    _check_variation(params)


def _check_inputs(params: GenerationParams, has_content: bool, n_styles: int) -> None:
    if n_styles > MAX_STYLES:
        raise InvalidRequest(
            InvalidReason.TOO_MANY_STYLES, f"At most {MAX_STYLES} style pictures can be used, not {n_styles}."
        )
    if not has_content and not params.prompt.strip():
        raise InvalidRequest(
            InvalidReason.EMPTY_PROMPT, "A prompt is needed unless there is a subject picture to work from."
        )
    if params.keep_size and not has_content:
        raise InvalidRequest(
            InvalidReason.KEEP_SIZE_WITHOUT_CONTENT, "Keeping the input size needs a subject picture to take it from."
        )


def _check_side(name: str, side_px: int) -> None:
    if not MIN_SIDE_PX <= side_px <= MAX_SIDE_PX or side_px % SIZE_STEP_PX:
        raise InvalidRequest(
            InvalidReason.SIZE,
            f"The {name} must be a multiple of {SIZE_STEP_PX} between {MIN_SIDE_PX} and {MAX_SIDE_PX}, not {side_px}.",
        )


def _check_content_size(size_px: int) -> None:
    if size_px and (not SIZE_STEP_PX <= size_px <= MAX_CONTENT_SIZE_PX or size_px % SIZE_STEP_PX):
        raise InvalidRequest(
            InvalidReason.CONTENT_SIZE,
            f"The subject size must be 0 (automatic) or a multiple of {SIZE_STEP_PX} up to {MAX_CONTENT_SIZE_PX}, "
            f"not {size_px}.",
        )


def _check_seed(name: str, seed: int) -> None:
    if not 0 <= seed <= MAX_SEED:
        raise InvalidRequest(InvalidReason.SEED, f"The {name} must be between 0 and {MAX_SEED}, not {seed}.")


def _check_variation(params: GenerationParams) -> None:
    strength = params.variation_strength
    if not math.isfinite(strength) or not 0.0 <= strength <= 1.0:
        raise InvalidRequest(
            InvalidReason.VARIATION, f"The variation strength must be between 0 and 1, not {strength}."
        )
    if params.variation_seed is not None:
        _check_seed("variation seed", params.variation_seed)
    elif strength:
        raise InvalidRequest(InvalidReason.VARIATION, "A variation strength needs a variation seed.")
