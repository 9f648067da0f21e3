"""How long it takes until the pictures of waiting jobs are there."""

from __future__ import annotations

from itertools import accumulate

from bot.domain.jobs import Job, JobId, JobState
from bot.services.estimates import Estimates
from bot.services.fair_queue import FairQueue


class WaitingTimes:
    """Adds up the guesses for all jobs ahead, once for every change of the queue, the jobs or the estimates.

    However many cards then ask, each answer is one look into the sums: ten thousand cards are drawn in linear time.
    """

    def __init__(self, queue: FairQueue, estimates: Estimates) -> None:
        self._queue = queue
        self._estimates = estimates
        self._jobs: dict[JobId, Job] = {}
        self._running: dict[JobId, Job] = {}
        self._guesses: dict[JobId, float] = {}
        self._guesses_are_of = 0
        self._unguessed: set[JobId] = set()
        self._changes = 0
        self._sums: list[float] = []
        self._sums_are_of = (-1, -1, -1)

    def note(self, job: Job) -> None:
        """Count a job that is not ended, as it now stands."""
        self._jobs[job.id] = job
        self._unguessed.add(job.id)
        if job.state is JobState.RUNNING:
            self._running[job.id] = job
        else:
            self._running.pop(job.id, None)
        self._changes += 1

    def forget(self, job_id: JobId) -> None:
        """Count a job no more."""
        if self._jobs.pop(job_id, None) is not None:
            self._running.pop(job_id, None)
            self._guesses.pop(job_id, None)
            self._unguessed.discard(job_id)
            self._changes += 1

    def until_done_s(self, place: int) -> float | None:
        """Seconds until the job at `place` of the queue (from 1) is done; None while nothing was measured."""
        now = (self._queue.changes, self._estimates.changes, self._changes)
        if self._sums_are_of != now:
            self._sums = self._add_up()
            self._sums_are_of = now
        return self._sums[place] if self._sums else None

    def _add_up(self) -> list[float]:
        """What the running jobs still take, then with each waiting job in turn; empty while nothing was measured."""
        if self._guesses_are_of != self._estimates.changes:
            self._guesses_are_of = self._estimates.changes
            self._unguessed.update(self._jobs)
        for job_id in self._unguessed:
            guess = self._estimates.job_s(self._jobs[job_id])
            if guess is None:
                return []
            self._guesses[job_id] = guess
        self._unguessed.clear()
        guesses = self._guesses
        running_s = sum(guesses[job_id] for job_id in self._running)
        # A job that is queued this moment may not be on the board yet.
        return list(accumulate((guesses.get(job_id, 0.0) for job_id in self._queue.order()), initial=running_s))
