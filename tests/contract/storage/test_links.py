"""One-time codes, on every storage."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.people import LinkCode
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

FIRST, SECOND = "a" * 64, "b" * 64


async def test_a_code_works_once(unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.links.put(LinkCode(FIRST, owner, now + timedelta(minutes=10)))
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.links.take(SECOND, now=now) is None
        assert await unit.links.take(FIRST, now=now) == owner
        assert await unit.links.take(FIRST, now=now) is None
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.links.take(FIRST, now=now) is None


async def test_a_use_that_was_not_committed_is_none(
    unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime
) -> None:
    async with unit_of_work() as unit:
        await unit.links.put(LinkCode(FIRST, owner, now + timedelta(minutes=10)))
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.links.take(FIRST, now=now) == owner
    async with unit_of_work() as unit:
        assert await unit.links.take(FIRST, now=now) == owner


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-9)), timezone(timedelta(hours=9))])
async def test_a_code_works_until_its_time_and_no_longer(
    unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime, zone: timezone
) -> None:
    expires_at = (now + timedelta(minutes=10)).astimezone(zone)
    async with unit_of_work() as unit:
        await unit.links.put(LinkCode(FIRST, owner, expires_at))
        assert await unit.links.take(FIRST, now=expires_at.astimezone(UTC)) is None
        assert await unit.links.take(FIRST, now=expires_at - timedelta(microseconds=1)) == owner


async def test_a_new_code_replaces_the_one_before(
    unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime
) -> None:
    async with unit_of_work() as unit:
        stranger = await unit.users.resolve(Actor(Platform.WEB, "2"), now=now)
        await unit.links.put(LinkCode("c" * 64, stranger, now + timedelta(minutes=10)))
        await unit.links.put(LinkCode(FIRST, owner, now + timedelta(minutes=10)))
        await unit.links.put(LinkCode(SECOND, owner, now + timedelta(minutes=20)))
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.links.take(FIRST, now=now) is None
        assert await unit.links.take(SECOND, now=now + timedelta(minutes=15)) == owner
        assert await unit.links.take("c" * 64, now=now) == stranger


async def test_nobody_has_no_code_and_two_people_never_the_same(
    unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime
) -> None:
    async with unit_of_work() as unit:
        stranger = await unit.users.resolve(Actor(Platform.WEB, "2"), now=now)
        await unit.links.put(LinkCode(FIRST, owner, now + timedelta(minutes=10)))
        for user_id in ("0" * 32, stranger):
            with pytest.raises(ConstraintViolated):
                await unit.links.put(LinkCode(FIRST, user_id, now + timedelta(minutes=10)))
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.links.take(FIRST, now=now) == owner


async def test_of_many_uses_at_once_one_counts(unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.links.put(LinkCode(FIRST, owner, now + timedelta(minutes=10)))
        await unit.commit()

    async def take() -> UserId | None:
        async with unit_of_work() as unit:
            taken = await unit.links.take(FIRST, now=now)
            await unit.commit()
            return taken

    taken = await asyncio.gather(*(take() for _ in range(6)))

    assert sorted(taken, key=str) == sorted([owner, *[None] * 5], key=str)


async def test_codes_asked_for_at_once_leave_one(unit_of_work: UnitOfWorkFactory, owner: UserId, now: datetime) -> None:
    digests = [f"{number:064x}" for number in range(6)]

    async def put(digest: str) -> None:
        async with unit_of_work() as unit:
            await unit.links.put(LinkCode(digest, owner, now + timedelta(minutes=10)))
            await unit.commit()

    await asyncio.gather(*map(put, digests))

    async with unit_of_work() as unit:
        taken = [await unit.links.take(digest, now=now) for digest in digests]
    assert [user_id for user_id in taken if user_id is not None] == [owner]
