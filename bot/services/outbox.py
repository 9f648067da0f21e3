"""The outbox relay: finished jobs are delivered until they are delivered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.actors import Platform
from bot.domain.deliveries import Delivery
from bot.domain.measurements import DeliveryOutcome
from bot.ports.clock import Clock
from bot.ports.meter import Meter
from bot.ports.platforms import Deliverer, DeliveryDelayed, DeliveryImpossible
from bot.ports.storage import UnitOfWorkFactory
from bot.services.job_context import working_on

log = logging.getLogger(__name__)

_BATCH = 20
_LONGEST_SLEEP_S = 60.0
_LAST_DELIVERIES_S = 5.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits between attempts: doubling from `first_s` up to `longest_s`; given up after `max_attempts`.

    A platform that asks for a longer wait gets `longest_s` too. So a delivery that is due later than that was put off
    by a clock that has been set back since, and must not wait for the clock to catch up.
    """

    first_s: float = 2.0
    longest_s: float = 600.0
    max_attempts: int = 50

    def wait_s(self, attempts: int) -> float:
        """Seconds to wait after that many failed attempts."""
        return float(min(self.longest_s, self.first_s * 2 ** min(attempts, 20)))


class OutboxRelay:
    """Hands due deliveries to their platforms; what fails is tried again, also after a restart."""

    def __init__(
        self, open_unit: UnitOfWorkFactory, clock: Clock, backoff: Backoff | None = None, meter: Meter | None = None
    ) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._backoff = backoff or Backoff()
        self._meter = meter or Meter()
        self._deliverers: dict[Platform, Deliverer] = {}
        self._woken = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[bool]] = {}
        self._arrived: set[int] = set()  # told to the platform, and the database does not know yet

    def serve(self, deliverers: Mapping[Platform, Deliverer]) -> None:
        """Say which platforms are connected; deliveries to others wait in the database."""
        self._deliverers = dict(deliverers)
        self.wake()

    def wake(self) -> None:
        """Look at once: something was added."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver for ever; a database that is away for a moment is waited for.

        Deliveries go side by side: one that a platform keeps waiting holds up no other.
        """
        try:
            while True:
                self._woken.clear()
                try:
                    await self._begin_due()
                    pause_s = await self._pause_s()
                except Exception:
                    log.exception("outbox: could not read deliveries")
                    pause_s = self._backoff.first_s
                # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the wake-up.
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):
                        await self._woken.wait()
        finally:
            await self._end()

    async def deliver_due(self) -> int:
        """Try every due delivery of the connected platforms once; returns how many arrived."""
        begun = await self._begin_due()
        if not begun:
            return 0
        await asyncio.wait(begun)
        return sum(delivery.result() for delivery in begun)

    async def _begin_due(self) -> list[asyncio.Task[bool]]:
        """Begin what is due and not under way; `_BATCH` at most are under way at a time."""
        now = self._clock.now()
        latest = now + timedelta(seconds=self._backoff.longest_s)
        limit = _BATCH + len(self._under_way)
        async with self._open_unit() as unit:
            due = await unit.outbox.due(now=now, latest=latest, platforms=self._deliverers, limit=limit)
        free = _BATCH - len(self._under_way)
        waiting = [delivery for delivery in due if delivery.id not in self._under_way]
        return [self._begin(delivery) for delivery in waiting[:free]]

    def _begin(self, delivery: Delivery) -> asyncio.Task[bool]:
        with working_on(delivery.job_id):
            task = asyncio.create_task(self._deliver(delivery), name=f"delivery of job {delivery.job_id}")
        self._under_way[delivery.id] = task

        def forget(done: asyncio.Task[bool]) -> None:
            del self._under_way[delivery.id]
            if done.cancelled():
                return
            if (error := done.exception()) is not None:
                log.error("outbox: could not note a delivery down", exc_info=error)
            elif done.result():
                self.wake()  # there is room for the next one

        task.add_done_callback(forget)
        return task

    async def _end(self) -> None:
        """Wait a little for deliveries under way: what arrived must be noted down."""
        under_way = list(self._under_way.values())
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=_LAST_DELIVERIES_S)
        for delivery in late:
            delivery.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _deliver(self, delivery: Delivery) -> bool:
        if delivery.id not in self._arrived and not await self._tell(delivery):
            return False
        # A database that is away right now must not have the platform told again when it is back.
        self._arrived.add(delivery.id)
        async with self._open_unit() as unit:
            await unit.outbox.mark_delivered(delivery.id)
            await unit.commit()
        self._arrived.discard(delivery.id)
        log.info("delivered to %s", delivery.platform.value)
        self._meter.delivery_tried(delivery.platform, DeliveryOutcome.DELIVERED)
        return True

    async def _tell(self, delivery: Delivery) -> bool:
        """Hand one delivery to its platform; False if it did not arrive, which is noted down."""
        async with self._open_unit() as unit:
            job = await unit.jobs.get(delivery.job_id)
        if job is None:
            await self._give_up(delivery, "the job was deleted")
            return False
        try:
            await self._deliverers[delivery.platform].deliver(job)
        except DeliveryImpossible as error:
            await self._give_up(delivery, str(error))
            return False
        except DeliveryDelayed as error:
            await self._postpone(delivery, str(error), error.retry_after_s)
            return False
        except Exception as error:
            # Whatever a platform library raises must not stop the deliveries behind it.
            log.exception("outbox: delivery of job %s failed", delivery.job_id)
            await self._postpone(delivery, f"{type(error).__name__}: {error}", None)
            return False
        return True

    async def _postpone(self, delivery: Delivery, error: str, retry_after_s: float | None) -> None:
        if delivery.attempts + 1 >= self._backoff.max_attempts:
            await self._give_up(delivery, error)
            return
        asked_s = retry_after_s if retry_after_s is not None else self._backoff.wait_s(delivery.attempts)
        wait_s = min(asked_s, self._backoff.longest_s)
        async with self._open_unit() as unit:
            at = self._clock.now() + timedelta(seconds=wait_s)
            await unit.outbox.retry_at(delivery.id, at=at, error=error)
            await unit.commit()
        self._meter.delivery_tried(delivery.platform, DeliveryOutcome.POSTPONED)

    async def _give_up(self, delivery: Delivery, error: str) -> None:
        log.warning("outbox: job %s can not be delivered: %s", delivery.job_id, error)
        async with self._open_unit() as unit:
            await unit.outbox.mark_dead(delivery.id, error=error)
            await unit.commit()
        self._meter.delivery_tried(delivery.platform, DeliveryOutcome.DEAD)

    async def _pause_s(self) -> float:
        async with self._open_unit() as unit:
            due_at = await unit.outbox.next_due_at(platforms=self._deliverers)
        if due_at is None:
            return _LONGEST_SLEEP_S
        until_s = (due_at - self._clock.now()).total_seconds()
        # A batch may leave some behind that are due already: they must not make this loop spin.
        return min(_LONGEST_SLEEP_S, max(1.0, until_s))
