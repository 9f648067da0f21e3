"""What works in the background as long as the process lives, built from the shared parts."""

from __future__ import annotations

from bot.assembly import Parts
from bot.services.picture_check import CheckRules, PictureCheck
from bot.services.retention import Retention, RetentionSettings
from bot.services.sampler import Sampler
from bot.services.worker import Worker, WorkerSettings


def make_worker(parts: Parts, settings: WorkerSettings, checking: CheckRules) -> Worker:
    """The worker of the one engine."""
    outside = parts.outside
    return Worker(
        settings=settings,
        engine=outside.engine,
        open_unit=outside.open_unit,
        images=outside.images,
        keeper=parts.keeper,
        queue=parts.queue,
        board=parts.board,
        estimates=parts.estimates,
        cancel_requests=parts.cancel_requests,
        relay=parts.relay,
        switch=parts.switch,
        clock=outside.clock,
        check=PictureCheck(outside.image_check, checking),
    )


def make_retention(parts: Parts, settings: RetentionSettings) -> Retention:
    """What removes picture files."""
    outside = parts.outside
    return Retention(
        settings=settings,
        images=outside.images,
        open_unit=outside.open_unit,
        keeper=parts.keeper,
        clock=outside.clock,
    )


def make_sampler(parts: Parts) -> Sampler:
    """What looks at the bot now and then."""
    return Sampler(
        engine=parts.outside.engine,
        board=parts.board,
        measuring=parts.measuring,
        measurements=parts.measurements,
        clock=parts.outside.clock,
    )
