"""What those who run the bot can do from a chat, and that nobody else can."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.application import Application
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Card, Phase
from bot.domain.credits import CREDIT, Tiers
from bot.domain.engines import EngineState
from bot.domain.errors import Rejected
from bot.domain.jobs import JobState
from bot.domain.operations import RunMode, Stats
from bot.domain.requests import Draft
from bot.ports.engine import EngineFailed
from bot.services.submit import Origin, Submitted
from tests.support.spine import SpineKit, make_spine, running_spine

ADA = Actor(Platform.DISCORD, "80351110224678912")
BOB = Actor(Platform.TELEGRAM, "42")
PAGE = Actor(Platform.WEB, "local")
OPERATORS = (ADA.key,)


async def ask(kit: SpineKit, key: str, actor: Actor = BOB, **changes: object) -> Submitted:
    draft = replace(Draft("a fish", steps=2), **changes)  # type: ignore[arg-type]
    return await kit.application.submit(Origin(actor, key), draft)


async def test_operators_are_those_named_and_the_page() -> None:
    operations = make_spine(operators=OPERATORS).application.operations
    assert [operations.is_operator(one) for one in (ADA, PAGE, BOB)] == [True, True, False]
    assert not operations.is_operator(replace(ADA, platform=Platform.TELEGRAM))


FORBIDDEN: dict[str, Callable[[Application, Actor], Awaitable[object]]] = {
    "pause": lambda app, who: app.operations.pause(who),
    "drain": lambda app, who: app.operations.drain(who),
    "resume": lambda app, who: app.operations.resume(who),
    "stats": lambda app, who: app.operations.stats(who),
    "restart_engine": lambda app, who: app.operations.restart_engine(who),
    "grant": lambda app, who: app.operations.grant(who, who, CREDIT),
    "set_tier": lambda app, who: app.operations.set_tier(who, who, "unlimited"),
    "block": lambda app, who: app.operations.block(who, ADA, "no"),
    "unblock": lambda app, who: app.operations.unblock(who, who),
}


@pytest.mark.parametrize("name", FORBIDDEN)
async def test_nobody_else_does_any_of_it(name: str) -> None:
    kit = make_spine(operators=OPERATORS)
    with pytest.raises(Rejected, match="operators-only"):
        await FORBIDDEN[name](kit.application, replace(BOB, is_moderator=True))
    assert kit.application.operations.mode is RunMode.RUNNING
    async with kit.open_unit() as unit:
        assert [await unit.users.find(one) for one in (ADA, BOB)] == [None, None]


async def card_when(kit: SpineKit, job_id: str, wanted: Callable[[Card], bool]) -> Card:
    async for card in kit.application.board.watch(job_id):
        if wanted(card):
            return card
    raise AssertionError("the card ended first")


async def test_a_pause_finishes_the_running_job_and_keeps_the_others_waiting() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine, operators=OPERATORS) as kit:
        operations = kit.application.operations
        running, waiting = await ask(kit, "a"), await ask(kit, "b")
        await card_when(kit, running.job.id, lambda card: card.phase is Phase.RUNNING)
        watched = asyncio.create_task(card_when(kit, waiting.job.id, lambda card: card.is_paused))
        await asyncio.sleep(0)
        await operations.pause(ADA)
        paused = await watched
        assert (operations.mode, paused.phase, paused.seconds_left) == (RunMode.PAUSED, Phase.QUEUED, None)
        engine.release()
        await kit.until(running.job.id, Phase.DONE)
        later = await ask(kit, "c")
        assert (await kit.job(waiting.job.id)).state is JobState.QUEUED
        assert (await kit.job(later.job.id)).state is JobState.QUEUED
        assert not engine.is_working
        await operations.resume(PAGE)
        await kit.until(later.job.id, Phase.DONE)
        assert (await kit.job(waiting.job.id)).state is JobState.DONE


async def test_draining_refuses_what_is_new_and_works_off_what_waits() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine, operators=OPERATORS, tiers=Tiers()) as kit:
        operations = kit.application.operations
        waiting = await ask(kit, "a")
        await operations.drain(ADA)
        balance = await kit.application.accounts.balance(BOB)
        for refused in (ask(kit, "b"), kit.application.reroll(Origin(BOB, "c"), waiting.job.id)):
            with pytest.raises(Rejected, match="draining"):
                await refused
        assert not (await ask(kit, "a")).is_new
        assert await kit.application.accounts.balance(BOB) == balance
        engine.become_ready()
        await kit.until(waiting.job.id, Phase.DONE)
        await operations.resume(ADA)
        await kit.until((await ask(kit, "d")).job.id, Phase.DONE)


async def test_a_drain_ends_a_pause_and_a_restart_runs_again() -> None:
    engine = FakeEngine()
    async with running_spine(engine, operators=OPERATORS) as kit:
        await kit.application.operations.pause(ADA)
        first = await ask(kit, "a")
        await kit.application.operations.drain(ADA)
        await kit.until(first.job.id, Phase.DONE)
        await kit.application.operations.pause(ADA)
        second = await ask(kit, "b")
    async with running_spine(storage=kit.storage, images=kit.images, operators=OPERATORS) as again:
        assert again.application.operations.mode is RunMode.RUNNING
        await again.until(second.job.id, Phase.DONE)


async def test_a_restarted_engine_draws_the_running_job_again_as_if_nothing_had_been() -> None:
    engine = FakeEngine(Play(hold_at_step=1), Play(hold_at_step=1), is_manual=True)
    async with running_spine(engine, operators=OPERATORS, tiers=Tiers(), max_attempts=1) as kit:
        first, second = await ask(kit, "a"), await ask(kit, "b")
        for _ in range(2):  # the job never counts as tried, so any number of restarts leaves it alive
            engine.become_ready()
            await card_when(kit, first.job.id, lambda card: card.progress is not None)
            await kit.application.operations.restart_engine(ADA)
            given_back = await card_when(kit, first.job.id, lambda card: card.phase is Phase.WARMING_UP)
            assert (given_back.job.attempt, given_back.queue_place) == (0, 1)
        engine.become_ready()
        await kit.until(second.job.id, Phase.DONE)
        done = await kit.job(first.job.id)
        assert (done.state, done.attempt, done.refunded, len(done.pictures)) == (JobState.DONE, 1, 0, 1)
        assert [task.job_id for task in engine.tasks] == [first.job.id] * 3 + [second.job.id]
        assert engine.starts == 3


async def test_a_job_that_is_being_cancelled_does_not_come_back_with_a_restart() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine, operators=OPERATORS) as kit:
        asked = await ask(kit, "a")
        await engine.held.wait()
        await kit.application.cancel(BOB, asked.job.id)
        await kit.application.operations.restart_engine(ADA)
        await kit.until(asked.job.id, Phase.CANCELLED)
        assert len(engine.tasks) == 1


async def test_stats_tell_what_waits_and_what_the_last_day_brought() -> None:
    engine = FakeEngine(is_manual=True)
    async with running_spine(engine, operators=OPERATORS) as kit:
        stats = kit.application.operations.stats
        assert await stats(ADA) == Stats(RunMode.RUNNING, 0, 0, 0, EngineState.STARTING, "", 0, 0, None)
        jobs = [await ask(kit, "a", count=3), await ask(kit, "b"), await ask(kit, "c", ADA)]
        shown = await stats(ADA)
        assert (shown.waiting, shown.people, shown.running) == (3, 2, 0)
        engine.script(Play(), Play(), Play(), Play(failure=EngineFailed("no")))
        engine.become_ready()
        for one in jobs:
            async for _ in kit.application.board.watch(one.job.id):
                pass
        await kit.application.operations.pause(ADA)
        shown = await stats(PAGE)
        assert (shown.mode, shown.waiting, shown.running) == (RunMode.PAUSED, 0, 0)
        assert (shown.engine, shown.pictures, shown.failures) == (EngineState.READY, 4, 1)
        assert shown.engine_label == "fake, cpu"
        assert shown.median_s is not None
        kit.clock.advance(24 * 3600 + 1)
        shown = await stats(ADA)
        assert (shown.pictures, shown.failures, shown.median_s) == (0, 0, None)


async def test_operators_give_credits_and_tiers_and_shut_people_out() -> None:
    kit = make_spine(operators=OPERATORS, tiers=Tiers())
    operations = kit.application.operations
    assert (await operations.grant(ADA, BOB, 3 * CREDIT)).account.bonus == 3 * CREDIT
    assert (await operations.set_tier(ADA, BOB, "supporter")).tier.name == "supporter"
    assert (await operations.set_tier(ADA, BOB, None)).tier.name == "free"
    assert (await kit.application.accounts.view(BOB)).bookings[0].by == ADA.key
    await operations.block(ADA, BOB, "spam")
    with pytest.raises(Rejected, match="blocked"):
        await ask(kit, "a")
    await operations.unblock(ADA, BOB)
    assert (await ask(kit, "a")).is_new
    for wrong, words in (
        (operations.grant(ADA, BOB, -4 * CREDIT), "credits-out-of-range"),
        (operations.set_tier(ADA, BOB, "platinum"), "tier-unknown"),
        (operations.unblock(ADA, Actor(Platform.DISCORD, "5")), "person-unknown"),
    ):
        with pytest.raises(Rejected, match=words):
            await wrong
