"""Repositories of people: who they are, what they have, what they chose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.actors import Actor, Platform, Server, UserId
from bot.domain.credits import Account, AccountId, Booking
from bot.domain.jobs import JobId
from bot.domain.people import Identity, LinkCode, ServerSettings, User, UserSettings


class UserRepository(Protocol):
    """People, by the identities that platforms give them."""

    async def resolve(self, actor: Actor, *, now: datetime) -> UserId:
        """Return the user behind `actor`, creating user and identity on first sight; notes a new name."""
        ...

    async def find(self, actor: Actor) -> UserId | None:
        """Return the user behind `actor`, or None; writes nothing."""
        ...

    async def get(self, user_id: UserId) -> User | None:
        """The person, or None."""
        ...

    async def identities(self, user_id: UserId) -> Sequence[Identity]:
        """By what a person is known, oldest first."""
        ...

    async def grant_tier(self, user_id: UserId, tier: str | None, *, until: datetime | None) -> None:
        """Put the person into a tier, or back to the default with None."""
        ...

    async def block(self, user_id: UserId, *, reason: str, now: datetime) -> None:
        """Shut the person out."""
        ...

    async def unblock(self, user_id: UserId) -> None:
        """Let the person in again."""
        ...

    async def merge(self, source: UserId, target: UserId, *, now: datetime) -> None:
        """Make `source` a part of `target`: identities, jobs, favourites, style cards, tray, settings, bookings.

        Both balances add up, their bookings stay and explain the sum. `target` keeps its own settings and its own
        tray where it has them; a style card whose name both have gets a number behind it. A block or a granted tier
        of `source` passes on unless `target` has one (at `now`), and servers that shut `source` out shut `target` out.
        `source` is gone afterwards. Takes its locks in an order of its own: lock no account before.
        """
        ...

    async def split(self, platform: Platform, external_id: str, *, now: datetime) -> UserId:
        """Make a fresh user of one identity; all that was made stays with the others. Returns the new user.

        Blocks pass on, a granted tier does not. If there is an account, the new user's is empty and counts as filled
        today, so that parting is no way to have a day's credits twice.
        """
        ...


class LinkRepository(Protocol):
    """One-time codes that join two users."""

    async def put(self, code: LinkCode) -> None:
        """Store a code in place of an earlier one of the same user."""
        ...

    async def take(self, digest: str, *, now: datetime) -> UserId | None:
        """Use up a code that has not expired, by one conditional DELETE; None if there is no such code."""
        ...


class SettingsRepository(Protocol):
    """What people and servers chose; defaults for whoever chose nothing."""

    async def of_user(self, user_id: UserId) -> UserSettings:
        """The person's settings."""
        ...

    async def set_user(self, user_id: UserId, settings: UserSettings) -> None:
        """Replace them."""
        ...

    async def locale_of(self, actor: Actor) -> str | None:
        """The language that the person behind `actor` chose, by one read; None for who chose none or is unknown."""
        ...

    async def of_server(self, server: Server) -> ServerSettings:
        """The server's settings."""
        ...

    async def set_server(self, server: Server, settings: ServerSettings) -> None:
        """Replace them."""
        ...


class AccountRepository(Protocol):
    """Accounts and the ledger that explains them."""

    async def lock(self, account: AccountId, *, now: datetime) -> Account:
        """The account, made empty on first sight; other transactions that lock it wait until this one has ended."""
        ...

    async def find(self, account: AccountId) -> Account | None:
        """The account as it stands, or None; locks and writes nothing."""
        ...

    async def book(self, booking: Booking) -> bool:
        """Change the balance by one conditional UPDATE and write the booking.

        False, and nothing is changed, if there is no such account, if a pot would fall below zero or rise above
        2**31 - 1, or if the booking names a job that has a booking of that kind already.
        """
        ...

    async def fill(self, booking: Booking, *, allowance: int, day: date) -> bool:
        """Book a refill and note what it was for.

        False, and nothing is changed, if the account was filled for a later day, or for the same day with as much.
        """
        ...

    async def charge_of(self, job_id: JobId) -> Booking | None:
        """What a job was charged, and to which account, or None."""
        ...

    async def bookings(self, account: AccountId, *, limit: int) -> Sequence[Booking]:
        """The latest bookings, newest first."""
        ...
