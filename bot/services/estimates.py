"""Honest guesses of how long a picture takes, from the medians of what was measured."""

from __future__ import annotations

from collections import deque
from statistics import median

from bot.domain.jobs import Job, ResultPicture
from bot.domain.requests import GenerationRequest

_KEPT_PER_KEY = 20
_MEGAPIXEL = 1_000_000

_Key = tuple[int, int, int]


class Estimates:
    """Seconds per picture by size and steps; knows nothing before the first picture of a model revision.

    A request that was never measured is scaled from all that were, by megapixels times steps. Drawing and enlarging
    are the work of two models and measured apart.
    """

    def __init__(self) -> None:
        self._drawing = _Measurements()
        self._enlarging = _Measurements()

    @property
    def changes(self) -> int:
        """Grows with every measurement."""
        return self._drawing.changes + self._enlarging.changes

    def record(self, request: GenerationRequest, picture: ResultPicture) -> None:
        """Learn from a finished picture; another model revision starts afresh."""
        self._of(request).record(request, picture)

    def picture_s(self, request: GenerationRequest) -> float | None:
        """Seconds for one picture of `request`, or None while nothing was measured."""
        return self._of(request).picture_s(request)

    def job_s(self, job: Job) -> float | None:
        """Seconds for all pictures of `job` that are still to be made."""
        picture_s = self.picture_s(job.request)
        return None if picture_s is None else picture_s * (job.request.count - len(job.pictures))

    def _of(self, request: GenerationRequest) -> _Measurements:
        return self._enlarging if request.upscale_of is not None else self._drawing


class _Measurements:
    """What was measured of one model."""

    def __init__(self) -> None:
        self._revision = ""
        self._by_key: dict[_Key, deque[float]] = {}
        self._per_work: deque[float] = deque(maxlen=_KEPT_PER_KEY)
        self._guesses: dict[_Key, float] = {}
        self.changes = 0

    def record(self, request: GenerationRequest, picture: ResultPicture) -> None:
        """Learn from a finished picture; another model revision starts afresh."""
        if picture.model_revision != self._revision:
            self._revision = picture.model_revision
            self._by_key.clear()
            self._per_work.clear()
        key = _key(request)
        self._by_key.setdefault(key, deque(maxlen=_KEPT_PER_KEY)).append(picture.duration_s)
        self._per_work.append(picture.duration_s / _work(key))
        self._guesses.clear()
        self.changes += 1

    def picture_s(self, request: GenerationRequest) -> float | None:
        """Seconds for one picture of `request`, or None while nothing was measured."""
        if not self._per_work:
            return None
        key = _key(request)
        guess = self._guesses.get(key)
        if guess is None:
            durations = self._by_key.get(key)
            guess = median(durations) if durations else median(self._per_work) * _work(key)
            self._guesses[key] = guess
        return guess


def _key(request: GenerationRequest) -> _Key:
    return request.width, request.height, request.steps


def _work(key: _Key) -> float:
    width, height, steps = key
    return width * height / _MEGAPIXEL * steps
