"""Tokens with which programs use the page's interface."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Final

from bot.domain.access import ApiToken, Scope
from bot.domain.actors import Actor
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.errors import Rejected, Rejection
from bot.ports.access import TokenNameTaken
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWorkFactory
from bot.services.sign_in import digest_of
from bot.services.tries import Tries

TOKEN_PREFIX: Final = "uso_"  # noqa: S105 -- by this, scanners tell a leaked token from other text
MAX_TOKEN_NAME_CHARS: Final = 40
MAX_TOKEN_DAYS: Final = 3650
_SECRET_BYTES: Final = 32
_USED_EVERY: Final = timedelta(minutes=5)
_WINDOW_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; its `secret` is shown once and kept nowhere."""

    token: ApiToken
    secret: str = field(repr=False)


class ApiTokens:
    """Makes, lists, recognises and revokes them.

    A token is 256 random bits; only its digest is stored. Each may be used so many times a minute.
    """

    def __init__(self, *, open_unit: UnitOfWorkFactory, clock: Clock, max_uses_a_minute: int = 300) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._uses = Tries(max_uses_a_minute, _WINDOW_S)

    async def create(self, holder: Actor, name: str, scope: Scope, *, by: str, days: int | None = None) -> IssuedToken:
        """A token that acts as `holder`, for so many days or until it is revoked. Raises `Rejected`.

        `by` names who makes it, for the audit log.
        """
        name = " ".join(name.split())
        if not (0 < len(name) <= MAX_TOKEN_NAME_CHARS and name.isprintable()):
            raise Rejected(Rejection.TOKEN_NAME_BAD, limit=MAX_TOKEN_NAME_CHARS)
        if days is not None and not 1 <= days <= MAX_TOKEN_DAYS:
            raise Rejected(Rejection.TOKEN_DAYS_OUT_OF_RANGE, low=1, high=MAX_TOKEN_DAYS)
        now = self._clock.now()
        secret = TOKEN_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        token = ApiToken(
            name=name,
            digest=digest_of(secret),
            platform=holder.platform,
            external_id=holder.external_id,
            scope=scope,
            created_at=now,
            expires_at=now + timedelta(days=days) if days is not None else None,
        )
        async with self._open_unit() as unit:
            await unit.users.resolve(holder, now=now)
            try:
                await unit.api_tokens.add(token)
            except TokenNameTaken as error:
                raise Rejected(Rejection.TOKEN_NAME_TAKEN, name=name) from error
            detail = f"{name} ({scope.value})"
            await unit.audit.add(AuditEntry(now, by, AuditAction.TOKEN_ADD, holder.key, detail))
            await unit.commit()
        return IssuedToken(token, secret)

    async def recognise(self, secret: str) -> ApiToken | None:
        """The token that a program brought, while it lasts. Raises `Rejected` when it is used too often."""
        if not secret.startswith(TOKEN_PREFIX):
            return None
        now = self._clock.now()
        digest = digest_of(secret)
        if (wait_s := self._uses.wait_s(digest, now)) > 0:
            raise Rejected(Rejection.TOKEN_USED_TOO_OFTEN, seconds=ceil(wait_s))
        async with self._open_unit() as unit:
            token = await unit.api_tokens.find(digest)
            if token is None or token.is_over(now):
                return None
            if token.used_at is None or now - token.used_at >= _USED_EVERY:
                await unit.api_tokens.touch(digest, now=now)
                await unit.commit()
        self._uses.note(digest, now)
        return token

    async def lasts(self, secret: str) -> bool:
        """Whether a token still opens anything; no use is counted."""
        async with self._open_unit() as unit:
            token = await unit.api_tokens.find(digest_of(secret))
        return token is not None and not self.is_over(token)

    async def all(self) -> Sequence[ApiToken]:
        """All tokens by name, those that are over too."""
        async with self._open_unit() as unit:
            return await unit.api_tokens.all()

    def is_over(self, token: ApiToken) -> bool:
        """Whether its time has come."""
        return token.is_over(self._clock.now())

    async def revoke(self, name_or_id: str, *, by: str) -> ApiToken:
        """End a token; returns it. `by` names who does, for the audit log. Raises `Rejected` when there is none."""
        async with self._open_unit() as unit:
            for token in await unit.api_tokens.all():
                if name_or_id in {token.name, token.id} and await unit.api_tokens.remove(token.digest):
                    entry = AuditEntry(self._clock.now(), by, AuditAction.TOKEN_REMOVE, token.holder.key, token.name)
                    await unit.audit.add(entry)
                    await unit.commit()
                    return token
        raise Rejected(Rejection.TOKEN_UNKNOWN, name=name_or_id)
