"""Tells meters what happens: one place for the services to report to, whoever listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.domain.actors import Platform
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobState, ResultPicture
from bot.domain.measurements import DeliveryOutcome
from bot.ports.meter import Meter


class Measuring(Meter):
    """Passes everything on to those who listen, in the order in which they came."""

    def __init__(self) -> None:
        self._meters: list[Meter] = []

    def add(self, meter: Meter) -> None:
        """Tell `meter` from now on."""
        self._meters.append(meter)

    def see(self, before: Job | None, after: Job) -> None:
        """A job stands as `after`, and was last seen as `before`; tells what happened in between."""
        if before is None:
            if after.state is JobState.QUEUED and after.attempt == 0:
                self.job_accepted(after)
            return
        if after.state is JobState.RUNNING and before.state is JobState.QUEUED and after.attempt <= 1:
            begun = after.started_at or after.created_at
            self.job_began(after, max(0.0, (begun - after.created_at).total_seconds()))
        known = {picture.index for picture in before.pictures}
        for picture in after.pictures:
            if picture.index not in known:
                self.picture_made(after, picture)
        if after.state.is_final:
            self.job_ended(after)

    @contextmanager
    def refusals(self, platform: Platform) -> Iterator[None]:
        """Count what is refused inside the block, and let it go on."""
        try:
            yield
        except Rejected as rejected:
            self.request_refused(platform, rejected.rejection)
            raise

    def job_accepted(self, job: Job) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.job_accepted(job)

    def job_began(self, job: Job, waited_s: float) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.job_began(job, waited_s)

    def picture_made(self, job: Job, picture: ResultPicture) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.picture_made(job, picture)

    def job_ended(self, job: Job) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.job_ended(job)

    def request_refused(self, platform: Platform, rejection: Rejection) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.request_refused(platform, rejection)

    def delivery_tried(self, platform: Platform, outcome: DeliveryOutcome) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.delivery_tried(platform, outcome)

    def engine_restarted(self) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.engine_restarted()

    def loop_lagged(self, lag_s: float) -> None:
        """Pass it on."""
        for meter in self._meters:
            meter.loop_lagged(lag_s)
