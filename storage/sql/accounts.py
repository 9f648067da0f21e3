"""Accounts and their ledger in SQL; a balance changes by one conditional UPDATE, so the database settles races."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.credits import Account, AccountId, Booking, BookingKind
from bot.domain.jobs import JobId
from storage.people import pot_bounds
from storage.sql.person_rows import account_of, account_values, booking_of, booking_values
from storage.sql.statements import change
from storage.tables.people import AccountRow, BookingRow


class SqlAccountRepository:
    """`bot.ports.people.AccountRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, account: AccountId, *, now: datetime) -> Account:
        """The account, made empty on first sight; other transactions that lock it wait until this one has ended.

        SQLite knows no such locks and needs none: its transactions run one after another.
        """
        while (locked := await self._read(account, is_locked=True)) is None:
            try:
                async with self._session.begin_nested():
                    await self._session.execute(
                        insert(AccountRow).values(**account_values(Account(account)), created_at=now)
                    )
            except IntegrityError:
                # Where transactions run side by side, another one may have made it first: lock that one.
                continue
        return locked

    async def find(self, account: AccountId) -> Account | None:
        """The account as it stands, or None; locks and writes nothing."""
        return await self._read(account, is_locked=False)

    async def book(self, booking: Booking) -> bool:
        """Change the balance by one conditional UPDATE and write the booking.

        False, and nothing is changed, if there is no such account, if a pot would leave its bounds, or if the job has
        a booking of that kind.
        """
        return await self._change(booking)

    async def fill(self, booking: Booking, *, allowance: int, day: date) -> bool:
        """Book a refill and note what it was for; False, and nothing is changed, if that was given already."""
        is_due = or_(AccountRow.filled_on < day, and_(AccountRow.filled_on == day, AccountRow.allowance < allowance))
        return await self._change(booking, is_due, allowance=allowance, filled_on=day)

    async def charge_of(self, job_id: JobId) -> Booking | None:
        """What a job was charged, and to which account, or None."""
        row = await self._session.scalar(
            select(BookingRow)
            .where(BookingRow.job_id == job_id, BookingRow.kind == BookingKind.CHARGE)
            .execution_options(populate_existing=True)
        )
        return None if row is None else booking_of(row)

    async def bookings(self, account: AccountId, *, limit: int) -> Sequence[Booking]:
        """The latest bookings, newest first."""
        rows = await self._session.scalars(
            select(BookingRow)
            .where(BookingRow.account == account)
            .order_by(BookingRow.id.desc())
            .limit(limit)
            .execution_options(populate_existing=True)
        )
        return tuple(booking_of(row) for row in rows)

    async def _read(self, account: AccountId, *, is_locked: bool) -> Account | None:
        query = select(AccountRow).where(AccountRow.id == account).execution_options(populate_existing=True)
        row = await self._session.scalar(query.with_for_update() if is_locked else query)
        return None if row is None else account_of(row)

    async def _change(self, booking: Booking, *conditions: ColumnElement[bool], **noted: object) -> bool:
        """Change both pots if they stay in bounds and the conditions hold, and write the booking; all or nothing."""
        daily, bonus = pot_bounds(booking.daily), pot_bounds(booking.bonus)
        if daily is None or bonus is None:
            return False
        fits = (AccountRow.daily.between(*daily), AccountRow.bonus.between(*bonus))
        changed = (
            update(AccountRow)
            .where(AccountRow.id == booking.account, *fits, *conditions)
            .values(daily=AccountRow.daily + booking.daily, bonus=AccountRow.bonus + booking.bonus, **noted)
        )
        try:
            async with self._session.begin_nested():
                if not await change(self._session, changed):
                    return False
                await self._session.execute(insert(BookingRow).values(**booking_values(booking)))
        except IntegrityError:  # the job has a booking of that kind; the savepoint took the balance back
            return False
        return True
