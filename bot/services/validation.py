"""From a draft to a request: every number checked, nothing stored yet."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import DRAW_SEED, SEED_MAX, SIZE_MULTIPLE_PX, Limits
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Aspect, Draft, GenerationRequest, Variation

_CONTROLS: Final = {code: " " for code in (*range(1, 32), *range(127, 160)) if chr(code) not in "\n\t"} | {0: ""}


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number that was changed to fit; told to the person."""

    name: str
    asked: int
    used: int


@dataclass(frozen=True, slots=True)
class Validated:
    """A request that can run, the pictures it needs and what was rounded on the way."""

    request: GenerationRequest
    pictures: tuple[AdmittedPicture, ...]
    rounded: tuple[Rounded, ...] = ()


def check_numbers(draft: Draft, limits: Limits) -> None:
    """Refuse a draft whose words or numbers are out of range, before any picture is decoded."""
    if len(draft.prompt) > limits.prompt_chars:
        raise Rejected(Rejection.PROMPT_TOO_LONG, limit=limits.prompt_chars, length=len(draft.prompt))
    if not clean_prompt(draft.prompt) and draft.subject is None:
        raise Rejected(Rejection.PROMPT_EMPTY)
    if len(draft.styles) > limits.max_styles:
        raise Rejected(Rejection.TOO_MANY_STYLES, limit=limits.max_styles, given=len(draft.styles))
    if draft.keep_size and draft.subject is None:
        raise Rejected(Rejection.KEEP_SIZE_WITHOUT_SUBJECT)
    _check_parameters(draft, limits)


def _check_parameters(draft: Draft, limits: Limits) -> None:
    """Refuse numbers out of range (NaN and infinities included)."""
    steps, guidance, seed = draft.steps, draft.guidance, draft.seed
    subject_size, count = draft.subject_size, draft.count
    if not 1 <= steps <= limits.max_steps:
        raise Rejected(Rejection.STEPS_OUT_OF_RANGE, low=1, high=limits.max_steps)
    if not (math.isfinite(guidance) and limits.min_guidance <= guidance <= limits.max_guidance):
        raise Rejected(Rejection.GUIDANCE_OUT_OF_RANGE, low=limits.min_guidance, high=limits.max_guidance)
    if not 0 <= subject_size <= limits.max_subject_size_px:
        raise Rejected(Rejection.SUBJECT_SIZE_OUT_OF_RANGE, low=0, high=limits.max_subject_size_px)
    if seed != DRAW_SEED and not 0 <= seed <= SEED_MAX:
        raise Rejected(Rejection.SEED_OUT_OF_RANGE, high=str(SEED_MAX))
    if not 1 <= count <= limits.max_count:
        raise Rejected(Rejection.COUNT_OUT_OF_RANGE, low=1, high=limits.max_count)


def clean_prompt(prompt: str) -> str:
    """Drop what is not text and the space around it.

    Databases refuse NUL and lone surrogates; other control characters, which steer terminals, become spaces. Lines
    and tabs stay.
    """
    text = prompt.encode("utf-8", "ignore").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_CONTROLS).strip()


def check_variation(strength: float) -> None:
    """Refuse a variation strength outside 0 to 1."""
    if not (math.isfinite(strength) and 0 < strength <= 1):
        raise Rejected(Rejection.STRENGTH_OUT_OF_RANGE)


def concrete_seed(seed: int) -> int:
    """Draw a seed if none was chosen, so that every result can be repeated."""
    return secrets.randbelow(SEED_MAX + 1) if seed == DRAW_SEED else seed


def draw_variation(strength: float) -> Variation:
    """A variation toward a fresh seed."""
    check_variation(strength)
    return Variation(seed=concrete_seed(DRAW_SEED), strength=strength)


def build_request(
    draft: Draft, subject: AdmittedPicture | None, styles: tuple[AdmittedPicture, ...], limits: Limits
) -> Validated:
    """Make the frozen request; `check_numbers` has passed and the pictures are admitted. Raises `Rejected`."""
    rounded: list[Rounded] = []
    width, height = _size(draft, limits, rounded)
    subject_size = _round_down("subject_size", draft.subject_size, rounded)
    if subject is not None:
        if not subject.fits_as_subject(subject_size):
            raise Rejected(Rejection.PICTURE_TOO_NARROW, width=subject.width, height=subject.height)
        if draft.keep_size:
            width, height = _kept_size(subject, subject_size)
    request = GenerationRequest(
        prompt=clean_prompt(draft.prompt),
        subject=subject.sha256 if subject else None,
        styles=tuple(style.sha256 for style in styles),
        width=width,
        height=height,
        keep_size=draft.keep_size,
        steps=draft.steps,
        guidance=round(draft.guidance, 2),
        subject_size=subject_size,
        seed=concrete_seed(draft.seed),
        count=draft.count,
        private=bool(draft.private),
        spoiler=bool(draft.spoiler),
    )
    pictures = (*((subject,) if subject else ()), *styles)
    return Validated(request, pictures, tuple(rounded))


def most_pixels(draft: Draft, limits: Limits) -> tuple[int, int]:
    """The size a draft will be drawn at, before its pictures are known: a kept size is at most 1024 x 1024.

    Raises `Rejected` for numbers out of range.
    """
    _check_parameters(draft, limits)
    return Aspect.SQUARE.size_px if draft.keep_size else _size(draft, limits, [])


def _kept_size(subject: AdmittedPicture, subject_size: int) -> tuple[int, int]:
    kept = subject.kept_size(subject_size)
    if kept is None:
        raise Rejected(Rejection.PICTURE_TOO_NARROW, width=subject.width, height=subject.height)
    return kept


def _size(draft: Draft, limits: Limits, rounded: list[Rounded]) -> tuple[int, int]:
    for side in (draft.width, draft.height):  # where an aspect wins over them, too: a mistake is told, not passed over
        if side is not None and not limits.min_side_px <= side <= limits.max_side_px:
            raise Rejected(Rejection.SIZE_OUT_OF_RANGE, given=side, low=limits.min_side_px, high=limits.max_side_px)
    if draft.aspect is not None:
        try:
            return Aspect(draft.aspect).size_px
        except ValueError as error:
            choices = ", ".join(aspect.value for aspect in Aspect)
            raise Rejected(Rejection.UNKNOWN_CHOICE, given=draft.aspect[:40], choices=choices) from error
    if draft.width is None and draft.height is None:
        return Aspect.SQUARE.size_px
    width = draft.width if draft.width is not None else Aspect.SQUARE.size_px[0]
    height = draft.height if draft.height is not None else Aspect.SQUARE.size_px[1]
    return _round_down("width", width, rounded), _round_down("height", height, rounded)


def _round_down(name: str, asked: int, rounded: list[Rounded]) -> int:
    used = asked // SIZE_MULTIPLE_PX * SIZE_MULTIPLE_PX
    if used != asked:
        rounded.append(Rounded(name, asked, used))
    return used
