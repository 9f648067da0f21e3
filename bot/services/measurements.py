"""The measurements of the last hours, in memory: bounded, and gone with the process."""

from __future__ import annotations

from collections import deque
from typing import Final

from bot.domain.jobs import Job, ResultPicture
from bot.domain.measurements import DrawnPicture, Sample
from bot.ports.clock import Clock
from bot.ports.meter import Meter

SAMPLE_EVERY_S: Final = 10.0
_KEPT_SAMPLES: Final = 720  # two hours
_KEPT_PICTURES: Final = 500


class Measurements(Meter):
    """Rings of samples and of drawn pictures; the oldest make room for the newest."""

    def __init__(self, clock: Clock, *, samples: int = _KEPT_SAMPLES, pictures: int = _KEPT_PICTURES) -> None:
        self._clock = clock
        self._samples: deque[Sample] = deque(maxlen=samples)
        self._pictures: deque[DrawnPicture] = deque(maxlen=pictures)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Oldest first."""
        return tuple(self._samples)

    @property
    def pictures(self) -> tuple[DrawnPicture, ...]:
        """Oldest first."""
        return tuple(self._pictures)

    def keep(self, sample: Sample) -> None:
        """Add the newest sample."""
        self._samples.append(sample)

    def picture_made(self, job: Job, picture: ResultPicture) -> None:
        """Keep how fast it was drawn; enlarging is another model's work and would blur the plot."""
        if job.request.upscale_of is not None:
            return
        self._pictures.append(
            DrawnPicture(
                at=self._clock.now(),
                job_id=job.id,
                width=picture.width,
                height=picture.height,
                steps=job.request.steps,
                duration_s=picture.duration_s,
            )
        )
