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
    RESTYLE_WITHOUT_SUBJECT = "restyle-without-subject"
    RESTYLE_WITHOUT_STYLE = "restyle-without-style"
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
    JOB_BEGUN = "job-begun"
    NOTHING_TO_SWAP = "nothing-to-swap"
    PICTURE_UNKNOWN = "picture-unknown"
    PICTURE_GONE = "picture-gone"
    RESULT_GONE = "result-gone"
    UPSCALE_SIZE_OUT_OF_RANGE = "upscale-size-out-of-range"
    UPSCALE_WITHOUT_REQUEST = "upscale-without-request"
    TRIPTYCH_WITHOUT_REFERENCES = "triptych-without-references"
    RECIPE_UNKNOWN = "recipe-unknown"
    CREDITS_USED_UP = "credits-used-up"
    TOO_EXPENSIVE = "too-expensive"
    CREDITS_OUT_OF_RANGE = "credits-out-of-range"
    BLOCKED = "blocked"
    LINK_CODE_WRONG = "link-code-wrong"
    LINK_TOO_MANY_TRIES = "link-too-many-tries"
    LINK_TO_ITSELF = "link-to-itself"
    LINK_LAST = "link-last"
    STYLE_NAME_BAD = "style-name-bad"
    STYLE_NAME_TAKEN = "style-name-taken"
    STYLE_UNKNOWN = "style-unknown"
    STYLE_NOT_YOURS = "style-not-yours"
    STYLE_WITHOUT_PICTURE = "style-without-picture"
    STYLE_NEEDS_SERVER = "style-needs-server"
    TOO_MANY_STYLE_CARDS = "too-many-style-cards"
    EXPORT_TOO_LARGE = "export-too-large"
    PERSON_UNKNOWN = "person-unknown"
    TIER_UNKNOWN = "tier-unknown"
    SETTING_OUT_OF_RANGE = "setting-out-of-range"
    SERVER_NEEDED = "server-needed"
    SERVER_NOT_TRUSTED = "server-not-trusted"
    MODERATORS_ONLY = "moderators-only"
    OPERATORS_ONLY = "operators-only"
    CHANNEL_NOT_ALLOWED = "channel-not-allowed"
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 -- a code, not a password
    PASSWORD_LENGTH = "password-length"  # noqa: S105 -- likewise
    SIGN_IN_TOO_OFTEN = "sign-in-too-often"
    TOKEN_NAME_BAD = "token-name-bad"  # noqa: S105 -- likewise
    TOKEN_NAME_TAKEN = "token-name-taken"  # noqa: S105 -- likewise
    TOKEN_DAYS_OUT_OF_RANGE = "token-days-out-of-range"  # noqa: S105 -- likewise
    TOKEN_UNKNOWN = "token-unknown"  # noqa: S105 -- likewise
    TOKEN_USED_TOO_OFTEN = "token-used-too-often"  # noqa: S105 -- likewise
    DRAINING = "draining"
    REPORT_WITHOUT_REASON = "report-without-reason"
    REPORT_REASON_TOO_LONG = "report-reason-too-long"
    REPORTED_BEFORE = "reported-before"
    TOO_MANY_REPORTS = "too-many-reports"
    REPORT_UNKNOWN = "report-unknown"
    WORD_NOT_ALLOWED = "word-not-allowed"
    WORD_UNFIT = "word-unfit"
    WORD_UNKNOWN = "word-unknown"
    TOO_MANY_WORDS = "too-many-words"
    PICTURE_NOT_ALLOWED = "picture-not-allowed"
    PICTURE_UNCHECKED = "picture-unchecked"
    STORAGE_FULL = "storage-full"
    STORAGE_BUSY = "storage-busy"


class Rejected(Exception):  # noqa: N818 -- a refusal, not a fault
    """A request that is refused, with the numbers and names its sentence needs."""

    def __init__(self, rejection: Rejection, **details: str | int | float) -> None:
        super().__init__(rejection.value, details)
        self.rejection: Final = rejection
        self.details: Final[Mapping[str, str | int | float]] = details


class IllegalTransition(Exception):  # noqa: N818
    """A job was asked to go from one state to another that cannot follow it."""
