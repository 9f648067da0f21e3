"""Who may use the page from elsewhere: sessions of people, tokens of programs, and what a token is good for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.actors import Actor, Platform

SESSION_LIFE: Final = timedelta(days=30)
SESSION_IDLE: Final = timedelta(days=7)


class Scope(StrEnum):
    """What a token allows; whoever operates may also draw and read the measurements."""

    DRAW = "draw"
    OPERATE = "operate"
    METRICS = "metrics"

    def allows(self, needed: Scope) -> bool:
        """Whether a token of this scope may do what needs `needed`."""
        return self is needed or self is Scope.OPERATE


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody comes: their address, and what their browser calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class WebSession:
    """Somebody who signed in, by the SHA-256 of the secret in their cookie; times are UTC.

    `visit` is shown to the person, so that they know their own sessions.
    """

    digest: str
    created_at: datetime
    seen_at: datetime
    visit: Visit

    @property
    def id(self) -> str:
        """What the session is called on pages; of no use for signing in."""
        return self.digest[:16]

    def is_over(self, now: datetime) -> bool:
        """Whether it has lasted too long, or was not used for too long."""
        return now >= self.created_at + SESSION_LIFE or now >= self.seen_at + SESSION_IDLE


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program shows instead of signing in, by the SHA-256 of the token. It acts as one identity of an account.

    Times are UTC; `expires_at` is None for one that lasts, `used_at` is None until it was used.
    """

    name: str
    digest: str
    platform: Platform
    external_id: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def id(self) -> str:
        """What the token is called on pages; of no use for signing in."""
        return self.digest[:16]

    @property
    def holder(self) -> Actor:
        """Who a program is that shows it."""
        return Actor(self.platform, self.external_id)

    def is_over(self, now: datetime) -> bool:
        """Whether its time has come."""
        return self.expires_at is not None and now >= self.expires_at
