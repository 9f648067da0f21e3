"""What can be wrong with a request; errors carry data, adapters choose the words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Rejection(StrEnum):
    """Why something was refused before anything was stored or charged."""

    PROMPT_EMPTY = "prompt-empty"
    PROMPT_TOO_LONG = "prompt-too-long"
    SIZE_OUT_OF_RANGE = "size-out-of-range"
    STEPS_OUT_OF_RANGE = "steps-out-of-range"
    GUIDANCE_OUT_OF_RANGE = "guidance-out-of-range"
    SUBJECT_SIZE_OUT_OF_RANGE = "subject-size-out-of-range"
    SEED_OUT_OF_RANGE = "seed-out-of-range"
    COUNT_OUT_OF_RANGE = "count-out-of-range"
    STRENGTH_OUT_OF_RANGE = "strength-out-of-range"
    TOO_MANY_STYLES = "too-many-styles"
    KEEP_SIZE_WITHOUT_SUBJECT = "keep-size-without-subject"
    NOT_A_NUMBER = "not-a-number"
    UNKNOWN_CHOICE = "unknown-choice"
    FILE_TOO_LARGE = "file-too-large"
    NOT_A_PICTURE = "not-a-picture"
    PICTURE_BROKEN = "picture-broken"
    TOO_MANY_PIXELS = "too-many-pixels"
    PICTURE_TOO_NARROW = "picture-too-narrow"
    TOO_MANY_WAITING = "too-many-waiting"
    JOB_UNKNOWN = "job-unknown"
    JOB_NOT_YOURS = "job-not-yours"
    JOB_ENDED = "job-ended"
    JOB_NOT_DONE = "job-not-done"
    PICTURE_UNKNOWN = "picture-unknown"


class Rejected(Exception):  # noqa: N818 -- a refusal, not a fault
    """A request that is refused, with the numbers and names its sentence needs."""

    def __init__(self, rejection: Rejection, **details: str | int | float) -> None:
        super().__init__(rejection.value, details)
        self.rejection: Final = rejection
        self.details: Final[Mapping[str, str | int | float]] = details


class IllegalTransition(Exception):  # noqa: N818
    """A job was asked to go from one state to another that cannot follow it."""
