"""Signing in to the page: one password, sessions that end, and a limit to guessing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

from bot.domain.access import SESSION_IDLE, SESSION_LIFE, Visit, WebSession
from bot.domain.errors import Rejected, Rejection
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWorkFactory
from bot.services.passwords import Passwords
from bot.services.tries import Tries

MIN_PASSWORD_CHARS: Final = 10
MAX_PASSWORD_CHARS: Final = 256
_SECRET_BYTES: Final = 32
_SEEN_EVERY: Final = timedelta(minutes=5)
_MAX_AGENT_CHARS: Final = 200
_EVERYBODY: Final = ""
_IPV6_NETWORK_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """How many wrong passwords are looked at in a window: from one address, and from all of them together."""

    max_tries: int = 5
    max_tries_in_all: int = 50
    window_s: float = 900.0


class SignIn:
    """Who may use the page from elsewhere.

    A session is 256 random bits in a cookie; only its digest is stored. Nobody can guess it, so nothing is counted
    there; passwords can be guessed, so their tries are, before each is looked at.
    """

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        passwords: Passwords,
        clock: Clock,
        settings: SignInSettings | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._passwords = passwords
        self._clock = clock
        settings = settings or SignInSettings()
        self._tries = Tries(settings.max_tries, settings.window_s)
        self._tries_in_all = Tries(settings.max_tries_in_all, settings.window_s)

    async def has_password(self) -> bool:
        """Whether one was set; without it nobody can sign in."""
        async with self._open_unit() as unit:
            return await unit.web_access.password_hash() is not None

    async def set_password(self, password: str) -> None:
        """Set or replace the password, and end all sessions. Raises `Rejected` when it is too short or too long."""
        if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
            raise Rejected(Rejection.PASSWORD_LENGTH, low=MIN_PASSWORD_CHARS, high=MAX_PASSWORD_CHARS)
        hashed = await self._passwords.hash(password)
        async with self._open_unit() as unit:
            await unit.web_access.set_password_hash(hashed, now=self._clock.now())
            await unit.web_access.end_all()
            await unit.commit()

    async def enter(self, password: str, visit: Visit) -> str:
        """Begin a session; returns its secret. Raises `Rejected` for a wrong password and after too many of them."""
        now = self._clock.now()
        network = _network(visit.address)
        self._count(network, now)
        if not await self._fits(password):
            raise Rejected(Rejection.PASSWORD_WRONG)
        self._tries.forget(network)
        self._tries_in_all.take_back(_EVERYBODY, now)
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        visit = Visit(visit.address, visit.agent[:_MAX_AGENT_CHARS])
        async with self._open_unit() as unit:
            await unit.web_access.forget(created_before=now - SESSION_LIFE, seen_before=now - SESSION_IDLE)
            await unit.web_access.add(WebSession(digest_of(secret), now, now, visit))
            await unit.commit()
        return secret

    async def recognise(self, secret: str) -> WebSession | None:
        """The session of a secret that a browser brought, while it lasts."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            session = await unit.web_access.find(digest_of(secret))
            if session is None or session.is_over(now):
                return None
            if now - session.seen_at >= _SEEN_EVERY:
                await unit.web_access.touch(session.digest, now=now)
                await unit.commit()
        return session

    async def leave(self, secret: str) -> None:
        """End the session of that secret, if there is one."""
        async with self._open_unit() as unit:
            await unit.web_access.end(digest_of(secret))
            await unit.commit()

    async def leave_elsewhere(self, secret: str) -> int:
        """End all other sessions; returns how many."""
        async with self._open_unit() as unit:
            ended = await unit.web_access.end_all(but=digest_of(secret))
            await unit.commit()
        return ended

    async def sessions(self) -> Sequence[WebSession]:
        """All that last, the latest used first."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            return [session for session in await unit.web_access.all() if not session.is_over(now)]

    def _count(self, network: str, now: datetime) -> None:
        """Count a try before it is looked at, so that many at once get no further than one after another."""
        wait_s = max(self._tries.wait_s(network, now), self._tries_in_all.wait_s(_EVERYBODY, now))
        if wait_s > 0:
            raise Rejected(Rejection.SIGN_IN_TOO_OFTEN, minutes=ceil(wait_s / 60))
        self._tries.note(network, now)
        self._tries_in_all.note(_EVERYBODY, now)

    async def _fits(self, password: str) -> bool:
        if len(password) > MAX_PASSWORD_CHARS:
            return False
        async with self._open_unit() as unit:
            stored = await unit.web_access.password_hash()
        return stored is not None and await self._passwords.fits(password, stored)


def digest_of(secret: str) -> str:
    """What is stored of a secret; it is random enough to need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _network(address: str) -> str:
    """What counts as one place: an IPv4 address, or the network that one IPv6 customer has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(int(parsed) >> (128 - _IPV6_NETWORK_BITS))
