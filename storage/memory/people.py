"""People in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.people import Identity, User
from storage.memory.merging import merge_users, split_identity
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc
from storage.people import new_user_id
from storage.texts import storable


class MemoryUserRepository:
    """`bot.ports.people.UserRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def resolve(self, actor: Actor, *, now: datetime) -> UserId:
        """Return the user behind `actor`, creating user and identity on first sight; notes a new name."""
        now = utc(now)
        tables = await self._transaction.tables()
        key = (actor.platform, actor.external_id)
        known = tables.identities.get(key)
        if known is None:
            user = User(new_user_id(), created_at=now)
            tables.users[user.id] = user
            known = Identity(actor.platform, actor.external_id, user.id, storable(actor.name), created_at=now)
        tables.identities[key] = replace(known, name=storable(actor.name) or known.name)
        return known.user_id

    async def find(self, actor: Actor) -> UserId | None:
        """Return the user behind `actor`, or None."""
        tables = await self._transaction.tables()
        known = tables.identities.get((actor.platform, actor.external_id))
        return None if known is None else known.user_id

    async def get(self, user_id: UserId) -> User | None:
        """The person, or None."""
        tables = await self._transaction.tables()
        return tables.users.get(user_id)

    async def identities(self, user_id: UserId) -> Sequence[Identity]:
        """By what a person is known, oldest first."""
        tables = await self._transaction.tables()
        theirs = [identity for identity in tables.identities.values() if identity.user_id == user_id]
        return tuple(sorted(theirs, key=lambda one: (one.created_at, one.platform, one.external_id)))

    async def grant_tier(self, user_id: UserId, tier: str | None, *, until: datetime | None) -> None:
        """Put the person into a tier, or back to the default with None."""
        until = None if tier is None or until is None else utc(until)
        tables, user = await self._find(user_id)
        if user is not None:
            tables.users[user_id] = replace(user, tier=tier, tier_until=until)

    async def block(self, user_id: UserId, *, reason: str, now: datetime) -> None:
        """Shut the person out."""
        now = utc(now)
        tables, user = await self._find(user_id)
        if user is not None:
            tables.users[user_id] = replace(user, blocked_at=now, block_reason=storable(reason))

    async def unblock(self, user_id: UserId) -> None:
        """Let the person in again."""
        tables, user = await self._find(user_id)
        if user is not None:
            tables.users[user_id] = replace(user, blocked_at=None, block_reason="")

    async def merge(self, source: UserId, target: UserId, *, now: datetime) -> None:
        """Make `source` a part of `target`; raises `ConstraintViolated` or ValueError as SQL does."""
        merge_users(await self._transaction.tables(), source, target, now=utc(now))

    async def split(self, platform: Platform, external_id: str, *, now: datetime) -> UserId:
        """Make a fresh user of one identity; raises `ConstraintViolated` as SQL does."""
        return split_identity(await self._transaction.tables(), platform, external_id, now=utc(now))

    async def _find(self, user_id: UserId) -> tuple[Tables, User | None]:
        tables = await self._transaction.tables()
        return tables, tables.users.get(user_id)
