"""What is counted as it happens, in a registry of its own.

Every label has few values that are known beforehand: no names, no ids, no prompts.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.domain.actors import Platform
from bot.domain.errors import Rejection
from bot.domain.jobs import FailureKind, Job, JobState, ResultPicture
from bot.domain.measurements import DeliveryOutcome
from bot.ports.meter import Meter

_WAITING_S: Final = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
_DRAWING_S: Final = (0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
_LAG_S: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_FINAL: Final = tuple(state for state in JobState if state.is_final)


class CountedMetrics(Meter):
    """Counters and histograms."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._accepted = Counter(
            "uso_bot_jobs_accepted", "Requests that were taken in.", ["platform"], registry=registry
        )
        self._ended = Counter(
            "uso_bot_jobs_ended", "Requests that ended, by how.", ["platform", "state"], registry=registry
        )
        self._failed = Counter("uso_bot_jobs_failed", "Requests that failed, by why.", ["kind"], registry=registry)
        self._refused = Counter(
            "uso_bot_requests_refused",
            "Requests that were not taken, by why.",
            ["platform", "reason"],
            registry=registry,
        )
        self._pictures = Counter("uso_bot_pictures", "Pictures that were made.", ["platform"], registry=registry)
        self._deliveries = Counter(
            "uso_bot_deliveries", "Tries to bring a result to a chat.", ["platform", "outcome"], registry=registry
        )
        self._restarts = Counter(
            "uso_bot_engine_restarts", "Times that the engine had to start again.", registry=registry
        )
        self._waiting = Histogram(
            "uso_bot_job_waiting_seconds", "From a request to its first step.", buckets=_WAITING_S, registry=registry
        )
        self._drawing = Histogram(
            "uso_bot_picture_drawing_seconds", "What one picture took.", buckets=_DRAWING_S, registry=registry
        )
        self._lag = Histogram(
            "uso_bot_event_loop_lag_seconds",
            "How late the event loop was, looked at four times a second.",
            buckets=_LAG_S,
            registry=registry,
        )
        self._begin_with_zero()

    def _begin_with_zero(self) -> None:
        """Show every series from the beginning: a rate over one that appears with its first event misses that event."""
        for platform in Platform:
            self._accepted.labels(platform.value)
            self._pictures.labels(platform.value)
            for state in _FINAL:
                self._ended.labels(platform.value, state.value)
        for platform in (Platform.DISCORD, Platform.TELEGRAM):
            for outcome in DeliveryOutcome:
                self._deliveries.labels(platform.value, outcome.value)
        for kind in FailureKind:
            self._failed.labels(kind.value)

    def job_accepted(self, job: Job) -> None:
        """Count it."""
        self._accepted.labels(platform_of(job).value).inc()

    def job_began(self, job: Job, waited_s: float) -> None:  # noqa: ARG002 -- the port's signature
        """Measure how long it waited."""
        self._waiting.observe(waited_s)

    def picture_made(self, job: Job, picture: ResultPicture) -> None:
        """Count it and measure how long it took."""
        self._pictures.labels(platform_of(job).value).inc()
        self._drawing.observe(picture.duration_s)

    def job_ended(self, job: Job) -> None:
        """Count it by how it ended."""
        self._ended.labels(platform_of(job).value, job.state.value).inc()
        if job.failure is not None:
            self._failed.labels(job.failure.value).inc()

    def request_refused(self, platform: Platform, rejection: Rejection) -> None:
        """Count it by why."""
        self._refused.labels(platform.value, rejection.value).inc()

    def delivery_tried(self, platform: Platform, outcome: DeliveryOutcome) -> None:
        """Count it by how it ended."""
        self._deliveries.labels(platform.value, outcome.value).inc()

    def engine_restarted(self) -> None:
        """Count it."""
        self._restarts.inc()

    def loop_lagged(self, lag_s: float) -> None:
        """Measure it."""
        self._lag.observe(lag_s)


def platform_of(job: Job) -> Platform:
    """Where a job was asked for: without an address to answer to it is the page's."""
    return job.reply_to.platform if job.reply_to is not None else Platform.WEB
