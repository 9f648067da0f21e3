"""Repositories of who may use the page from elsewhere. Secrets are never stored, only what they can be checked with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.access import ApiToken, WebSession


class TokenNameTaken(Exception):  # noqa: N818
    """Another token has that name; the unit of work is unharmed."""


class WebAccessRepository(Protocol):
    """The password of the page, and who signed in with it."""

    async def password_hash(self) -> str | None:
        """The hash as it was stored, or None where there is no password."""
        ...

    async def set_password_hash(self, password_hash: str, *, now: datetime) -> None:
        """Replace it; sessions are left alone."""
        ...

    async def add(self, session: WebSession) -> None:
        """Store a new session."""
        ...

    async def find(self, digest: str) -> WebSession | None:
        """The session, whether or not it is over, or None."""
        ...

    async def all(self) -> Sequence[WebSession]:
        """All sessions, those that are over too, the latest used first."""
        ...

    async def touch(self, digest: str, *, now: datetime) -> None:
        """Note that it was used; nothing happens if it is gone."""
        ...

    async def end(self, digest: str) -> bool:
        """Remove one; False if there is none."""
        ...

    async def end_all(self, *, but: str | None = None) -> int:
        """Remove all of them, except the one of the digest `but`; returns how many."""
        ...

    async def forget(self, *, created_before: datetime, seen_before: datetime) -> None:
        """Remove those that were created or seen last before these times."""
        ...


class ApiTokenRepository(Protocol):
    """Tokens of programs; they go with the identity they act as."""

    async def add(self, token: ApiToken) -> None:
        """Store a token, whose identity has been seen before. Raises `TokenNameTaken`."""
        ...

    async def find(self, digest: str) -> ApiToken | None:
        """The token, whether or not it is over, or None."""
        ...

    async def all(self) -> Sequence[ApiToken]:
        """All tokens by name, those that are over too."""
        ...

    async def touch(self, digest: str, *, now: datetime) -> None:
        """Note that it was used; nothing happens if it is gone."""
        ...

    async def remove(self, digest: str) -> bool:
        """Remove one; False if there is none."""
        ...
