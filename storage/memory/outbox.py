"""Deliveries in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.actors import Platform
from bot.domain.deliveries import Delivery, DeliveryState
from bot.domain.jobs import JobId
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc


class MemoryOutboxRepository:
    """`bot.ports.storage.OutboxRepository` in memory; only pending deliveries ever change."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, *, job_id: JobId, platform: Platform, now: datetime) -> None:
        """Add a pending delivery unless the job has one; raises `ConstraintViolated` when there is no such job."""
        tables = await self._transaction.tables()
        if any(delivery.job_id == job_id for delivery in tables.deliveries.values()):
            return
        if job_id not in tables.jobs:
            raise ConstraintViolated(f"a delivery of job {job_id}")
        number = max(tables.deliveries, default=0) + 1
        tables.deliveries[number] = Delivery(number, job_id, platform, DeliveryState.PENDING, 0, utc(now))

    async def due(
        self,
        *,
        now: datetime,
        latest: datetime | None = None,
        platforms: Collection[Platform] | None = None,
        limit: int,
    ) -> Sequence[Delivery]:
        """Pending deliveries whose time has come or lies after `latest`, oldest first."""
        due = [
            delivery
            for delivery in await self._pending(platforms)
            if delivery.next_attempt_at <= utc(now) or (latest is not None and delivery.next_attempt_at > utc(latest))
        ]
        return tuple(sorted(due, key=lambda delivery: (delivery.next_attempt_at, delivery.id))[:limit])

    async def next_due_at(self, *, platforms: Collection[Platform] | None = None) -> datetime | None:
        """When the earliest pending delivery is to be tried, or None."""
        return min((delivery.next_attempt_at for delivery in await self._pending(platforms)), default=None)

    async def backlog(self) -> Mapping[Platform, int]:
        """How many pending deliveries each platform has."""
        return Counter(delivery.platform for delivery in await self._pending(None))

    async def mark_delivered(self, delivery_id: int) -> None:
        """The platform has it."""
        tables, delivery = await self._find(delivery_id)
        if delivery is not None:
            tables.deliveries[delivery_id] = replace(delivery, state=DeliveryState.DELIVERED)

    async def retry_at(self, delivery_id: int, *, at: datetime, error: str) -> None:
        """Count a failed attempt and try again at `at`."""
        tables, delivery = await self._find(delivery_id)
        if delivery is not None:
            tables.deliveries[delivery_id] = replace(
                delivery, attempts=delivery.attempts + 1, next_attempt_at=utc(at), last_error=error
            )

    async def mark_dead(self, delivery_id: int, *, error: str) -> None:
        """It can never arrive."""
        tables, delivery = await self._find(delivery_id)
        if delivery is not None:
            tables.deliveries[delivery_id] = replace(delivery, state=DeliveryState.DEAD, last_error=error)

    async def _pending(self, platforms: Collection[Platform] | None) -> Sequence[Delivery]:
        tables = await self._transaction.tables()
        return [
            delivery
            for delivery in tables.deliveries.values()
            if delivery.state is DeliveryState.PENDING and (platforms is None or delivery.platform in platforms)
        ]

    async def _find(self, delivery_id: int) -> tuple[Tables, Delivery | None]:
        """The delivery, unless it is unknown or settled."""
        tables = await self._transaction.tables()
        delivery = tables.deliveries.get(delivery_id)
        return tables, delivery if delivery is not None and delivery.state is DeliveryState.PENDING else None
