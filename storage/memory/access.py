"""Sessions and tokens in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.access import ApiToken, Visit, WebSession
from bot.ports.access import TokenNameTaken
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction
from storage.memory.times import utc
from storage.texts import storable


class MemoryWebAccessRepository:
    """`bot.ports.access.WebAccessRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def password_hash(self) -> str | None:
        """The hash as it was stored, or None where there is no password."""
        return (await self._transaction.tables()).password_hash

    async def set_password_hash(self, password_hash: str, *, now: datetime) -> None:
        """Replace it; sessions are left alone."""
        utc(now)
        (await self._transaction.tables()).password_hash = password_hash

    async def add(self, session: WebSession) -> None:
        """Store a new session."""
        visit = Visit(storable(session.visit.address), storable(session.visit.agent))
        stored = replace(session, visit=visit, created_at=utc(session.created_at), seen_at=utc(session.seen_at))
        (await self._transaction.tables()).sessions[session.digest] = stored

    async def find(self, digest: str) -> WebSession | None:
        """The session, whether or not it is over, or None."""
        return (await self._transaction.tables()).sessions.get(digest)

    async def all(self) -> Sequence[WebSession]:
        """All sessions, those that are over too, the latest used first."""
        tables = await self._transaction.tables()
        by_digest = sorted(tables.sessions.values(), key=lambda session: session.digest)
        return tuple(sorted(by_digest, key=lambda session: session.seen_at, reverse=True))

    async def touch(self, digest: str, *, now: datetime) -> None:
        """Note that it was used; nothing happens if it is gone."""
        tables = await self._transaction.tables()
        if digest in tables.sessions:
            tables.sessions[digest] = replace(tables.sessions[digest], seen_at=utc(now))

    async def end(self, digest: str) -> bool:
        """Remove one; False if there is none."""
        return (await self._transaction.tables()).sessions.pop(digest, None) is not None

    async def end_all(self, *, but: str | None = None) -> int:
        """Remove all of them, except the one of the digest `but`; returns how many."""
        tables = await self._transaction.tables()
        kept = {digest: session for digest, session in tables.sessions.items() if digest == but}
        ended = len(tables.sessions) - len(kept)
        tables.sessions = kept
        return ended

    async def forget(self, *, created_before: datetime, seen_before: datetime) -> None:
        """Remove those that were created or seen last before these times."""
        created_before, seen_before = utc(created_before), utc(seen_before)
        tables = await self._transaction.tables()
        tables.sessions = {
            digest: session
            for digest, session in tables.sessions.items()
            if session.created_at >= created_before and session.seen_at >= seen_before
        }


class MemoryApiTokenRepository:
    """`bot.ports.access.ApiTokenRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, token: ApiToken) -> None:
        """Store a token. Raises `TokenNameTaken`, and `ConstraintViolated` for an identity that was never seen."""
        expires_at = utc(token.expires_at) if token.expires_at is not None else None
        tables = await self._transaction.tables()
        if any(other.name == token.name for other in tables.tokens.values()):
            raise TokenNameTaken
        if (token.platform, token.external_id) not in tables.identities or token.digest in tables.tokens:
            raise ConstraintViolated(f"a token of {token.holder.key}")
        tables.tokens[token.digest] = replace(token, created_at=utc(token.created_at), expires_at=expires_at)

    async def find(self, digest: str) -> ApiToken | None:
        """The token, whether or not it is over, or None."""
        return (await self._transaction.tables()).tokens.get(digest)

    async def all(self) -> Sequence[ApiToken]:
        """All tokens by name, those that are over too."""
        tables = await self._transaction.tables()
        return tuple(sorted(tables.tokens.values(), key=lambda token: token.name))

    async def touch(self, digest: str, *, now: datetime) -> None:
        """Note that it was used; nothing happens if it is gone."""
        tables = await self._transaction.tables()
        if digest in tables.tokens:
            tables.tokens[digest] = replace(tables.tokens[digest], used_at=utc(now))

    async def remove(self, digest: str) -> bool:
        """Remove one; False if there is none."""
        return (await self._transaction.tables()).tokens.pop(digest, None) is not None
