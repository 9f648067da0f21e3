"""Which job the work at hand is for, so that every line of the log can say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from bot.domain.jobs import JobId

_JOB: Final[ContextVar[JobId]] = ContextVar("job", default="")


@contextmanager
def working_on(job_id: JobId) -> Iterator[None]:
    """Say that the block, and the tasks that it begins, work on that job."""
    token = _JOB.set(job_id)
    try:
        yield
    finally:
        _JOB.reset(token)


def current_job() -> JobId:
    """The job under work here; empty where there is none."""
    return _JOB.get()
