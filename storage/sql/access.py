"""Sessions and tokens in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.access import ApiToken, Visit, WebSession
from bot.ports.access import TokenNameTaken
from storage.errors import ConstraintViolated
from storage.sql.statements import change, upsert
from storage.tables.access import ApiTokenRow, WebPasswordRow, WebSessionRow
from storage.texts import storable


class SqlWebAccessRepository:
    """`bot.ports.access.WebAccessRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def password_hash(self) -> str | None:
        """The hash as it was stored, or None where there is no password."""
        found: str | None = await self._session.scalar(select(WebPasswordRow.password_hash))
        return found

    async def set_password_hash(self, password_hash: str, *, now: datetime) -> None:
        """Replace it; sessions are left alone."""
        values = {"password_hash": password_hash, "changed_at": now}
        await upsert(self._session, WebPasswordRow, key={"id": 1}, values=values)

    async def add(self, session: WebSession) -> None:
        """Store a new session."""
        values = {
            "digest": session.digest,
            "created_at": session.created_at,
            "seen_at": session.seen_at,
            "address": storable(session.visit.address),
            "agent": storable(session.visit.agent),
        }
        await self._session.execute(insert(WebSessionRow).values(values))

    async def find(self, digest: str) -> WebSession | None:
        """The session, whether or not it is over, or None."""
        row = await self._session.scalar(_fresh_sessions().where(WebSessionRow.digest == digest))
        return None if row is None else _session_of(row)

    async def all(self) -> Sequence[WebSession]:
        """All sessions, those that are over too, the latest used first."""
        rows = await self._session.scalars(
            _fresh_sessions().order_by(WebSessionRow.seen_at.desc(), WebSessionRow.digest)
        )
        return tuple(_session_of(row) for row in rows)

    async def touch(self, digest: str, *, now: datetime) -> None:
        """Note that it was used; nothing happens if it is gone."""
        await change(self._session, update(WebSessionRow).where(WebSessionRow.digest == digest).values(seen_at=now))

    async def end(self, digest: str) -> bool:
        """Remove one; False if there is none."""
        return bool(await change(self._session, delete(WebSessionRow).where(WebSessionRow.digest == digest)))

    async def end_all(self, *, but: str | None = None) -> int:
        """Remove all of them, except the one of the digest `but`; returns how many."""
        return await change(self._session, delete(WebSessionRow).where(WebSessionRow.digest != (but or "")))

    async def forget(self, *, created_before: datetime, seen_before: datetime) -> None:
        """Remove those that were created or seen last before these times."""
        is_old = or_(WebSessionRow.created_at < created_before, WebSessionRow.seen_at < seen_before)
        await change(self._session, delete(WebSessionRow).where(is_old))


class SqlApiTokenRepository:
    """`bot.ports.access.ApiTokenRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, token: ApiToken) -> None:
        """Store a token. Raises `TokenNameTaken`, and `ConstraintViolated` for an identity that was never seen."""
        values = {name: getattr(token, name) for name in ApiTokenRow.__table__.columns.keys()}  # noqa: SIM118 -- columns, not keys
        try:
            async with self._session.begin_nested():
                await self._session.execute(insert(ApiTokenRow).values(values))
        except IntegrityError as error:
            taken = select(ApiTokenRow.digest).where(ApiTokenRow.name == token.name)
            if await self._session.scalar(taken) is not None:
                raise TokenNameTaken from error
            raise ConstraintViolated(f"a token of {token.holder.key}") from error

    async def find(self, digest: str) -> ApiToken | None:
        """The token, whether or not it is over, or None."""
        row = await self._session.scalar(_fresh_tokens().where(ApiTokenRow.digest == digest))
        return None if row is None else _token_of(row)

    async def all(self) -> Sequence[ApiToken]:
        """All tokens by name, those that are over too."""
        tokens = [_token_of(row) for row in await self._session.scalars(_fresh_tokens())]
        return tuple(sorted(tokens, key=lambda token: token.name))

    async def touch(self, digest: str, *, now: datetime) -> None:
        """Note that it was used; nothing happens if it is gone."""
        await change(self._session, update(ApiTokenRow).where(ApiTokenRow.digest == digest).values(used_at=now))

    async def remove(self, digest: str) -> bool:
        """Remove one; False if there is none."""
        return bool(await change(self._session, delete(ApiTokenRow).where(ApiTokenRow.digest == digest)))


def _fresh_sessions() -> Select[WebSessionRow]:
    return select(WebSessionRow).execution_options(populate_existing=True)


def _fresh_tokens() -> Select[ApiTokenRow]:
    return select(ApiTokenRow).execution_options(populate_existing=True)


def _session_of(row: WebSessionRow) -> WebSession:
    return WebSession(row.digest, row.created_at, row.seen_at, Visit(row.address, row.agent))


def _token_of(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        name=row.name,
        digest=row.digest,
        platform=row.platform,
        external_id=row.external_id,
        scope=row.scope,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
