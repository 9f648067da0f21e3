"""The accounts of two who become one, on every storage: nothing is lost, and the ledger still adds up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.actors import Actor, Platform, Server, UserId
from bot.domain.credits import Account, Booking, BookingKind, server_account, user_account
from bot.domain.jobs import Job, JobState
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated
from tests.support.ledger import check_ledger

HERE = Server(Platform.DISCORD, "12")
OTHER = Actor(Platform.TELEGRAM, "7", name="nelly_t")


@pytest.fixture
async def source(unit_of_work: UnitOfWorkFactory, now: datetime) -> UserId:
    async with unit_of_work() as unit:
        user_id = await unit.users.resolve(OTHER, now=now + timedelta(hours=1))
        await unit.commit()
    return user_id


@pytest.fixture
def target(owner: UserId) -> UserId:
    return owner


async def merge(unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.users.merge(source, target, now=now)
        await unit.commit()


async def test_balances_add_up_and_their_bookings_explain_the_sum(
    unit_of_work: UnitOfWorkFactory, make_job: Any, source: UserId, target: UserId, now: datetime
) -> None:
    old, new, pool = user_account(source), user_account(target), server_account(HERE)
    job, shared = make_job(owner=source), make_job(owner=source, server=HERE)
    tomorrow = now.date() + timedelta(days=1)
    async with unit_of_work() as unit:
        for account, daily, bonus in ((new, 70, 5), (old, 100, 50), (pool, 900, 0)):
            await unit.accounts.lock(account, now=now)
            day = now.date() if account == new else tomorrow
            refill = Booking(account, BookingKind.REFILL, daily, 0, now)
            assert await unit.accounts.fill(refill, allowance=daily, day=day)
            if bonus:
                assert await unit.accounts.book(Booking(account, BookingKind.GRANT, 0, bonus, now, by="command line"))
        await unit.jobs.add(job)
        await unit.jobs.add(shared)
        assert await unit.accounts.book(Booking(old, BookingKind.CHARGE, -100, -20, now, job.id))
        assert await unit.accounts.book(Booking(pool, BookingKind.CHARGE, -60, 0, now, shared.id))
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        assert await check_ledger(unit, new) == Account(new, 70, 35, allowance=170, filled_on=tomorrow)
        assert len(await unit.accounts.bookings(new, limit=99)) == 5
        assert await unit.accounts.find(old) is None
        assert await unit.accounts.bookings(old, limit=9) == ()
        assert await check_ledger(unit, pool) == Account(pool, 840, 0, allowance=900, filled_on=tomorrow)
        charge = await unit.accounts.charge_of(job.id)
        assert charge is not None
        assert charge.account == new
        again = Booking(new, BookingKind.REFILL, 100, 0, now)
        assert not await unit.accounts.fill(again, allowance=170, day=tomorrow)
        assert await unit.accounts.book(replace(charge, kind=BookingKind.REFUND, daily=100, bonus=20))
        assert not await unit.accounts.book(replace(charge, kind=BookingKind.REFUND, daily=100, bonus=20))
        assert await check_ledger(unit, new) == Account(new, 170, 55, allowance=170, filled_on=tomorrow)


@pytest.mark.parametrize("has_account", ["source", "target", "nobody"])
async def test_who_had_no_account_adds_nothing(
    unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, now: datetime, has_account: str
) -> None:
    new = user_account(target)
    known = {"source": user_account(source), "target": new}.get(has_account)
    async with unit_of_work() as unit:
        if known is not None:
            await unit.accounts.lock(known, now=now)
            assert await unit.accounts.fill(
                Booking(known, BookingKind.REFILL, 70, 0, now), allowance=70, day=now.date()
            )
        await unit.commit()

    await merge(unit_of_work, source, target, now)

    async with unit_of_work() as unit:
        expected = Account(new) if known is None else Account(new, 70, 0, 70, now.date())
        assert await check_ledger(unit, new) == expected
        assert await unit.accounts.find(user_account(source)) is None


async def test_joining_and_parting_again_and_again_gives_nothing(
    unit_of_work: UnitOfWorkFactory, source: UserId, target: UserId, now: datetime
) -> None:
    new, day = user_account(target), now.date()
    async with unit_of_work() as unit:
        for account in (new, user_account(source)):
            await unit.accounts.lock(account, now=now)
            refill = Booking(account, BookingKind.REFILL, 2500, 0, now)
            assert await unit.accounts.fill(refill, allowance=2500, day=day)
        for _ in range(40):
            await unit.users.merge(source, target, now=now)
            source = await unit.users.split(OTHER.platform, OTHER.external_id, now=now)
            refill = Booking(user_account(source), BookingKind.REFILL, 2500, 0, now)
            assert not await unit.accounts.fill(refill, allowance=2500, day=day)
        await unit.commit()
    async with unit_of_work() as unit:
        kept = await check_ledger(unit, new)
        assert (kept.daily, kept.bonus, kept.filled_on) == (5000, 0, day)
        assert await check_ledger(unit, user_account(source)) is not None


async def test_what_goes_on_during_a_merge_is_neither_lost_nor_done_twice(
    unit_of_work: UnitOfWorkFactory, make_job: Any, source: UserId, target: UserId, now: datetime
) -> None:
    """New requests of the source and refunds of its jobs, side by side with the merge."""
    old, new = user_account(source), user_account(target)
    ending = [make_job(owner=source) for _ in range(8)]
    async with unit_of_work() as unit:
        await unit.accounts.lock(old, now=now)
        assert await unit.accounts.book(Booking(old, BookingKind.GRANT, 0, 10_000, now))
        for job in ending:
            await unit.jobs.add(job)
            assert await unit.accounts.book(Booking(old, BookingKind.CHARGE, 0, -100, now, job.id))
        await unit.commit()

    async def end(job: Job) -> None:
        async with unit_of_work() as unit:
            assert await unit.jobs.finish(job.id, lease_owner=None, state=JobState.CANCELLED, failure=None, now=now)
            charge = await unit.accounts.charge_of(job.id)
            assert charge is not None
            assert await unit.accounts.book(replace(charge, kind=BookingKind.REFUND, bonus=100))
            await unit.commit()

    async def submit(job: Job) -> None:
        async with unit_of_work() as unit:
            user_id = await unit.users.resolve(OTHER, now=now)
            account = await unit.accounts.lock(user_account(user_id), now=now)
            if await unit.accounts.book(Booking(account.id, BookingKind.CHARGE, 0, -100, now, job.id)):
                await unit.jobs.add(replace(job, owner=user_id))
                await unit.commit()

    fresh = [make_job() for _ in range(8)]
    begun = [task for pair in zip(map(end, ending), map(submit, fresh), strict=True) for task in pair]
    done = await asyncio.gather(
        *begun[:8], merge(unit_of_work, source, target, now), *begun[8:], return_exceptions=True
    )

    # Who had looked up the source before it was gone is refused as a whole; nothing else goes wrong.
    assert {type(one) for one in done} <= {type(None), ConstraintViolated}
    assert done[8] is None
    async with unit_of_work() as unit:
        stored = [job for job in fresh if (await unit.jobs.get(job.id)) is not None]
        assert [one.owner for one in await unit.jobs.unfinished()] == [target] * len(stored)
        assert await unit.accounts.find(old) is None
        assert (await check_ledger(unit, new)).bonus == 10_000 - 100 * len(stored)
        assert len(await unit.accounts.bookings(new, limit=99)) == 1 + 2 * len(ending) + len(stored)
