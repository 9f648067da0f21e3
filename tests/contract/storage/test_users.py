"""People and their identities, on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.actors import Actor, Platform
from bot.ports.storage import UnitOfWorkFactory


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
