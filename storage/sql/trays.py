"""Trays in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import UserId
from bot.domain.styles import Tray
from storage.errors import ConstraintViolated
from storage.sql.statements import change
from storage.tables.library import TrayPictureRow, TrayRole
from storage.tables.people import UserRow


class SqlTrayRepository:
    """`bot.ports.library.TrayRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, user_id: UserId) -> Tray:
        """What lies in it; empty for whoever has none."""
        rows = await self._session.execute(
            select(TrayPictureRow.role, TrayPictureRow.picture)
            .where(TrayPictureRow.user_id == user_id)
            .order_by(TrayPictureRow.position)
        )
        lying = [(role, picture) for role, picture in rows]
        subjects = [picture for role, picture in lying if role is TrayRole.SUBJECT]
        styles = tuple(picture for role, picture in lying if role is TrayRole.STYLE)
        return Tray(subjects[0] if subjects else None, styles)

    async def put(self, user_id: UserId, tray: Tray, *, now: datetime) -> None:
        """Replace its content; an empty one leaves no row. Raises `ConstraintViolated` for an unknown person."""
        # Two transactions that replace the same tray side by side would both insert; the lock lets one wait.
        person = select(UserRow.id).where(UserRow.id == user_id).with_for_update(key_share=True)
        if await self._session.scalar(person) is None:
            raise ConstraintViolated(f"a tray of {user_id}")
        await change(self._session, delete(TrayPictureRow).where(TrayPictureRow.user_id == user_id))
        lying = [(TrayRole.STYLE, position, style) for position, style in enumerate(tray.styles)]
        if tray.subject is not None:
            lying.append((TrayRole.SUBJECT, 0, tray.subject))
        if lying:
            rows = [
                {"user_id": user_id, "role": role, "position": position, "picture": picture, "put_at": now}
                for role, position, picture in lying
            ]
            await self._session.execute(insert(TrayPictureRow).values(rows))
