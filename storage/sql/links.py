"""One-time codes in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import UserId
from bot.domain.people import LinkCode
from storage.sql.statements import upsert
from storage.tables.people import LinkCodeRow


class SqlLinkRepository:
    """`bot.ports.people.LinkRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, code: LinkCode) -> None:
        """Store a code in place of an earlier one of the same user; `ConstraintViolated` without such a user."""
        await upsert(
            self._session,
            LinkCodeRow,
            key={"user_id": code.user_id},
            values={"digest": code.digest, "expires_at": code.expires_at},
        )

    async def take(self, digest: str, *, now: datetime) -> UserId | None:
        """Use up a code that has not expired, by one conditional DELETE; None if there is no such code."""
        taken = await self._session.execute(
            delete(LinkCodeRow)
            .where(LinkCodeRow.digest == digest, LinkCodeRow.expires_at > now)
            .returning(LinkCodeRow.user_id)
            .execution_options(synchronize_session=False)
        )
        return taken.scalar_one_or_none()
