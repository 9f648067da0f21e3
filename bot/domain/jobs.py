"""A job: one accepted request on its way to being one to four pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.actors import ReplyAddress, Server, UserId
from bot.domain.errors import IllegalTransition
from bot.domain.identifiers import new_identifier
from bot.domain.requests import GenerationRequest, PictureHash

JobId = str

_ID_LENGTH = 12


def new_job_id() -> JobId:
    """Draw an id of 12 characters (60 random bits), short enough for every platform's button data."""
    return new_identifier(_ID_LENGTH)


class JobState(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return not _NEXT[self]


_NEXT: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.QUEUED, JobState.DONE, JobState.FAILED, JobState.CANCELLED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


def check_transition(before: JobState, after: JobState) -> None:
    """Raise `IllegalTransition` unless `after` may follow `before`."""
    if after not in _NEXT[before]:
        raise IllegalTransition(f"{before.value} -> {after.value}")


class FailureKind(StrEnum):
    """Why a job ended without its pictures."""

    ENGINE_LOST = "engine-lost"
    OUT_OF_MEMORY = "out-of-memory"
    REFUSED_BY_MODEL = "refused-by-model"
    PICTURE_MISSING = "picture-missing"
    STORAGE_FULL = "storage-full"
    WITHHELD = "withheld"
    INTERNAL = "internal"


class LineageKind(StrEnum):
    """How a job came from an earlier one."""

    REROLL = "reroll"
    VARIATION = "variation"
    REMIX = "remix"
    REPEAT = "repeat"
    UPSCALE = "upscale"


@dataclass(frozen=True, slots=True)
class Lineage:
    """The job and picture that this one was made from."""

    kind: LineageKind
    parent: JobId
    picture_index: int


@dataclass(frozen=True, slots=True)
class ResultPicture:
    """One finished picture and what is needed to say how it was made; `is_kept` until its file was let go."""

    index: int
    picture: PictureHash
    seed: int
    variation_seed: int | None
    width: int
    height: int
    duration_s: float
    model_label: str
    model_revision: str
    is_toy: bool
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """The job row: all that is known for certain. Times are UTC; a lease says who works on it until when.

    `cost` was charged and `refunded` given back, in hundredths of a credit; `weight` is the owner's in the queue;
    `number` counts up in the order of arrival (0 until stored); `hidden_at` is set once somebody deleted it.
    """

    id: JobId
    owner: UserId
    request: GenerationRequest
    state: JobState
    event_key: str
    created_at: datetime
    locale: str = "en"
    reply_to: ReplyAddress | None = None
    lineage: Lineage | None = None
    server: Server | None = None
    cost: int = 0
    refunded: int = 0
    weight: int = 1
    number: int = 0
    hidden_at: datetime | None = None
    attempt: int = 0
    cancel_requested: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None
    failure: FailureKind | None = None
    pictures: tuple[ResultPicture, ...] = ()
