"""Deliveries in SQL; changes of state are single conditional UPDATEs, so the database settles races."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import Platform
from bot.domain.deliveries import Delivery, DeliveryState
from bot.domain.jobs import JobId
from storage.errors import ConstraintViolated
from storage.sql.rows import delivery_of
from storage.tables.jobs import DeliveryRow


class SqlOutboxRepository:
    """`bot.ports.storage.OutboxRepository` in SQL; only pending deliveries ever change."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, *, job_id: JobId, platform: Platform, now: datetime) -> None:
        """Add a pending delivery unless the job has one; raises `ConstraintViolated` when there is no such job."""
        if await self._has(job_id):
            return
        row = insert(DeliveryRow).values(
            job_id=job_id, platform=platform, state=DeliveryState.PENDING, attempts=0, next_attempt_at=now
        )
        try:
            async with self._session.begin_nested():
                await self._session.execute(row)
        except IntegrityError as error:
            if not await self._has(job_id):
                raise ConstraintViolated(f"a delivery of job {job_id}") from error

    async def due(
        self,
        *,
        now: datetime,
        latest: datetime | None = None,
        platforms: Collection[Platform] | None = None,
        limit: int,
    ) -> Sequence[Delivery]:
        """Pending deliveries whose time has come or lies after `latest`, oldest first."""
        is_due = DeliveryRow.next_attempt_at <= now
        if latest is not None:
            is_due = or_(is_due, DeliveryRow.next_attempt_at > latest)
        rows = await self._session.scalars(
            select(DeliveryRow)
            .where(*_pending(platforms), is_due)
            .order_by(DeliveryRow.next_attempt_at, DeliveryRow.id)
            .limit(limit)
            .execution_options(populate_existing=True)
        )
        return tuple(delivery_of(row) for row in rows)

    async def next_due_at(self, *, platforms: Collection[Platform] | None = None) -> datetime | None:
        """When the earliest pending delivery is to be tried, or None."""
        return await self._session.scalar(select(func.min(DeliveryRow.next_attempt_at)).where(*_pending(platforms)))

    async def backlog(self) -> Mapping[Platform, int]:
        """How many pending deliveries each platform has."""
        counted = select(DeliveryRow.platform, func.count()).where(*_pending(None)).group_by(DeliveryRow.platform)
        return {platform: int(number) for platform, number in await self._session.execute(counted)}

    async def mark_delivered(self, delivery_id: int) -> None:
        """The platform has it."""
        await self._change(delivery_id, state=DeliveryState.DELIVERED)

    async def retry_at(self, delivery_id: int, *, at: datetime, error: str) -> None:
        """Count a failed attempt and try again at `at`."""
        await self._change(delivery_id, attempts=DeliveryRow.attempts + 1, next_attempt_at=at, last_error=error)

    async def mark_dead(self, delivery_id: int, *, error: str) -> None:
        """It can never arrive."""
        await self._change(delivery_id, state=DeliveryState.DEAD, last_error=error)

    async def _change(self, delivery_id: int, **values: object) -> None:
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.state == DeliveryState.PENDING)
            .values(**values)
            .execution_options(synchronize_session=False)
        )

    async def _has(self, job_id: JobId) -> bool:
        return await self._session.scalar(select(DeliveryRow.id).where(DeliveryRow.job_id == job_id)) is not None


def _pending(platforms: Collection[Platform] | None) -> Sequence[ColumnElement[bool]]:
    is_pending = DeliveryRow.state == DeliveryState.PENDING
    return (is_pending,) if platforms is None else (is_pending, DeliveryRow.platform.in_(tuple(platforms)))
