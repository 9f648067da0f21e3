"""Accounts and their ledger in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.credits import Account, AccountId, Booking, BookingKind
from bot.domain.jobs import JobId
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc
from storage.people import pot_bounds
from storage.texts import storable


class MemoryAccountRepository:
    """`bot.ports.people.AccountRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def lock(self, account: AccountId, *, now: datetime) -> Account:
        """The account, made empty on first sight; transactions run one after another, so it is locked already."""
        utc(now)
        tables = await self._transaction.tables()
        return tables.accounts.setdefault(account, Account(account))

    async def find(self, account: AccountId) -> Account | None:
        """The account as it stands, or None; writes nothing."""
        tables = await self._transaction.tables()
        return tables.accounts.get(account)

    async def book(self, booking: Booking) -> bool:
        """Change the balance and write the booking; False, and nothing is changed, if it does not fit."""
        tables = await self._transaction.tables()
        changed = _changed(tables, booking)
        if changed is None:
            return False
        _write(tables, changed, booking)
        return True

    async def fill(self, booking: Booking, *, allowance: int, day: date) -> bool:
        """Book a refill and note what it was for; False, and nothing is changed, if that was given already."""
        tables = await self._transaction.tables()
        changed = _changed(tables, booking)
        if changed is None:
            return False
        is_due = changed.filled_on < day or (changed.filled_on == day and changed.allowance < allowance)
        if not is_due:
            return False
        _write(tables, replace(changed, allowance=allowance, filled_on=day), booking)
        return True

    async def charge_of(self, job_id: JobId) -> Booking | None:
        """What a job was charged, and to which account, or None."""
        tables = await self._transaction.tables()
        return _booking_of(tables, job_id, BookingKind.CHARGE)

    async def bookings(self, account: AccountId, *, limit: int) -> Sequence[Booking]:
        """The latest bookings, newest first."""
        tables = await self._transaction.tables()
        theirs = [booking for booking in tables.bookings.values() if booking.account == account]
        return tuple(sorted(theirs, key=lambda booking: -booking.id)[:limit])


def _changed(tables: Tables, booking: Booking) -> Account | None:
    """The account as it would be after the booking; None where there is none, or what the booking needs is not so."""
    account = tables.accounts.get(booking.account)
    daily, bonus = pot_bounds(booking.daily), pot_bounds(booking.bonus)
    if account is None or daily is None or bonus is None:
        return None
    if not (daily[0] <= account.daily <= daily[1] and bonus[0] <= account.bonus <= bonus[1]):
        return None
    if booking.job_id is not None and _booking_of(tables, booking.job_id, booking.kind) is not None:
        return None
    return replace(account, daily=account.daily + booking.daily, bonus=account.bonus + booking.bonus)


def _write(tables: Tables, account: Account, booking: Booking) -> None:
    number = max(tables.bookings, default=0) + 1
    tables.accounts[account.id] = account
    tables.bookings[number] = replace(booking, id=number, at=utc(booking.at), by=storable(booking.by))


def _booking_of(tables: Tables, job_id: JobId, kind: BookingKind) -> Booking | None:
    found = (booking for booking in tables.bookings.values() if (booking.job_id, booking.kind) == (job_id, kind))
    return next(found, None)
