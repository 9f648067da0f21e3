"""The tasks that keep the services going, and their beginning and end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from bot.assembly import Outside, Parts, Rules, make_application
from bot.background import make_retention, make_sampler, make_worker
from bot.ports.platforms import Deliverer
from bot.services.recovery import look, recover
from bot.services.worker import WorkerSettings

log = logging.getLogger(__name__)


class Spine:
    """Queue, worker and outbox around one engine; adapters use its `application`."""

    def __init__(self, outside: Outside, rules: Rules, settings: WorkerSettings) -> None:
        self._settings = settings
        self._parts = Parts(outside)
        self._worker = make_worker(self._parts, settings, rules.checking)
        self._retention = make_retention(self._parts, rules.retention)
        self._sampler = make_sampler(self._parts)
        self._tasks: list[asyncio.Task[None]] = []
        self.application = make_application(self._parts, rules)

    async def look(self) -> None:
        """Show what is unfinished without beginning to work; instead of `start`, and only where no bot runs."""
        parts = self._parts
        await look(open_unit=parts.outside.open_unit, queue=parts.queue, board=parts.board)

    async def start(self) -> None:
        """Recover what was left from the last run, start the engine and begin to work."""
        parts = self._parts
        await recover(
            open_unit=parts.outside.open_unit,
            queue=parts.queue,
            board=parts.board,
            estimates=parts.estimates,
            clock=parts.outside.clock,
            max_attempts=self._settings.max_attempts,
        )
        await parts.outside.engine.start()
        self._tasks = [
            asyncio.create_task(self._worker.run(), name="worker"),
            asyncio.create_task(parts.relay.run(), name="outbox"),
            asyncio.create_task(parts.board.follow_engine(), name="engine status"),
            asyncio.create_task(self._retention.run(), name="retention"),
            asyncio.create_task(self._sampler.run(), name="measurements"),
        ]

    def deliver_through(self, deliverers: Iterable[Deliverer]) -> None:
        """Say which platforms are connected, so that the outbox can deliver."""
        self._parts.relay.serve({deliverer.platform: deliverer for deliverer in deliverers})

    async def run(self) -> None:
        """Wait until one of the tasks breaks, which is a fault, and raise what it raised."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
            raise RuntimeError(f"the task {task.get_name()!r} ended by itself")

    async def close(self) -> None:
        """Stop working: the job in hand goes back to queued; then the engine ends."""
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                log.error("a task ended with an error", exc_info=result)
        await self._parts.outside.engine.close()
        await self._parts.outside.image_check.close()
