"""Who is told what happens, to count and measure it."""

from __future__ import annotations

from bot.domain.actors import Platform
from bot.domain.errors import Rejection
from bot.domain.jobs import Job, ResultPicture
from bot.domain.measurements import DeliveryOutcome


class Meter:
    """Hears of everything worth measuring; does nothing with what it does not override.

    Called in the middle of the work: must be quick and must not raise.
    """

    def job_accepted(self, job: Job) -> None:
        """A request was taken in."""

    def job_began(self, job: Job, waited_s: float) -> None:
        """Its first try began, so many seconds after it was taken in."""

    def picture_made(self, job: Job, picture: ResultPicture) -> None:
        """One of its pictures is there."""

    def job_ended(self, job: Job) -> None:
        """It has its final state."""

    def request_refused(self, platform: Platform, rejection: Rejection) -> None:
        """A request was not taken."""

    def delivery_tried(self, platform: Platform, outcome: DeliveryOutcome) -> None:
        """A result was brought to a chat, or was not."""

    def engine_restarted(self) -> None:
        """The engine starts again: an operator asked for it, or its process died."""

    def loop_lagged(self, lag_s: float) -> None:
        """The event loop was so many seconds late just now; told several times a second."""
