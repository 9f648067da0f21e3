"""Who may use the page from elsewhere: sessions of people, tokens of programs, and what a token is good for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a token allows; whoever operates may also draw and read the measurements."""

    DRAW = "draw"
    OPERATE = "operate"
    METRICS = "metrics"

    def allows(self, needed: Scope) -> bool:
        """Whether a token of this scope may do what needs `needed`."""
        return self is needed or self is Scope.OPERATE


@dataclass(frozen=True, slots=True)
class WebSession:
    """Somebody who signed in, by the SHA-256 of the secret in their cookie; times are UTC.

    `agent` (what browser) and `address` (from where) are shown to the person, so that they know their own sessions.
    """

    digest: str
    created_at: datetime
    seen_at: datetime
    agent: str
    address: str

    @property
    def id(self) -> str:
        """What the session is called on pages; of no use for signing in."""
        return self.digest[:16]


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program shows instead of signing in, by the SHA-256 of the token.

    Times are UTC; `expires_at` is None for one that lasts, `used_at` is None until it was used.
    """

    name: str
    digest: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
