"""The log of jobs: a line for each turn of a job's life, naming no person and no words of theirs."""

from __future__ import annotations

import logging

from bot.domain.actors import Platform
from bot.domain.errors import Rejection
from bot.domain.jobs import Job, ResultPicture
from bot.ports.meter import Meter
from bot.services.job_context import working_on

log = logging.getLogger(__name__)


class JobLog(Meter):
    """Writes what meters are told of jobs."""

    def job_accepted(self, job: Job) -> None:
        """Say what was asked for."""
        request = job.request
        size = f"{request.width}x{request.height}"
        with working_on(job.id):
            log.info("accepted: %s, %d of %s, %d steps", request.mode.value, request.count, size, request.steps)

    def job_began(self, job: Job, waited_s: float) -> None:
        """Say how long it waited."""
        with working_on(job.id):
            log.info("began after %.1f s", waited_s)

    def picture_made(self, job: Job, picture: ResultPicture) -> None:
        """Say how long it took."""
        with working_on(job.id):
            log.info("picture %d of %d in %.1f s", picture.index + 1, job.request.count, picture.duration_s)

    def job_ended(self, job: Job) -> None:
        """Say how."""
        with working_on(job.id):
            log.info("ended: %s", job.failure.value if job.failure is not None else job.state.value)

    def request_refused(self, platform: Platform, rejection: Rejection) -> None:
        """Say why; whose it was is nobody's business."""
        log.info("refused a request from %s: %s", platform.value, rejection.value)
