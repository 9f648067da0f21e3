"""People and their identities, on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.actors import Actor, Platform, Server, UserId
from bot.domain.credits import Account, Booking, BookingKind, user_account
from bot.domain.people import Identity, ServerSettings, User
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

NAMES = [
    "Zoë",
    "Åsa\u0301",
    "李小龍",
    "محمد",
    "👩‍👩‍👧‍👦 \U0001f600",
    "\u202eNelly",
    "a'; DROP TABLE users; --",
    "50 %_\\",
    "\t\n",
    "x" * 5000,
]


async def test_a_person_seen_again_is_the_same_user(
    unit_of_work: UnitOfWorkFactory, actor: Actor, now: datetime
) -> None:
    async with unit_of_work() as unit:
        first = await unit.users.resolve(actor, now=now)
        again = await unit.users.resolve(actor, now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        renamed = await unit.users.resolve(replace(actor, name="Nellie", locale="en"), now=now)
        found = await unit.users.find(actor)

    assert first
    assert {first, again, renamed, found} == {first}


async def test_the_same_id_on_another_platform_is_another_user(
    unit_of_work: UnitOfWorkFactory, actor: Actor, now: datetime
) -> None:
    async with unit_of_work() as unit:
        users = {
            await unit.users.resolve(replace(actor, platform=platform), now=now) for platform in (*Platform, *Platform)
        }

    assert len(users) == len(Platform)


async def test_finding_a_stranger_writes_nothing(unit_of_work: UnitOfWorkFactory, actor: Actor) -> None:
    async with unit_of_work() as unit:
        assert await unit.users.find(actor) is None
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.users.find(actor) is None
        assert await unit.users.get("0" * 32) is None
        assert await unit.users.identities("0" * 32) == ()


async def test_a_rolled_back_user_is_unknown(unit_of_work: UnitOfWorkFactory, actor: Actor, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.users.resolve(actor, now=now)
    async with unit_of_work() as unit:
        assert await unit.users.find(actor) is None


async def test_a_crowd_of_first_meetings_makes_one_user(
    unit_of_work: UnitOfWorkFactory, actor: Actor, now: datetime
) -> None:
    async def meet() -> str:
        async with unit_of_work() as unit:
            user_id = await unit.users.resolve(actor, now=now)
            await unit.commit()
            return user_id

    users = await asyncio.gather(*(meet() for _ in range(10)))

    assert len(set(users)) == 1


async def test_a_time_without_zone_is_refused(unit_of_work: UnitOfWorkFactory, actor: Actor, now: datetime) -> None:
    async with unit_of_work() as unit:
        with pytest.raises(Exception, match="without zone"):
            await unit.users.resolve(actor, now=now.replace(tzinfo=None))


async def test_a_person_is_known_by_the_latest_name(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime
) -> None:
    later = now + timedelta(days=1)
    for name, known_as in [("", "Nelly"), ("Nellie", "Nellie"), ("", "Nellie")]:
        async with unit_of_work() as unit:
            await unit.users.resolve(replace(actor, name=name), now=later)
            await unit.commit()
        async with unit_of_work() as unit:
            expected = Identity(actor.platform, actor.external_id, owner, known_as, created_at=now)
            assert await unit.users.identities(owner) == (expected,)


@pytest.mark.parametrize("name", NAMES)
async def test_any_name_is_kept_as_it_is(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime, name: str
) -> None:
    async with unit_of_work() as unit:
        met = await unit.users.resolve(replace(actor, external_id="new", name=name), now=now)
        await unit.users.resolve(replace(actor, name=name), now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        for user_id in (met, owner):
            assert [one.name for one in await unit.users.identities(user_id)] == [name]


@pytest.mark.parametrize(
    ("name", "kept"), [("a\0b", "a\ufffdb"), ("a\ud83d", "a\ufffd"), ("\udc00\ud83d", "\ufffd\ufffd"), ("\0", "\ufffd")]
)
async def test_what_a_database_cannot_keep_of_a_text_is_replaced(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime, name: str, kept: str
) -> None:
    async with unit_of_work() as unit:
        met = await unit.users.resolve(replace(actor, external_id="new", name=name), now=now)
        await unit.users.resolve(replace(actor, name=name), now=now)
        await unit.users.block(owner, reason=name, now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        for user_id in (met, owner):
            assert [one.name for one in await unit.users.identities(user_id)] == [kept]
        blocked = await unit.users.get(owner)
        assert blocked is not None
        assert blocked.block_reason == kept


async def test_tiers_and_blocks_come_and_go(unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime) -> None:
    plain, until = User(owner, created_at=now), now + timedelta(days=30)
    async with unit_of_work() as unit:
        assert await unit.users.get(owner) == plain
        await unit.users.grant_tier(owner, "supporter", until=until)
        await unit.users.block(owner, reason="flooding", now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.users.get(owner) == replace(
            plain, tier="supporter", tier_until=until, blocked_at=now, block_reason="flooding"
        )
        await unit.users.grant_tier(owner, "unlimited", until=None)
        await unit.users.unblock(owner)
        assert await unit.users.get(owner) == replace(plain, tier="unlimited")
        await unit.users.grant_tier(owner, None, until=until)
        assert await unit.users.get(owner) == plain


async def test_deciding_about_nobody_makes_nobody(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    nobody = "0" * 32
    async with unit_of_work() as unit:
        await unit.users.grant_tier(nobody, "supporter", until=None)
        await unit.users.block(nobody, reason="", now=now)
        await unit.users.unblock(nobody)
        assert await unit.users.get(nobody) is None


async def _joined(unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime) -> Actor:
    """Another identity of `owner`."""
    other = Actor(Platform.TELEGRAM, "7", name="nelly_t")
    async with unit_of_work() as unit:
        source = await unit.users.resolve(other, now=now + timedelta(hours=1))
        await unit.users.merge(source, owner, now=now)
        await unit.commit()
    return other


async def test_splitting_starts_afresh_with_one_identity(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, make_job: Any, now: datetime
) -> None:
    other = await _joined(unit_of_work, actor, owner, now)
    job = make_job()
    async with unit_of_work() as unit:
        await unit.users.grant_tier(owner, "supporter", until=None)
        await unit.jobs.add(job)
        await unit.commit()

    async with unit_of_work() as unit:
        fresh = await unit.users.split(other.platform, other.external_id, now=now)
        await unit.commit()

    async with unit_of_work() as unit:
        assert fresh != owner
        assert await unit.users.get(fresh) == User(fresh, created_at=now)
        assert (await unit.users.find(other), await unit.users.find(actor)) == (fresh, owner)
        identity = Identity(other.platform, other.external_id, fresh, "nelly_t", created_at=now + timedelta(hours=1))
        assert await unit.users.identities(fresh) == (identity,)
        assert (await unit.jobs.count_waiting(fresh), await unit.jobs.count_waiting(owner)) == (0, 1)
        kept = await unit.users.get(owner)
        assert kept is not None
        assert kept.tier == "supporter"


async def test_splitting_is_no_way_around_a_block(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime
) -> None:
    other = await _joined(unit_of_work, actor, owner, now)
    here, there = Server(Platform.DISCORD, "1"), Server(Platform.TELEGRAM, "1")
    async with unit_of_work() as unit:
        await unit.users.block(owner, reason="flooding", now=now)
        await unit.settings.set_server(here, ServerSettings(blocked=("f" * 32, owner), max_count=1))
        await unit.settings.set_server(there, ServerSettings(blocked=("f" * 32,)))
        fresh = await unit.users.split(other.platform, other.external_id, now=now + timedelta(days=1))
        await unit.commit()

    async with unit_of_work() as unit:
        for user_id in (owner, fresh):
            user = await unit.users.get(user_id)
            assert user is not None
            assert (user.blocked_at, user.block_reason) == (now, "flooding")
        assert await unit.settings.of_server(here) == ServerSettings(blocked=("f" * 32, owner, fresh), max_count=1)
        assert await unit.settings.of_server(there) == ServerSettings(blocked=("f" * 32,))


async def test_splitting_is_no_way_to_the_days_credits_again(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime
) -> None:
    other = await _joined(unit_of_work, actor, owner, now)
    yesterday = now - timedelta(days=1)
    refill = Booking(user_account(owner), BookingKind.REFILL, 2500, 0, yesterday)
    async with unit_of_work() as unit:
        await unit.accounts.lock(refill.account, now=yesterday)
        assert await unit.accounts.fill(refill, allowance=2500, day=yesterday.date())
        fresh = user_account(await unit.users.split(other.platform, other.external_id, now=now))
        await unit.commit()

    async with unit_of_work() as unit:
        assert await unit.accounts.find(fresh) == Account(fresh, allowance=2500, filled_on=now.date())
        assert await unit.accounts.bookings(fresh, limit=9) == ()
        again = replace(refill, account=fresh, at=now)
        assert not await unit.accounts.fill(again, allowance=2500, day=now.date())
        assert await unit.accounts.fill(again, allowance=2500, day=now.date() + timedelta(days=1))
        kept = await unit.accounts.find(refill.account)
        assert kept is not None
        assert (kept.daily, kept.filled_on) == (2500, yesterday.date())


async def test_splitting_gives_no_day_back_to_a_clock_that_went_backwards(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime
) -> None:
    other = await _joined(unit_of_work, actor, owner, now)
    refill = Booking(user_account(owner), BookingKind.REFILL, 2500, 0, now)
    async with unit_of_work() as unit:
        await unit.accounts.lock(refill.account, now=now)
        await unit.accounts.fill(refill, allowance=2500, day=now.date())
        fresh = await unit.users.split(other.platform, other.external_id, now=now - timedelta(days=3))
        account = await unit.accounts.find(user_account(fresh))
        assert account is not None
        assert account.filled_on == now.date()


@pytest.mark.parametrize("external_id", ["80351110224678912", "unknown"])
async def test_the_only_identity_and_an_unknown_one_are_not_split(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime, external_id: str
) -> None:
    async with unit_of_work() as unit:
        await unit.accounts.lock(user_account(owner), now=now)
        with pytest.raises(ConstraintViolated):
            await unit.users.split(Platform.DISCORD, external_id, now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.users.find(actor) == owner
        assert len(await unit.users.identities(owner)) == 1


async def test_of_two_splits_at_once_one_leaves_the_last_identity(
    unit_of_work: UnitOfWorkFactory, actor: Actor, owner: UserId, now: datetime
) -> None:
    other = await _joined(unit_of_work, actor, owner, now)

    async def split(one: Actor) -> None:
        async with unit_of_work() as unit:
            await unit.users.split(one.platform, one.external_id, now=now)
            await unit.commit()

    done = await asyncio.gather(split(actor), split(other), return_exceptions=True)

    assert sorted(type(one).__name__ for one in done) == ["ConstraintViolated", "NoneType"]
    async with unit_of_work() as unit:
        assert len(await unit.users.identities(owner)) == 1
