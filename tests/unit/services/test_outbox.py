"""Finished results are delivered until they are delivered, and never reported twice."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.cards import Phase
from bot.domain.deliveries import Delivery
from bot.domain.jobs import Job, JobId, JobState
from bot.domain.requests import Draft
from bot.ports.platforms import DeliveryDelayed, DeliveryImpossible
from bot.ports.storage import StorageUnavailable, UnitOfWork
from bot.services.outbox import Backoff, OutboxRelay
from bot.services.submit import Origin
from tests.support.spine import SpineKit, running_spine


class Recorder:
    """A platform that keeps what arrived; `faults` are raised first, in order."""

    platform = Platform.DISCORD

    def __init__(self, *faults: Exception) -> None:
        self.faults = deque(faults)
        self.arrived: list[Job] = []
        self.something = asyncio.Event()

    async def deliver(self, job: Job) -> None:
        if self.faults:
            raise self.faults.popleft()
        self.arrived.append(job)
        self.something.set()


def origin(key: str = "e1") -> Origin:
    return Origin(Actor(Platform.DISCORD, "ann"), key, ReplyAddress(Platform.DISCORD, {"channel": 5}))


async def finished_job(kit: SpineKit, phase: Phase = Phase.DONE, *, key: str = "e1") -> JobId:
    submitted = await kit.application.submit(origin(key), Draft(prompt="a fish", steps=2))
    await kit.until(submitted.job.id, phase)
    return submitted.job.id


async def pending(kit: SpineKit) -> list[Delivery]:
    async with kit.open_unit() as unit:
        due = await unit.outbox.next_due_at()
        return list(await unit.outbox.due(now=due, limit=10)) if due else []


async def test_a_result_is_delivered_once() -> None:
    recorder = Recorder()
    async with running_spine(deliverers=[recorder]) as kit:
        job_id = await finished_job(kit)
        await recorder.something.wait()
        relay = OutboxRelay(kit.open_unit, kit.clock)
        relay.serve({Platform.DISCORD: recorder})
        while await pending(kit):
            await asyncio.sleep(0)
        assert await relay.deliver_due() == 0
    assert [(job.id, job.state, len(job.pictures)) for job in recorder.arrived] == [(job_id, JobState.DONE, 1)]


async def test_failures_and_cancellations_are_told_too() -> None:
    recorder = Recorder()
    engine = FakeEngine(Play(fail_at_step=1, failure=ValueError("odd")), is_manual=True)
    async with running_spine(engine, deliverers=[recorder]) as kit:
        cancelled = await kit.application.submit(origin("e1"), Draft(prompt="a fish"))
        failed = await kit.application.submit(origin("e2"), Draft(prompt="a boat"))
        await kit.application.cancel(Actor(Platform.DISCORD, "ann"), cancelled.job.id)
        engine.become_ready()
        await kit.until(failed.job.id, Phase.FAILED)
        while len(recorder.arrived) < 2:
            await asyncio.sleep(0)
    assert {job.state for job in recorder.arrived} == {JobState.CANCELLED, JobState.FAILED}


async def test_jobs_without_an_address_need_no_delivery() -> None:
    async with running_spine() as kit:
        submitted = await kit.application.submit(Origin(Actor(Platform.WEB, "ann"), "e1"), Draft(prompt="x", steps=1))
        await kit.until(submitted.job.id, Phase.DONE)
        assert await pending(kit) == []


async def test_a_delivery_waits_as_long_as_the_platform_says_and_then_arrives() -> None:
    recorder = Recorder(DeliveryDelayed("429", retry_after_s=30))
    async with running_spine() as kit:
        await finished_job(kit)
        relay = OutboxRelay(kit.open_unit, kit.clock)
        relay.serve({Platform.DISCORD: recorder})
        assert await relay.deliver_due() == 0
        assert (await pending(kit))[0].last_error == "429"
        kit.clock.advance(29)
        assert await relay.deliver_due() == 0
        kit.clock.advance(1)
        assert await relay.deliver_due() == 1
    assert len(recorder.arrived) == 1


async def test_a_clock_that_is_set_back_puts_no_delivery_off() -> None:
    recorder = Recorder(DeliveryDelayed("429", retry_after_s=30))
    async with running_spine() as kit:
        await finished_job(kit)
        relay = OutboxRelay(kit.open_unit, kit.clock)
        relay.serve({Platform.DISCORD: recorder})
        kit.clock.advance(-86_400)
        assert await relay.deliver_due() == 0
        assert [delivery.attempts for delivery in await pending(kit)] == [1]
        kit.clock.advance(-86_400)
        assert await relay.deliver_due() == 1
        kit.clock.advance(7 * 86_400)
        assert await relay.deliver_due() == 0
    assert len(recorder.arrived) == 1


async def test_a_platform_can_ask_for_the_longest_wait_at_most() -> None:
    recorder = Recorder(DeliveryDelayed("429", retry_after_s=10_000))
    async with running_spine() as kit:
        await finished_job(kit)
        relay = OutboxRelay(kit.open_unit, kit.clock, Backoff(longest_s=600))
        relay.serve({Platform.DISCORD: recorder})
        assert await relay.deliver_due() == 0
        kit.clock.advance(599)
        assert await relay.deliver_due() == 0
        kit.clock.advance(1)
        assert await relay.deliver_due() == 1
    assert len(recorder.arrived) == 1


async def test_waits_double_and_end() -> None:
    recorder = Recorder(*(ConnectionError("down") for _ in range(10)))
    backoff = Backoff(first_s=2, longest_s=5, max_attempts=4)
    assert [backoff.wait_s(attempts) for attempts in range(4)] == [2, 4, 5, 5]
    async with running_spine() as kit:
        await finished_job(kit)
        relay = OutboxRelay(kit.open_unit, kit.clock, backoff)
        relay.serve({Platform.DISCORD: recorder})
        for wait_s in (0, 2, 4, 5):
            kit.clock.advance(wait_s)
            assert await relay.deliver_due() == 0
        assert await pending(kit) == []
    assert len(recorder.faults) == 6


async def test_an_impossible_delivery_is_not_repeated() -> None:
    recorder = Recorder(DeliveryImpossible("blocked"))
    async with running_spine() as kit:
        await finished_job(kit)
        relay = OutboxRelay(kit.open_unit, kit.clock)
        relay.serve({Platform.DISCORD: recorder})
        assert await relay.deliver_due() == 0
        kit.clock.advance(10_000)
        assert await relay.deliver_due() == 0
    assert recorder.arrived == []


async def test_many_results_for_a_platform_that_is_away_hold_up_no_other() -> None:
    recorder = Recorder()
    recorder.platform = Platform.TELEGRAM
    async with running_spine() as kit:
        for number in range(25):
            await finished_job(kit, key=f"e{number}")
        there = Origin(Actor(Platform.TELEGRAM, "bob"), "t1", ReplyAddress(Platform.TELEGRAM, {"chat": 7}))
        job_id = (await kit.application.submit(there, Draft(prompt="a boat", steps=1))).job.id
        await kit.until(job_id, Phase.DONE)
        kit.spine.deliver_through([recorder])
        await recorder.something.wait()
    assert [job.id for job in recorder.arrived] == [job_id]


async def test_a_delivery_that_is_kept_waiting_holds_up_no_other() -> None:
    class Slow(Recorder):
        """Keeps the first delivery until it is released."""

        def __init__(self) -> None:
            super().__init__()
            self.released = asyncio.Event()
            self.calls: list[JobId] = []

        async def deliver(self, job: Job) -> None:
            self.calls.append(job.id)
            if len(self.calls) == 1:
                await self.released.wait()
            await super().deliver(job)

    slow = Slow()
    async with running_spine(deliverers=[slow]) as kit:
        first = await finished_job(kit, key="e1")
        second = await finished_job(kit, key="e2")
        async with asyncio.timeout(20):
            await slow.something.wait()
        assert [job.id for job in slow.arrived] == [second]
        slow.something.clear()
        slow.released.set()
        async with asyncio.timeout(20):
            await slow.something.wait()
        assert slow.calls == [first, second]
    assert await pending(kit) == []


async def test_a_result_that_arrived_is_not_sent_again_because_the_database_was_away() -> None:
    recorder = Recorder()
    async with running_spine() as kit:
        job_id = await finished_job(kit)
        faults = 0

        def sometimes_away() -> UnitOfWork:
            nonlocal faults
            if recorder.arrived and faults < 2:
                faults += 1
                raise StorageUnavailable("locked")
            return kit.open_unit()

        relay = OutboxRelay(sometimes_away, kit.clock)
        relay.serve({Platform.DISCORD: recorder})
        for _ in range(2):
            with pytest.raises(StorageUnavailable):
                await relay.deliver_due()
        assert await relay.deliver_due() == 1
        assert await pending(kit) == []
    assert [job.id for job in recorder.arrived] == [job_id]


async def test_results_for_a_platform_that_is_away_wait_for_it_also_over_a_restart() -> None:
    async with running_spine() as before:
        job_id = await finished_job(before)
        assert len(await pending(before)) == 1
    recorder = Recorder()
    async with running_spine(storage=before.storage, images=before.images, deliverers=[recorder]):
        await recorder.something.wait()
    assert [job.id for job in recorder.arrived] == [job_id]
