"""Accounts and the ledger that explains them, on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.actors import Platform, Server
from bot.domain.credits import Account, Booking, BookingKind, filled, payment, server_account
from bot.ports.storage import UnitOfWorkFactory
from tests.support.ledger import check_ledger

ACCOUNT = "user:" + "a" * 32
POOL = server_account(Server(Platform.TELEGRAM, "-100123"))
MOST = 2**31 - 1


def booking(kind: BookingKind, daily: int, bonus: int, at: datetime, job_id: str | None = None) -> Booking:
    return Booking(ACCOUNT, kind, daily, bonus, at, job_id)


@pytest.fixture
async def account(unit_of_work: UnitOfWorkFactory, now: datetime) -> Account:
    """One with 100 daily and 50 bonus hundredths."""
    async with unit_of_work() as unit:
        await unit.accounts.lock(ACCOUNT, now=now)
        refill, grant = booking(BookingKind.REFILL, 100, 0, now), booking(BookingKind.GRANT, 0, 50, now)
        assert await unit.accounts.fill(refill, allowance=100, day=now.date())
        assert await unit.accounts.book(grant)
        await unit.commit()
    return Account(ACCOUNT, 100, 50, 100, now.date())


async def test_an_account_is_empty_on_first_sight(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) is None
        assert await unit.accounts.lock(ACCOUNT, now=now) == Account(ACCOUNT, 0, 0, 0, date.min)
        assert await unit.accounts.lock(POOL, now=now) == Account(POOL)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) == Account(ACCOUNT)
        assert await unit.accounts.find(POOL) == Account(POOL)
        assert await unit.accounts.bookings(ACCOUNT, limit=9) == ()


async def test_first_sights_at_once_make_one_account(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async def grant() -> bool:
        async with unit_of_work() as unit:
            await unit.accounts.lock(ACCOUNT, now=now)
            is_booked = await unit.accounts.book(booking(BookingKind.GRANT, 0, 10, now))
            await unit.commit()
            return is_booked

    assert all(await asyncio.gather(*(grant() for _ in range(8))))
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) == Account(ACCOUNT, bonus=80)
        await check_ledger(unit, ACCOUNT)


async def test_bookings_change_the_balance_and_say_why(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime
) -> None:
    charge = replace(booking(BookingKind.CHARGE, -100, -20, now, "job1"), by="discord:1")
    async with unit_of_work() as unit:
        assert await unit.accounts.book(charge)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) == replace(account, daily=0, bonus=30)
        latest, grant, refill = await unit.accounts.bookings(ACCOUNT, limit=9)
        assert latest == replace(charge, id=latest.id)
        assert latest.id > grant.id > refill.id > 0
        assert [one.kind for one in (grant, refill)] == [BookingKind.GRANT, BookingKind.REFILL]
        assert await unit.accounts.bookings(ACCOUNT, limit=1) == (latest,)
        assert await unit.accounts.bookings(POOL, limit=9) == ()
        await check_ledger(unit, ACCOUNT)


@pytest.mark.parametrize(
    ("daily", "bonus"),
    [(-101, 0), (0, -51), (-101, 50), (50, -51), (-(10**12), 0), (0, MOST - 49), (MOST, 0), (0, 10**12)],
)
async def test_what_does_not_fit_a_pot_is_refused_and_changes_nothing(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime, daily: int, bonus: int
) -> None:
    async with unit_of_work() as unit:
        before = await unit.accounts.bookings(ACCOUNT, limit=9)
        assert not await unit.accounts.book(booking(BookingKind.CHARGE, daily, bonus, now, "job1"))
        tomorrow = now.date() + timedelta(days=1)
        refill = booking(BookingKind.REFILL, daily, bonus, now)
        assert not await unit.accounts.fill(refill, allowance=5, day=tomorrow)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) == account
        assert await unit.accounts.bookings(ACCOUNT, limit=9) == before
        assert await unit.accounts.charge_of("job1") is None


async def test_pots_can_be_emptied_and_filled_to_the_last(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime
) -> None:
    async with unit_of_work() as unit:
        assert await unit.accounts.book(booking(BookingKind.CHARGE, -100, -50, now))
        assert await unit.accounts.find(ACCOUNT) == replace(account, daily=0, bonus=0)
        assert not await unit.accounts.book(booking(BookingKind.CHARGE, -1, 0, now))
        assert await unit.accounts.book(booking(BookingKind.GRANT, MOST, MOST, now))
        assert await unit.accounts.find(ACCOUNT) == replace(account, daily=MOST, bonus=MOST)
        assert await unit.accounts.book(booking(BookingKind.GRANT, -MOST, -MOST, now))
        await check_ledger(unit, ACCOUNT)


async def test_an_account_that_is_not_there_takes_nothing(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        assert not await unit.accounts.book(booking(BookingKind.GRANT, 0, 10, now))
        assert not await unit.accounts.fill(booking(BookingKind.REFILL, 10, 0, now), allowance=10, day=now.date())
        assert await unit.accounts.find(ACCOUNT) is None
        assert await unit.accounts.bookings(ACCOUNT, limit=9) == ()


async def test_a_job_is_charged_and_refunded_once(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime
) -> None:
    charge = booking(BookingKind.CHARGE, -60, 0, now, "job1")
    refund = booking(BookingKind.REFUND, 60, 0, now, "job1")
    async with unit_of_work() as unit:
        assert await unit.accounts.book(charge)
        assert not await unit.accounts.book(replace(charge, daily=-10))
        assert await unit.accounts.book(refund)
        assert not await unit.accounts.book(refund)
        assert await unit.accounts.book(booking(BookingKind.CHARGE, -60, 0, now, "job2"))
        await unit.commit()
    async with unit_of_work() as unit:
        assert not await unit.accounts.book(charge)
        assert not await unit.accounts.book(replace(refund, at=now + timedelta(days=1)))
        await unit.accounts.lock(POOL, now=now)
        assert not await unit.accounts.book(replace(refund, account=POOL))
        found = await unit.accounts.charge_of("job1")
        assert found is not None
        assert found == replace(charge, id=found.id)
        assert await unit.accounts.charge_of("job3") is None
        assert await unit.accounts.find(ACCOUNT) == replace(account, daily=40)
        assert await unit.accounts.find(POOL) == Account(POOL)
        assert [one.kind.value for one in await unit.accounts.bookings(ACCOUNT, limit=9)] == [
            "charge",
            "refund",
            "charge",
            "grant",
            "refill",
        ]
        await check_ledger(unit, ACCOUNT)


async def test_refunds_at_once_give_back_once(unit_of_work: UnitOfWorkFactory, account: Account, now: datetime) -> None:
    async with unit_of_work() as unit:
        assert await unit.accounts.book(booking(BookingKind.CHARGE, -60, 0, now, "job1"))
        await unit.commit()

    async def refund() -> bool:
        async with unit_of_work() as unit:
            is_booked = await unit.accounts.book(booking(BookingKind.REFUND, 60, 0, now, "job1"))
            await unit.commit()
            return is_booked

    assert sum(await asyncio.gather(*(refund() for _ in range(6)))) == 1
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) == account
        await check_ledger(unit, ACCOUNT)


async def test_bookings_without_a_job_may_repeat(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime
) -> None:
    async with unit_of_work() as unit:
        grants = [await unit.accounts.book(booking(BookingKind.GRANT, 0, 50, now)) for _ in range(3)]
        assert grants == [True, True, True]
        assert await unit.accounts.find(ACCOUNT) == replace(account, bonus=200)


@pytest.mark.parametrize(
    ("days", "allowance", "is_given"),
    [
        (0, 100, False),
        (0, 99, False),
        (0, 101, True),
        (1, 100, True),
        (1, 30, True),
        (1, 0, True),
        (-1, 100, False),
        (-1, 999, False),
        (400, 100, True),
    ],
)
async def test_a_day_is_given_once_and_never_goes_back(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime, days: int, allowance: int, is_given: bool
) -> None:
    day = now.date() + timedelta(days=days)
    full = filled(account, allowance, day)
    refill = booking(BookingKind.REFILL, full.daily - account.daily, 0, now)
    async with unit_of_work() as unit:
        assert await unit.accounts.fill(refill, allowance=allowance, day=day) is is_given
        assert not await unit.accounts.fill(refill, allowance=allowance, day=day)
        await unit.commit()
    async with unit_of_work() as unit:
        assert (full != account) is is_given
        assert await unit.accounts.find(ACCOUNT) == full
        assert len(await unit.accounts.bookings(ACCOUNT, limit=9)) == (3 if is_given else 2)
        await check_ledger(unit, ACCOUNT)


async def test_refills_at_once_give_the_day_once(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async def fill() -> bool:
        async with unit_of_work() as unit:
            account = await unit.accounts.lock(ACCOUNT, now=now)
            refill = booking(BookingKind.REFILL, 100 - account.daily, 0, now)
            is_given = await unit.accounts.fill(refill, allowance=100, day=now.date())
            await unit.commit()
            return is_given

    assert sum(await asyncio.gather(*(fill() for _ in range(6)))) == 1
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) == Account(ACCOUNT, 100, 0, 100, now.date())
        await check_ledger(unit, ACCOUNT)


@pytest.mark.parametrize("is_locking", [True, False])
async def test_the_last_credits_are_spent_once(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime, is_locking: bool
) -> None:
    async def spend(job_id: str) -> bool:
        async with unit_of_work() as unit:
            seen = await unit.accounts.lock(ACCOUNT, now=now) if is_locking else account
            paid = payment(seen, 150)
            if paid is None:
                return False
            is_booked = await unit.accounts.book(booking(BookingKind.CHARGE, -paid[0], -paid[1], now, job_id))
            await unit.commit()
            return is_booked

    assert sum(await asyncio.gather(spend("job1"), spend("job2"))) == 1
    async with unit_of_work() as unit:
        assert await unit.accounts.find(ACCOUNT) == replace(account, daily=0, bonus=0)
        charges = [await unit.accounts.charge_of(job_id) for job_id in ("job1", "job2")]
        assert sum(charge is not None for charge in charges) == 1
        await check_ledger(unit, ACCOUNT)


async def test_what_was_not_committed_was_not_spent(
    unit_of_work: UnitOfWorkFactory, account: Account, now: datetime
) -> None:
    async with unit_of_work() as unit:
        assert await unit.accounts.book(booking(BookingKind.CHARGE, -100, 0, now, "job1"))
        assert await unit.accounts.lock(ACCOUNT, now=now) == replace(account, daily=0)
    async with unit_of_work() as unit:
        assert await unit.accounts.lock(ACCOUNT, now=now) == account
        assert await unit.accounts.charge_of("job1") is None


async def test_any_text_says_who_did_it(unit_of_work: UnitOfWorkFactory, account: Account, now: datetime) -> None:
    async with unit_of_work() as unit:
        assert await unit.accounts.book(replace(booking(BookingKind.GRANT, 0, 1, now), by="Zoë 😀 \0'"))
        (latest,) = await unit.accounts.bookings(ACCOUNT, limit=1)
        assert latest.by == "Zoë 😀 \ufffd'"
