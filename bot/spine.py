"""The services wired together, and the tasks that keep them going."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from bot.application import Application
from bot.domain.limits import Limits
from bot.messages.catalogs import Catalogs
from bot.ports.clock import Clock
from bot.ports.engine import Engine
from bot.ports.images import ImageStore
from bot.ports.platforms import Deliverer
from bot.ports.storage import UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.cancel import Cancel, CancelRequests
from bot.services.estimates import Estimates
from bot.services.fair_queue import FairQueue
from bot.services.follow_up import Reroll, Vary
from bot.services.history import History
from bot.services.outbox import OutboxRelay
from bot.services.recovery import recover
from bot.services.submit import Submit
from bot.services.worker import Worker, WorkerSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the services stand on: storage, engine, time and words."""

    engine: Engine
    open_unit: UnitOfWorkFactory
    images: ImageStore
    clock: Clock
    catalogs: Catalogs


class Spine:
    """Queue, worker and outbox around one engine; adapters use its `application`."""

    def __init__(self, outside: Outside, limits: Limits, settings: WorkerSettings) -> None:
        self._outside = outside
        self._settings = settings
        self._queue = FairQueue()
        self._estimates = Estimates()
        self._board = CardBoard(self._queue, outside.engine, self._estimates, outside.open_unit)
        self._relay = OutboxRelay(outside.open_unit, outside.clock)
        self._cancel_requests = CancelRequests()
        self._tasks: list[asyncio.Task[None]] = []
        self._worker = self._make_worker()
        self.application = self._make_application(limits)

    async def start(self) -> None:
        """Recover what was left from the last run, start the engine and begin to work."""
        outside = self._outside
        await recover(
            open_unit=outside.open_unit,
            queue=self._queue,
            board=self._board,
            estimates=self._estimates,
            clock=outside.clock,
            max_attempts=self._settings.max_attempts,
        )
        await outside.engine.start()
        self._tasks = [
            asyncio.create_task(self._worker.run(), name="worker"),
            asyncio.create_task(self._relay.run(), name="outbox"),
            asyncio.create_task(self._board.follow_engine(), name="engine status"),
        ]

    def deliver_through(self, deliverers: Iterable[Deliverer]) -> None:
        """Say which platforms are connected, so that the outbox can deliver."""
        self._relay.serve({deliverer.platform: deliverer for deliverer in deliverers})

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
        await self._outside.engine.close()

    def _make_worker(self) -> Worker:
        return Worker(
            settings=self._settings,
            engine=self._outside.engine,
            open_unit=self._outside.open_unit,
            images=self._outside.images,
            queue=self._queue,
            board=self._board,
            estimates=self._estimates,
            cancel_requests=self._cancel_requests,
            relay=self._relay,
            clock=self._outside.clock,
        )

    def _make_application(self, limits: Limits) -> Application:
        outside = self._outside
        submit = Submit(
            limits=limits,
            images=outside.images,
            open_unit=outside.open_unit,
            queue=self._queue,
            board=self._board,
            clock=outside.clock,
        )
        cancel = Cancel(
            open_unit=outside.open_unit,
            queue=self._queue,
            board=self._board,
            engine=outside.engine,
            requests=self._cancel_requests,
            relay=self._relay,
            clock=outside.clock,
        )
        return Application(
            limits=limits,
            catalogs=outside.catalogs,
            submit=submit,
            reroll=Reroll(outside.open_unit, submit),
            vary=Vary(outside.open_unit, submit),
            cancel=cancel,
            board=self._board,
            history=History(outside.open_unit),
            images=outside.images,
            engine=outside.engine,
        )
