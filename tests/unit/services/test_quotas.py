"""Credits: what is spent, what comes back, who has how much, and who is shut out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, Server
from bot.domain.cards import Phase
from bot.domain.credits import (
    CREDIT,
    MOST_CREDITS,
    MOST_GRANTED,
    BookingKind,
    Tier,
    Tiers,
    cost_of,
    price_of,
    server_account,
    user_account,
)
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobState
from bot.domain.limits import Limits
from bot.domain.people import ServerSettings
from bot.domain.requests import Aspect, Draft
from bot.ports.engine import EngineFailed, EngineLost
from bot.services.submit import Origin, Submitted
from tests.support.spine import SpineKit, running_spine

SERVER = Server(Platform.DISCORD, "777")
ANN = Actor(Platform.DISCORD, "1", name="Ann")
ANN_THERE = replace(ANN, server=SERVER)
TIERS = Tiers(
    (Tier("free", 3 * CREDIT), Tier("gold", 10 * CREDIT, weight=2, max_waiting=5), Tier("boundless", None)),
    default="free",
    page="boundless",
    reset_hour=6,
)


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    """A spine whose engine waits to become ready."""
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine, tiers=TIERS, limits=Limits(max_waiting_jobs=50)) as made:
        yield made


class Asker:
    """Asks with a fresh event each time."""

    def __init__(self, kit: SpineKit) -> None:
        self.kit = kit
        self.events = 0

    async def __call__(self, actor: Actor = ANN, **draft: Any) -> Submitted:
        self.events += 1
        asked = Draft(**{"prompt": "a fish", **draft})
        return await self.kit.application.submit(Origin(actor, f"event {self.events}"), asked)

    async def refused(self, actor: Actor = ANN, **draft: Any) -> Rejected:
        with pytest.raises(Rejected) as raised:
            await self(actor, **draft)
        return raised.value


@pytest.fixture
def ask(kit: SpineKit) -> Asker:
    return Asker(kit)


async def left(kit: SpineKit, actor: Actor = ANN) -> int:
    return (await kit.application.accounts.balance(actor)).account.left


async def check_ledger(kit: SpineKit) -> None:
    """Every account is the sum of its bookings, pot by pot."""
    async with kit.open_unit() as unit:
        owners = [await unit.users.find(one) for one in (ANN, BOB)]
        for account_id in [*(user_account(one) for one in owners if one), server_account(SERVER)]:
            account = await unit.accounts.find(account_id)
            bookings = await unit.accounts.bookings(account_id, limit=1000)
            daily, bonus = sum(one.daily for one in bookings), sum(one.bonus for one in bookings)
            assert (daily, bonus) == ((account.daily, account.bonus) if account else (0, 0))
            assert daily >= 0
            assert bonus >= 0


BOB = Actor(Platform.DISCORD, "2", name="Bob")


def test_a_credit_is_a_megapixel_at_25_steps_and_every_aspect_costs_one() -> None:
    assert price_of(1024, 1024, 25) == CREDIT
    assert {price_of(*aspect.size_px, 25) for aspect in Aspect} == {CREDIT}
    assert price_of(1024, 1024, 50) == 2 * CREDIT
    assert price_of(512, 512, 25) == CREDIT // 4
    assert price_of(512, 512, 1) == 1
    assert price_of(1536, 1536, 50) == 450


async def test_a_request_is_charged_once_and_the_card_says_what_it_costs(kit: SpineKit, ask: Asker) -> None:
    job = (await ask(count=2)).job
    assert job.cost == 2 * CREDIT == cost_of(job.request)
    again = await kit.application.submit(Origin(ANN, "event 1"), Draft(prompt="a fish", count=2))
    assert not again.is_new
    assert await left(kit) == CREDIT
    await check_ledger(kit)


async def test_too_little_refuses_with_the_reset_time_and_stores_nothing(kit: SpineKit, ask: Asker) -> None:
    await ask(count=2)
    refusal = await ask.refused(count=2)
    assert refusal.rejection is Rejection.CREDITS_USED_UP
    assert refusal.details["cost"] == 2.0
    assert refusal.details["left"] == 1.0
    assert (refusal.details["hours"], refusal.details["minutes"]) == (6, 0)  # the clock stands at midnight
    assert refusal.details["resets_at"] == "2026-01-01T06:00:00+00:00"
    assert (await ask.refused(count=4)).rejection is Rejection.TOO_EXPENSIVE
    async with kit.open_unit() as unit:
        assert len(await unit.jobs.unfinished()) == 1
    await check_ledger(kit)


async def test_the_day_fills_up_once_and_a_clock_set_back_gives_nothing(kit: SpineKit, ask: Asker) -> None:
    await ask(count=3)
    assert await left(kit) == 0
    kit.clock.advance(6 * 3600)
    assert await left(kit) == 3 * CREDIT
    await ask(count=3)
    kit.clock.advance(-24 * 3600)
    assert (await ask.refused()).rejection is Rejection.CREDITS_USED_UP
    kit.clock.advance(24 * 3600)
    assert (await ask.refused()).rejection is Rejection.CREDITS_USED_UP
    kit.clock.advance(24 * 3600)
    await ask()
    await check_ledger(kit)


async def test_bonus_credits_outlive_the_day_and_are_spent_last(kit: SpineKit, ask: Asker) -> None:
    await kit.application.accounts.grant(ANN, 2 * CREDIT, by="command line")
    assert await left(kit) == 5 * CREDIT
    await ask(count=4)
    account = (await kit.application.accounts.balance(ANN)).account
    assert (account.daily, account.bonus) == (0, CREDIT)
    kit.clock.advance(24 * 3600)
    assert await left(kit) == 4 * CREDIT
    with pytest.raises(Rejected):
        await kit.application.accounts.grant(ANN, -2 * CREDIT, by="command line")
    await kit.application.accounts.grant(ANN, -CREDIT, by="command line")
    await check_ledger(kit)
    view = await kit.application.accounts.view(ANN)
    assert [(one.kind, one.by) for one in view.bookings if one.kind is BookingKind.GRANT] == [
        (BookingKind.GRANT, "command line")
    ] * 2


async def test_a_failure_gives_back_what_was_not_made(kit: SpineKit, ask: Asker) -> None:
    assert isinstance(kit.engine, FakeEngine)
    kit.engine.script(Play(), Play(fail_at_step=1, failure=EngineFailed("trace")))
    job = (await ask(count=3)).job
    kit.engine.become_ready()
    cards = await kit.until(job.id, Phase.FAILED)
    assert len(cards[-1].job.pictures) == 1
    assert cards[-1].job.refunded == 2 * CREDIT
    assert (await kit.job(job.id)).refunded == 2 * CREDIT
    assert await left(kit) == 2 * CREDIT
    await check_ledger(kit)


async def test_a_lost_engine_is_paid_once_however_often_it_is_tried(kit: SpineKit, ask: Asker) -> None:
    assert isinstance(kit.engine, FakeEngine)
    kit.engine.script(*[Play(fail_at_step=1, failure=EngineLost("died"))] * 2)
    job = (await ask()).job
    async with asyncio.timeout(10):
        while not (await kit.job(job.id)).state.is_final:
            kit.engine.become_ready()
            await asyncio.sleep(0)
    assert (await kit.job(job.id)).attempt == 2
    assert await left(kit) == 3 * CREDIT
    await check_ledger(kit)


async def test_cancelling_before_the_first_step_refunds_all(kit: SpineKit, ask: Asker) -> None:
    job = (await ask(count=3)).job
    await kit.application.cancel(ANN, job.id)
    assert (await kit.job(job.id)).refunded == 3 * CREDIT
    assert await left(kit) == 3 * CREDIT
    await check_ledger(kit)


async def test_cancelling_later_refunds_what_was_not_begun(kit: SpineKit, ask: Asker) -> None:
    assert isinstance(kit.engine, FakeEngine)
    kit.engine.script(Play(hold_at_step=1))
    job = (await ask(count=3)).job
    kit.engine.become_ready()
    await kit.engine.held.wait()
    await kit.application.cancel(ANN, job.id)
    cards = await kit.until(job.id, Phase.CANCELLED)
    assert cards[-1].job.refunded == 2 * CREDIT
    await check_ledger(kit)


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [
        (MOST_GRANTED + 1, -1_000_000, 1_000_000),
        (-MOST_GRANTED - 1, -1_000_000, 1_000_000),
        (10**30, -1_000_000, 1_000_000),
        (-3 * CREDIT, -2, 1_000_000),
    ],
)
async def test_absurd_grants_are_refused_and_change_nothing(
    kit: SpineKit, amount: int, low: float, high: float
) -> None:
    await kit.application.accounts.grant(ANN, 2 * CREDIT, by="command line")
    with pytest.raises(Rejected) as raised:
        await kit.application.accounts.grant(ANN, amount, by="command line")
    assert raised.value.rejection is Rejection.CREDITS_OUT_OF_RANGE
    assert (raised.value.details["low"], raised.value.details["high"]) == (low, high)
    assert (await kit.application.accounts.balance(ANN)).account.bonus == 2 * CREDIT
    await check_ledger(kit)


async def test_a_full_pot_says_how_much_fits(kit: SpineKit) -> None:
    for _ in range(MOST_CREDITS // MOST_GRANTED):
        await kit.application.accounts.grant(ANN, MOST_GRANTED, by="command line")
    with pytest.raises(Rejected) as raised:
        await kit.application.accounts.grant(ANN, MOST_GRANTED, by="command line")
    room = MOST_CREDITS % MOST_GRANTED
    assert raised.value.details["high"] == room / CREDIT
    await kit.application.accounts.grant(ANN, room, by="command line")
    await check_ledger(kit)


async def test_tiers_come_by_grant_by_role_and_at_the_page(kit: SpineKit, ask: Asker) -> None:
    accounts = kit.application.accounts
    now = kit.clock.now()
    await ask()
    assert (await accounts.balance(ANN)).tier.name == "free"
    await accounts.set_tier(ANN, "gold", by="command line", until=now.replace(hour=12))
    assert await left(kit) == 9 * CREDIT, "a larger tier adds the difference on the same day"
    job = (await ask()).job
    assert job.weight == 2
    kit.clock.advance(13 * 3600)
    assert (await accounts.balance(ANN)).tier.name == "free"
    with pytest.raises(Rejected, match="tier-unknown"):
        await accounts.set_tier(ANN, "platinum", by="command line")

    async with kit.open_unit() as unit:
        await unit.settings.set_server(SERVER, ServerSettings(role_tiers={"55": "gold", "56": "gone"}))
        await unit.commit()
    there = replace(BOB, server=SERVER, roles=("56", "55"))
    assert (await accounts.balance(there)).tier.name == "gold"
    assert (await accounts.balance(BOB)).tier.name == "free"

    local = Actor(Platform.WEB, "local")
    assert (await ask(local, count=4)).job.cost == 0
    await check_ledger(kit)


async def test_a_servers_pool_is_spent_before_ones_own(kit: SpineKit, ask: Asker) -> None:
    async with kit.open_unit() as unit:
        await unit.settings.set_server(SERVER, ServerSettings(pool=3 * CREDIT))
        await unit.commit()
    job = (await ask(ANN_THERE, count=2)).job
    balance = await kit.application.accounts.balance(ANN_THERE)
    assert (balance.pool, balance.account.left) == (CREDIT, 3 * CREDIT)
    await ask(replace(BOB, server=SERVER), count=2)  # more than the pool has left: from Bob's own
    assert await left(kit, BOB) == CREDIT
    await kit.application.cancel(ANN, job.id)
    assert (await kit.application.accounts.balance(ANN_THERE)).pool == 3 * CREDIT
    await check_ledger(kit)


async def test_a_server_lowers_the_limits_for_its_members(kit: SpineKit, ask: Asker) -> None:
    async with kit.open_unit() as unit:
        await unit.settings.set_server(SERVER, ServerSettings(max_waiting=1, max_count=2))
        await unit.commit()
    assert (await ask.refused(ANN_THERE, count=3)).details == {"low": 1, "high": 2}
    await ask(ANN_THERE)
    refusal = await ask.refused(ANN_THERE)
    assert (refusal.rejection, refusal.details) == (Rejection.TOO_MANY_WAITING, {"limit": 1})
    await ask(ANN)
    await check_ledger(kit)


async def test_blocked_people_are_refused_everywhere_or_in_one_server(kit: SpineKit, ask: Asker) -> None:
    await kit.application.accounts.block(BOB, reason="spam", by="command line")
    assert (await ask.refused(BOB)).rejection is Rejection.BLOCKED
    await kit.application.accounts.unblock(BOB, by="command line")
    await ask(BOB)
    async with kit.open_unit() as unit:
        bob = await unit.users.find(BOB)
        assert bob is not None
        await unit.settings.set_server(SERVER, ServerSettings(blocked=(bob,)))
        await unit.commit()
    assert (await ask.refused(replace(BOB, server=SERVER))).rejection is Rejection.BLOCKED
    await ask(BOB)
    with pytest.raises(Rejected, match="person-unknown"):
        await kit.application.accounts.unblock(Actor(Platform.TELEGRAM, "9"), by="command line")


async def test_a_moderator_cancels_what_was_asked_in_their_server(kit: SpineKit, ask: Asker) -> None:
    job = (await ask(ANN_THERE)).job
    elsewhere = Server(Platform.DISCORD, "778")
    for other in (BOB, replace(BOB, server=SERVER), replace(BOB, server=elsewhere, is_moderator=True)):
        with pytest.raises(Rejected, match="job-not-yours"):
            await kit.application.cancel(other, job.id)
    await kit.application.cancel(replace(BOB, server=SERVER, is_moderator=True), job.id)
    assert (await kit.job(job.id)).state is JobState.CANCELLED
    assert await left(kit) == 3 * CREDIT
