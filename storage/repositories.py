"""People and deliveries in SQL; changes of state are single conditional UPDATEs, so the database settles races."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.deliveries import Delivery, DeliveryState
from bot.domain.jobs import JobId
from storage.errors import ConstraintViolated
from storage.rows import delivery_of
from storage.tables import DeliveryRow, IdentityRow, UserRow


def new_user_id() -> UserId:
    """Draw an id of 128 random bits."""
    return secrets.token_hex(16)


class SqlUserRepository:
    """`bot.ports.storage.UserRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def resolve(self, actor: Actor, *, now: datetime) -> UserId:
        """Return the user behind `actor`, creating user and identity on first sight."""
        known = await self.find(actor)
        if known is not None:
            return known
        user_id = new_user_id()
        try:
            async with self._session.begin_nested():
                await self._session.execute(insert(UserRow).values(id=user_id, created_at=now))
                await self._session.execute(
                    insert(IdentityRow).values(
                        platform=actor.platform, external_id=actor.external_id, user_id=user_id, created_at=now
                    )
                )
        except IntegrityError:
            # Where transactions run side by side, another one may have met the same person first.
            met = await self.find(actor)
            if met is None:
                raise
            return met
        return user_id

    async def find(self, actor: Actor) -> UserId | None:
        """Return the user behind `actor`, or None."""
        return await self._session.scalar(
            select(IdentityRow.user_id).where(
                IdentityRow.platform == actor.platform, IdentityRow.external_id == actor.external_id
            )
        )


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

    async def due(self, *, now: datetime, limit: int) -> Sequence[Delivery]:
        """Pending deliveries whose time has come, oldest first."""
        rows = await self._session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.state == DeliveryState.PENDING, DeliveryRow.next_attempt_at <= now)
            .order_by(DeliveryRow.next_attempt_at, DeliveryRow.id)
            .limit(limit)
            .execution_options(populate_existing=True)
        )
        return tuple(delivery_of(row) for row in rows)

    async def next_due_at(self) -> datetime | None:
        """When the earliest pending delivery is to be tried, or None."""
        return await self._session.scalar(
            select(func.min(DeliveryRow.next_attempt_at)).where(DeliveryRow.state == DeliveryState.PENDING)
        )

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
