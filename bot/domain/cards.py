"""The card a person watches: a job as it stands plus what only memory knows of its progress."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.jobs import Job, JobId


class Phase(StrEnum):
    """What the card shows; the last three are final."""

    QUEUED = "queued"
    WARMING_UP = "warming-up"
    RUNNING = "running"
    RETRYING = "retrying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether the card will not move any more."""
        return self in {Phase.DONE, Phase.FAILED, Phase.CANCELLED}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is; `preview` is a small JPEG of the picture so far."""

    phase: Phase
    picture_index: int = 0
    step: int = 0
    steps: int = 0
    seconds_left: float | None = None
    preview: bytes | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """Everything an adapter needs to draw a job.

    `queue_place` counts from 1 and is set while the job waits; `seconds_left` is an honest guess or None;
    `warm_up_fraction` runs from 0 to 1 while the model loads, `is_engine_broken` says that for now it can not;
    `is_paused` that a waiting job stays where it is, because whoever runs the bot paused it;
    `serial` grows with every change.
    """

    job: Job
    phase: Phase
    serial: int
    queue_place: int | None = None
    seconds_left: float | None = None
    warm_up_fraction: float | None = None
    progress: Progress | None = None
    is_engine_broken: bool = False
    is_paused: bool = False
    engine_label: str = ""
    is_toy: bool = False

    @property
    def job_id(self) -> JobId:
        """Id of the job shown."""
        return self.job.id

    @property
    def fraction(self) -> float:
        """Share of all steps done, 0 to 1, over all pictures of the request."""
        if self.phase is Phase.DONE:
            return 1.0
        if self.progress is None or not self.progress.steps:
            return 0.0
        total = self.progress.steps * self.job.request.count
        return (self.progress.picture_index * self.progress.steps + self.progress.step) / total
