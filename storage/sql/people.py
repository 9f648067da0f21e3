"""People in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.people import Identity, User
from storage.people import new_user_id
from storage.sql.merging import merge_users
from storage.sql.person_rows import identity_of, user_of, user_values
from storage.sql.splitting import split_identity
from storage.sql.statements import change
from storage.tables.people import IdentityRow, UserRow
from storage.texts import storable


class SqlUserRepository:
    """`bot.ports.people.UserRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def resolve(self, actor: Actor, *, now: datetime) -> UserId:
        """Return the user behind `actor`, creating user and identity on first sight; notes a new name."""
        known = await self._known(actor)
        if known is None:
            user_id = new_user_id()
            try:
                async with self._session.begin_nested():
                    await self._insert(actor, user_id, now)
            except IntegrityError:
                # Where transactions run side by side, another one may have met the same person first.
                known = await self._known(actor)
                if known is None:
                    raise
            else:
                return user_id
        user_id, name = known
        if actor.name and name != storable(actor.name):
            renamed = update(IdentityRow).where(
                IdentityRow.platform == actor.platform, IdentityRow.external_id == actor.external_id
            )
            await change(self._session, renamed.values(name=storable(actor.name)))
        return user_id

    async def find(self, actor: Actor) -> UserId | None:
        """Return the user behind `actor`, or None."""
        known = await self._known(actor)
        return None if known is None else known[0]

    async def get(self, user_id: UserId) -> User | None:
        """The person, or None."""
        row = await self._session.scalar(
            select(UserRow).where(UserRow.id == user_id).execution_options(populate_existing=True)
        )
        return None if row is None else user_of(row)

    async def identities(self, user_id: UserId) -> Sequence[Identity]:
        """By what a person is known, oldest first."""
        rows = await self._session.scalars(
            select(IdentityRow)
            .where(IdentityRow.user_id == user_id)
            .order_by(IdentityRow.created_at, IdentityRow.platform, IdentityRow.external_id)
            .execution_options(populate_existing=True)
        )
        return tuple(identity_of(row) for row in rows)

    async def grant_tier(self, user_id: UserId, tier: str | None, *, until: datetime | None) -> None:
        """Put the person into a tier, or back to the default with None."""
        await self._change(user_id, tier=tier, tier_until=None if tier is None else until)

    async def block(self, user_id: UserId, *, reason: str, now: datetime) -> None:
        """Shut the person out."""
        await self._change(user_id, blocked_at=now, block_reason=storable(reason))

    async def unblock(self, user_id: UserId) -> None:
        """Let the person in again."""
        await self._change(user_id, blocked_at=None, block_reason="")

    async def merge(self, source: UserId, target: UserId, *, now: datetime) -> None:
        """Make `source` a part of `target`; see `storage.sql.merging`."""
        await merge_users(self._session, source, target, now=now)

    async def split(self, platform: Platform, external_id: str, *, now: datetime) -> UserId:
        """Make a fresh user of one identity; see `storage.sql.splitting`."""
        return await split_identity(self._session, platform, external_id, now=now)

    async def _known(self, actor: Actor) -> tuple[UserId, str] | None:
        """The user and the name that the identity has now."""
        found = await self._session.execute(
            select(IdentityRow.user_id, IdentityRow.name).where(
                IdentityRow.platform == actor.platform, IdentityRow.external_id == actor.external_id
            )
        )
        row = found.one_or_none()
        return None if row is None else (row.user_id, row.name)

    async def _insert(self, actor: Actor, user_id: UserId, now: datetime) -> None:
        await self._session.execute(insert(UserRow).values(**user_values(User(user_id, created_at=now))))
        await self._session.execute(
            insert(IdentityRow).values(
                platform=actor.platform,
                external_id=actor.external_id,
                user_id=user_id,
                name=storable(actor.name),
                created_at=now,
            )
        )

    async def _change(self, user_id: UserId, **values: object) -> None:
        await change(self._session, update(UserRow).where(UserRow.id == user_id).values(**values))
