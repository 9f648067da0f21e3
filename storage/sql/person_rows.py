"""Between rows and facts: what people, their identities, accounts and bookings look like in their tables."""

from __future__ import annotations

from typing import Any

from bot.domain.credits import Account, Booking
from bot.domain.people import Identity, User
from storage.tables.people import AccountRow, BookingRow, IdentityRow, UserRow
from storage.texts import storable


def user_of(row: UserRow) -> User:
    """The person of a row."""
    return User(
        id=row.id,
        created_at=row.created_at,
        tier=row.tier,
        tier_until=row.tier_until,
        blocked_at=row.blocked_at,
        block_reason=row.block_reason,
    )


def user_values(user: User) -> dict[str, Any]:
    """The columns of `users` for a person."""
    return {
        "id": user.id,
        "created_at": user.created_at,
        "tier": user.tier,
        "tier_until": user.tier_until,
        "blocked_at": user.blocked_at,
        "block_reason": storable(user.block_reason),
    }


def identity_of(row: IdentityRow) -> Identity:
    """The identity of a row."""
    return Identity(
        platform=row.platform,
        external_id=row.external_id,
        user_id=row.user_id,
        name=row.name,
        created_at=row.created_at,
    )


def account_of(row: AccountRow) -> Account:
    """The account of a row."""
    return Account(id=row.id, daily=row.daily, bonus=row.bonus, allowance=row.allowance, filled_on=row.filled_on)


def account_values(account: Account) -> dict[str, Any]:
    """The columns of `accounts` for an account, but for the time it was made."""
    return {
        "id": account.id,
        "daily": account.daily,
        "bonus": account.bonus,
        "allowance": account.allowance,
        "filled_on": account.filled_on,
    }


def booking_of(row: BookingRow) -> Booking:
    """The booking of a row."""
    return Booking(
        account=row.account,
        kind=row.kind,
        daily=row.daily,
        bonus=row.bonus,
        at=row.at,
        job_id=row.job_id,
        by=row.by,
        id=row.id,
    )


def booking_values(booking: Booking) -> dict[str, Any]:
    """The columns of `bookings` for a new booking; the database counts the id."""
    return {
        "account": booking.account,
        "kind": booking.kind,
        "daily": booking.daily,
        "bonus": booking.bonus,
        "at": booking.at,
        "job_id": booking.job_id,
        "by": storable(booking.by),
    }
