"""Signing in: the password, sessions that end, and a limit to guessing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.access import SESSION_IDLE, SESSION_LIFE, Visit
from bot.domain.errors import Rejected, Rejection
from bot.services.passwords import Passwords
from bot.services.sign_in import SignIn, SignInSettings
from storage.memory import MemoryStorage
from tests.support.spine import QUICK_HASHER, SteadyClock

PASSWORD = "correct horse battery"
HERE = Visit("192.0.2.7", "Firefox/140")


class Kit:
    """Signing in on storage in memory, with a clock in the hand."""

    def __init__(self) -> None:
        self.storage = MemoryStorage()
        self.clock = SteadyClock()
        self.sign_in = self.after_restart()

    def after_restart(self) -> SignIn:
        return SignIn(
            open_unit=self.storage.unit_of_work,
            passwords=Passwords(QUICK_HASHER),
            clock=self.clock,
            settings=SignInSettings(max_tries=3, max_tries_in_all=8, window_s=600),
        )

    async def fail(self, address: str) -> Rejected:
        with pytest.raises(Rejected) as refused:
            await self.sign_in.enter("wrong guess", Visit(address))
        return refused.value


@pytest.fixture
async def kit() -> Kit:
    kit = Kit()
    await kit.sign_in.set_password(PASSWORD)
    return kit


async def test_without_a_password_nobody_gets_in() -> None:
    kit = Kit()
    assert not await kit.sign_in.has_password()
    for guess in ("", "None", PASSWORD):
        with pytest.raises(Rejected) as refused:
            await kit.sign_in.enter(guess, HERE)
        assert refused.value.rejection is Rejection.PASSWORD_WRONG


async def test_the_right_password_begins_a_session_that_a_restart_keeps(kit: Kit) -> None:
    assert await kit.sign_in.has_password()
    secret = await kit.sign_in.enter(PASSWORD, HERE)
    session = await kit.after_restart().recognise(secret)
    assert session is not None
    assert session.visit == HERE
    assert await kit.sign_in.recognise(secret + "x") is None
    assert await kit.sign_in.recognise("") is None


@pytest.mark.parametrize("password", ["", "short", "123456789", "x" * 257])
async def test_passwords_have_a_length(kit: Kit, password: str) -> None:
    with pytest.raises(Rejected) as refused:
        await kit.sign_in.set_password(password)
    assert refused.value.rejection is Rejection.PASSWORD_LENGTH
    assert await kit.sign_in.enter(PASSWORD, HERE)


async def test_neither_the_password_nor_a_session_is_stored(kit: Kit) -> None:
    secret = await kit.sign_in.enter(PASSWORD, HERE)
    async with kit.storage.unit_of_work() as unit:
        stored = await unit.web_access.password_hash()
        sessions = await unit.web_access.all()
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert secret not in f"{sessions}"


async def test_a_session_ends_after_a_week_without_use_and_after_a_month_in_any_case(kit: Kit) -> None:
    secret = await kit.sign_in.enter(PASSWORD, HERE)
    kit.clock.advance((SESSION_IDLE - timedelta(seconds=1)).total_seconds())
    assert await kit.sign_in.recognise(secret) is not None
    for _ in range(3):
        kit.clock.advance((SESSION_IDLE - timedelta(hours=1)).total_seconds())
        assert await kit.sign_in.recognise(secret) is not None
    kit.clock.advance((SESSION_LIFE - 4 * SESSION_IDLE + timedelta(hours=4)).total_seconds())
    assert await kit.sign_in.recognise(secret) is None

    unused = await kit.sign_in.enter(PASSWORD, HERE)
    assert [session.digest for session in await kit.sign_in.sessions()] != []
    kit.clock.advance(SESSION_IDLE.total_seconds())
    assert await kit.sign_in.recognise(unused) is None
    assert await kit.sign_in.sessions() == []


async def test_sessions_that_are_over_are_removed_at_the_next_sign_in(kit: Kit) -> None:
    await kit.sign_in.enter(PASSWORD, HERE)
    kit.clock.advance(SESSION_IDLE.total_seconds() + 1)
    await kit.sign_in.enter(PASSWORD, HERE)
    async with kit.storage.unit_of_work() as unit:
        assert len(await unit.web_access.all()) == 1


async def test_leaving_ends_a_session_and_a_new_password_ends_all(kit: Kit) -> None:
    first, second, third = [await kit.sign_in.enter(PASSWORD, HERE) for _ in range(3)]
    await kit.sign_in.leave(first)
    assert await kit.sign_in.recognise(first) is None
    assert await kit.sign_in.leave_elsewhere(second) == 1
    assert await kit.sign_in.recognise(third) is None
    assert await kit.sign_in.recognise(second) is not None
    await kit.sign_in.set_password("another horse battery")
    assert await kit.sign_in.recognise(second) is None
    with pytest.raises(Rejected):
        await kit.sign_in.enter(PASSWORD, HERE)


async def test_who_guesses_has_to_wait_even_with_the_right_password(kit: Kit) -> None:
    for _ in range(3):
        assert (await kit.fail("192.0.2.7")).rejection is Rejection.PASSWORD_WRONG
    kit.clock.advance(60)
    with pytest.raises(Rejected) as refused:
        await kit.sign_in.enter(PASSWORD, HERE)
    assert refused.value.rejection is Rejection.SIGN_IN_TOO_OFTEN
    assert refused.value.details == {"minutes": 9}
    assert await kit.sign_in.enter(PASSWORD, Visit("192.0.2.8")), "others are not held up"
    kit.clock.advance(540)
    assert await kit.sign_in.enter(PASSWORD, HERE)


async def test_the_right_password_starts_the_count_over(kit: Kit) -> None:
    for _ in range(4):
        await kit.fail("192.0.2.7")
        await kit.fail("192.0.2.7")
        assert await kit.sign_in.enter(PASSWORD, HERE)
        kit.clock.advance(300)


async def test_guesses_from_everywhere_are_counted_together(kit: Kit) -> None:
    for number in range(8):
        assert (await kit.fail(f"198.51.100.{number}")).rejection is Rejection.PASSWORD_WRONG
    assert (await kit.fail("203.0.113.1")).rejection is Rejection.SIGN_IN_TOO_OFTEN
    kit.clock.advance(600)
    assert (await kit.fail("203.0.113.1")).rejection is Rejection.PASSWORD_WRONG


async def test_one_network_of_version_6_is_one_place(kit: Kit) -> None:
    for number in range(3):
        await kit.fail(f"2001:db8:1:2::{number:x}")
    assert (await kit.fail("2001:db8:1:2:ffff::1")).rejection is Rejection.SIGN_IN_TOO_OFTEN
    assert (await kit.fail("2001:db8:1:3::1")).rejection is Rejection.PASSWORD_WRONG
    for _ in range(2):
        await kit.fail("::ffff:192.0.2.7")
    await kit.fail("192.0.2.7")
    assert (await kit.fail("::ffff:192.0.2.7")).rejection is Rejection.SIGN_IN_TOO_OFTEN


async def test_many_guesses_at_once_get_no_further(kit: Kit) -> None:
    refusals = await asyncio.gather(*(kit.fail("192.0.2.7") for _ in range(20)))
    looked_at = [one for one in refusals if one.rejection is Rejection.PASSWORD_WRONG]
    assert len(looked_at) == 3
