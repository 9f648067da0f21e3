"""Honest guesses of how long a picture takes, from the medians of what was measured."""

from __future__ import annotations

from collections import deque
from statistics import median

from bot.domain.jobs import Job, ResultPicture
from bot.domain.requests import GenerationRequest
from bot.services.pace import Pace

_KEPT_PER_KEY = 20
_MEGAPIXEL = 1_000_000

_Key = tuple[int, int, int]


class Estimates:
    """Seconds per picture and per step by size and steps; knows nothing before the first of a model revision.

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

    def record(self, request: GenerationRequest, picture: ResultPicture, pace: Pace | None = None) -> None:
        """Learn from a finished picture, and from its steps if they were seen; another revision starts afresh."""
        self._of(request).record(request, picture, pace)

    def picture_s(self, request: GenerationRequest) -> float | None:
        """Seconds for one picture of `request`, or None while nothing was measured."""
        return self._of(request).pictures.guess(_key(request))

    def left_s(self, request: GenerationRequest, pace: Pace) -> float | None:
        """Seconds until the picture that goes at `pace` is there; None in the first step that was ever measured."""
        measured = self._of(request)
        usual_step_s = measured.steps.guess(_step_key(request))
        step_s = pace.step_s if pace.step_s is not None else usual_step_s
        if step_s is None:
            return None
        picture_s = measured.pictures.guess(_key(request))
        # What a picture takes beside its steps, which is mostly its decoding, comes after the last one.
        rest_s = 0.0 if picture_s is None or usual_step_s is None else picture_s - usual_step_s * pace.steps
        return step_s * pace.steps_left + max(0.0, rest_s)

    def job_s(self, job: Job) -> float | None:
        """Seconds for all pictures of `job` that are still to be made."""
        picture_s = self.picture_s(job.request)
        return None if picture_s is None else picture_s * (job.request.count - len(job.pictures))

    def _of(self, request: GenerationRequest) -> _Measurements:
        return self._enlarging if request.upscale_of is not None else self._drawing


class _Measurements:
    """What was measured of one model: whole pictures, and single steps."""

    def __init__(self) -> None:
        self._revision = ""
        self.pictures = _Medians()
        self.steps = _Medians()
        self.changes = 0

    def record(self, request: GenerationRequest, picture: ResultPicture, pace: Pace | None) -> None:
        """Learn from a finished picture; another model revision starts afresh."""
        if picture.model_revision != self._revision:
            self._revision = picture.model_revision
            self.pictures, self.steps = _Medians(), _Medians()
        self.pictures.add(_key(request), picture.duration_s if pace is None else pace.steady_s(picture.duration_s))
        if pace is not None and pace.step_s is not None:
            self.steps.add(_step_key(request), pace.step_s)
        self.changes += 1


class _Medians:
    """Medians of durations by key, and of all of them by the work they were."""

    def __init__(self) -> None:
        self._by_key: dict[_Key, deque[float]] = {}
        self._per_work: deque[float] = deque(maxlen=_KEPT_PER_KEY)
        self._guesses: dict[_Key, float] = {}

    def add(self, key: _Key, seconds: float) -> None:
        """Take in one more."""
        self._by_key.setdefault(key, deque(maxlen=_KEPT_PER_KEY)).append(seconds)
        self._per_work.append(seconds / _work(key))
        self._guesses.clear()

    def guess(self, key: _Key) -> float | None:
        """The median of this key, or scaled from all others; None while there are none."""
        if not self._per_work:
            return None
        guess = self._guesses.get(key)
        if guess is None:
            durations = self._by_key.get(key)
            guess = median(durations) if durations else median(self._per_work) * _work(key)
            self._guesses[key] = guess
        return guess


def _key(request: GenerationRequest) -> _Key:
    return request.width, request.height, request.steps


def _step_key(request: GenerationRequest) -> _Key:
    """A step is as long as the picture is large; the tiles of an enlarged one are all of a size."""
    return (1, 1, 1) if request.upscale_of is not None else (request.width, request.height, 1)


def _work(key: _Key) -> float:
    width, height, steps = key
    return width * height / _MEGAPIXEL * steps
