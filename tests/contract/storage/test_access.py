"""Sessions and tokens of the page, on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.access import ApiToken, Scope, Visit, WebSession
from bot.domain.actors import Actor, Platform, UserId
from bot.ports.access import TokenNameTaken
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

FIRST, SECOND, THIRD = "a" * 64, "b" * 64, "c" * 64
HOUR = timedelta(hours=1)


def session(digest: str, now: datetime) -> WebSession:
    return WebSession(digest, now, now, Visit("192.0.2.7", "Firefox"))


def token(name: str, digest: str, actor: Actor, now: datetime) -> ApiToken:
    return ApiToken(name, digest, actor.platform, actor.external_id, Scope.DRAW, now)


async def test_there_is_one_password_at_most(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        assert await unit.web_access.password_hash() is None
        await unit.web_access.set_password_hash("one", now=now)
        await unit.web_access.set_password_hash("two", now=now + HOUR)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.web_access.password_hash() == "two"


async def test_a_password_that_was_not_committed_is_none(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.web_access.set_password_hash("one", now=now)
    async with unit_of_work() as unit:
        assert await unit.web_access.password_hash() is None


async def test_a_session_lasts_until_it_is_ended(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.web_access.add(session(FIRST, now))
        await unit.web_access.touch(FIRST, now=now + HOUR)
        await unit.web_access.touch(SECOND, now=now + HOUR)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.web_access.find(FIRST) == replace(session(FIRST, now), seen_at=now + HOUR)
        assert await unit.web_access.find(SECOND) is None
        assert await unit.web_access.end(FIRST)
        assert not await unit.web_access.end(FIRST)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.web_access.find(FIRST) is None


async def test_sessions_are_listed_by_their_last_use_and_ended_together(
    unit_of_work: UnitOfWorkFactory, now: datetime
) -> None:
    async with unit_of_work() as unit:
        for digest in (FIRST, SECOND, THIRD):
            await unit.web_access.add(session(digest, now))
        await unit.web_access.touch(SECOND, now=now + HOUR)
        assert [one.digest for one in await unit.web_access.all()] == [SECOND, FIRST, THIRD]
        assert await unit.web_access.end_all(but=FIRST) == 2
        assert [one.digest for one in await unit.web_access.all()] == [FIRST]
        assert await unit.web_access.end_all() == 1
        assert await unit.web_access.all() == ()


async def test_old_sessions_are_forgotten(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.web_access.add(session(FIRST, now))
        await unit.web_access.add(session(SECOND, now + HOUR))
        await unit.web_access.add(replace(session(THIRD, now), created_at=now + HOUR))
        await unit.web_access.forget(created_before=now + HOUR, seen_before=now)
        assert {one.digest for one in await unit.web_access.all()} == {SECOND, THIRD}
        await unit.web_access.forget(created_before=now, seen_before=now + HOUR)
        assert {one.digest for one in await unit.web_access.all()} == {SECOND}


async def test_strange_browsers_can_be_stored(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        await unit.web_access.add(replace(session(FIRST, now), visit=Visit("::1", "\0 \ud800")))
        found = await unit.web_access.find(FIRST)
        await unit.commit()
    assert found is not None
    assert found.visit == Visit("::1", "\ufffd \ufffd")


async def test_a_token_lasts_until_it_is_removed(
    unit_of_work: UnitOfWorkFactory, owner: UserId, actor: Actor, now: datetime
) -> None:
    wanted = replace(token("nightly", FIRST, actor, now), scope=Scope.METRICS, expires_at=now + HOUR)
    async with unit_of_work() as unit:
        await unit.api_tokens.add(wanted)
        await unit.api_tokens.add(token("backup", SECOND, actor, now))
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.api_tokens.find(FIRST) == wanted
        await unit.api_tokens.touch(FIRST, now=now + HOUR)
        await unit.api_tokens.touch(THIRD, now=now + HOUR)
        assert await unit.api_tokens.all() == (
            token("backup", SECOND, actor, now),
            replace(wanted, used_at=now + HOUR),
        )
        assert await unit.api_tokens.remove(SECOND)
        assert not await unit.api_tokens.remove(SECOND)
        assert await unit.api_tokens.find(SECOND) is None


async def test_two_tokens_never_have_one_name(
    unit_of_work: UnitOfWorkFactory, owner: UserId, actor: Actor, now: datetime
) -> None:
    async with unit_of_work() as unit:
        await unit.api_tokens.add(token("nightly", FIRST, actor, now))
        with pytest.raises(TokenNameTaken):
            await unit.api_tokens.add(token("nightly", SECOND, actor, now))
        await unit.api_tokens.add(token("daily", SECOND, actor, now))
        await unit.commit()
    async with unit_of_work() as unit:
        assert [one.name for one in await unit.api_tokens.all()] == ["daily", "nightly"]


async def test_of_many_tokens_made_at_once_under_one_name_one_is_kept(
    unit_of_work: UnitOfWorkFactory, owner: UserId, actor: Actor, now: datetime
) -> None:
    async def add(digest: str) -> bool:
        async with unit_of_work() as unit:
            try:
                await unit.api_tokens.add(token("nightly", digest, actor, now))
            except TokenNameTaken:
                return False
            await unit.commit()
            return True

    made = await asyncio.gather(*(add(f"{number:064x}") for number in range(5)))

    assert sorted(made) == [False] * 4 + [True]


async def test_a_token_acts_as_somebody_who_was_seen(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        with pytest.raises(ConstraintViolated):
            await unit.api_tokens.add(token("nightly", FIRST, Actor(Platform.TELEGRAM, "nobody"), now))


async def test_sessions_go_with_whoever_is_at_the_page_and_with_nobody_else(
    unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId, now: datetime
) -> None:
    async with unit_of_work() as unit:
        await unit.web_access.add(session(FIRST, now))
        await unit.erasure.erase(owner)
        assert len(await unit.web_access.all()) == 1
        await unit.erasure.erase(stranger)
        assert await unit.web_access.all() == ()


async def test_a_token_goes_with_its_person_and_follows_them_into_a_joined_account(
    unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId, actor: Actor, now: datetime
) -> None:
    async with unit_of_work() as unit:
        third = await unit.users.resolve(Actor(Platform.TELEGRAM, "3"), now=now)
        await unit.api_tokens.add(token("mine", FIRST, actor, now))
        await unit.api_tokens.add(token("other", SECOND, Actor(Platform.WEB, "stranger"), now))
        await unit.users.merge(owner, third, now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.api_tokens.find(FIRST) == token("mine", FIRST, actor, now)
        await unit.erasure.erase(third)
        await unit.commit()
    async with unit_of_work() as unit:
        assert [one.name for one in await unit.api_tokens.all()] == ["other"]
