"""Reports: somebody says that a picture should not be here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.actors import ReplyAddress, UserId
from bot.domain.jobs import JobId

REASON_CHARS: Final = 500
"""How long a reason may be."""

ReportId = int


@dataclass(frozen=True, slots=True)
class Report:
    """A picture that somebody complains about, at a time in UTC; `id` is 0 until stored.

    `reporter` is the person, whatever platform they use; `by` is where they wrote from, such as
    `discord:80351110224678912`. `place` is the message that shows the picture, in the words of its platform's adapter.
    """

    job_id: JobId
    index: int
    reporter: UserId
    by: str
    reason: str
    at: datetime
    place: ReplyAddress | None = None
    id: ReportId = 0
