"""Honest guesses of how long a picture takes, from the medians of what was measured."""

from __future__ import annotations

from collections import deque
from statistics import median

from bot.domain.jobs import Job, ResultPicture
from bot.domain.requests import GenerationRequest

_KEPT_PER_KEY = 20
_MEGAPIXEL = 1_000_000


class Estimates:
    """Seconds per picture by size and steps; knows nothing before the first picture of a model revision.

    A request that was never measured is scaled from all that were, by megapixels times steps.
    """

    def __init__(self) -> None:
        self._revision = ""
        self._by_key: dict[tuple[int, int, int], deque[float]] = {}
        self._per_work: deque[float] = deque(maxlen=_KEPT_PER_KEY)

    def record(self, request: GenerationRequest, picture: ResultPicture) -> None:
        """Learn from a finished picture; another model revision starts afresh."""
        if picture.model_revision != self._revision:
            self._revision = picture.model_revision
            self._by_key.clear()
            self._per_work.clear()
        durations = self._by_key.setdefault(_key(request), deque(maxlen=_KEPT_PER_KEY))
        durations.append(picture.duration_s)
        self._per_work.append(picture.duration_s / _work(request))

    def picture_s(self, request: GenerationRequest) -> float | None:
        """Seconds for one picture of `request`, or None while nothing was measured."""
        durations = self._by_key.get(_key(request))
        if durations:
            return median(durations)
        if self._per_work:
            return median(self._per_work) * _work(request)
        return None

    def job_s(self, job: Job) -> float | None:
        """Seconds for all pictures of `job` that are still to be made."""
        picture_s = self.picture_s(job.request)
        return None if picture_s is None else picture_s * (job.request.count - len(job.pictures))


def _key(request: GenerationRequest) -> tuple[int, int, int]:
    return request.width, request.height, request.steps


def _work(request: GenerationRequest) -> float:
    return request.width * request.height / _MEGAPIXEL * request.steps
