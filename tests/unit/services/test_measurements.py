"""What is measured: each turn of a job once, rings that stay small, samples of what is there."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.engine.fake import FAKE_MEMORY, FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, ResultPicture
from bot.domain.measurements import ConnectionState, Sample
from bot.domain.requests import Draft
from bot.ports.engine import EngineLost
from bot.ports.meter import Meter
from bot.services.connections import Connections
from bot.services.measurements import Measurements
from bot.services.sampler import Sampler
from bot.services.submit import Origin
from tests.support.spine import SpineKit, SteadyClock, running_spine

ADA = Actor(Platform.DISCORD, "80351110224678912")


class Heard(Meter):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.lags_s: list[float] = []

    def job_accepted(self, job: Job) -> None:
        self.told.append("accepted")

    def job_began(self, job: Job, waited_s: float) -> None:
        self.told.append(f"began after {waited_s:.0f}")

    def picture_made(self, job: Job, picture: ResultPicture) -> None:
        self.told.append(f"picture {picture.index}")

    def job_ended(self, job: Job) -> None:
        self.told.append(job.failure.value if job.failure else job.state.value)

    def request_refused(self, platform: Platform, rejection: Rejection) -> None:
        self.told.append(f"{platform.value}: {rejection.value}")

    def loop_lagged(self, lag_s: float) -> None:
        self.lags_s.append(lag_s)


async def ask(kit: SpineKit, key: str, **changes: object) -> Job:
    draft = replace(Draft("a fish", steps=2), **changes)  # type: ignore[arg-type]
    return (await kit.application.submit(Origin(ADA, key), draft)).job


async def ended(kit: SpineKit, job: Job) -> None:
    async for _ in kit.application.board.watch(job.id):
        pass


async def test_each_turn_of_a_job_is_told_once_however_often_it_is_shown() -> None:
    engine, heard = FakeEngine(Play(hold_at_step=1)), Heard()
    async with running_spine(engine) as kit:
        kit.application.measuring.add(heard)
        job = await ask(kit, "a", count=2)
        await engine.held.wait()
        await kit.application.submit(Origin(ADA, "a"), Draft("a fish", steps=2))  # the same event again
        await kit.application.board.refresh()
        engine.release()
        await ended(kit, job)
    assert heard.told == ["accepted", "began after 0", "picture 0", "picture 1", "done"]


async def test_a_job_that_lost_its_engine_waited_only_once() -> None:
    engine, heard = FakeEngine(Play(failure=EngineLost("gone"))), Heard()
    async with running_spine(engine) as kit:
        kit.application.measuring.add(heard)
        await ended(kit, await ask(kit, "a"))
    assert heard.told == ["accepted", "began after 0", "picture 0", "done"]


async def test_the_wait_of_a_paused_queue_counts() -> None:
    heard = Heard()
    async with running_spine(FakeEngine()) as kit:
        kit.application.measuring.add(heard)
        local = Actor(Platform.WEB, "local")
        await kit.application.operations.pause(local)
        job = await ask(kit, "a")
        kit.clock.advance(90)
        await kit.application.operations.resume(local)
        await ended(kit, job)
    assert heard.told[:2] == ["accepted", "began after 90"]


async def test_refusals_are_told_on_every_road() -> None:
    heard = Heard()
    async with running_spine(FakeEngine()) as kit:
        kit.application.measuring.add(heard)
        with pytest.raises(Rejected):
            await ask(kit, "a", prompt=" ")
        job = await ask(kit, "b")
        await ended(kit, job)
        await kit.application.operations.drain(Actor(Platform.WEB, "local"))
        with pytest.raises(Rejected):
            await kit.application.reroll(Origin(ADA, "c"), job.id)
    assert [one for one in heard.told if ":" in one] == ["discord: prompt-empty", "discord: draining"]


def test_rings_forget_the_oldest() -> None:
    clock = SteadyClock()
    measurements = Measurements(clock, samples=3)
    for number in range(5):
        at = clock.now() + timedelta(seconds=number)
        measurements.keep(Sample(at, number, 0, None, None, None, 0.0))
    assert [sample.waiting for sample in measurements.samples] == [2, 3, 4]


async def test_drawn_pictures_are_kept_with_their_speed_and_enlarged_ones_are_not() -> None:
    async with running_spine(FakeEngine()) as kit:
        job = await ask(kit, "a", count=2)
        await ended(kit, job)
        upscaled = (await kit.application.upscale(Origin(ADA, "b"), job.id, 0)).job
        await ended(kit, upscaled)
        assert (await kit.job(upscaled.id)).pictures
        drawn = kit.application.measurements.pictures
    assert [(one.job_id, one.width, one.steps) for one in drawn] == [(job.id, 64, 2)] * 2
    assert drawn[0].steps_per_s == pytest.approx(2 / 0.02)


async def test_a_sample_counts_and_has_the_memory_while_the_engine_tells_it() -> None:
    engine = FakeEngine(Play(hold_at_step=1))
    async with running_spine(engine) as kit:
        for key in "abc":
            await ask(kit, key)
        await engine.held.wait()
        application = kit.application
        sampler = Sampler(
            engine=engine,
            board=application.board,
            measuring=application.measuring,
            measurements=application.measurements,
            clock=kit.clock,
        )
        sample = sampler.sample()
        assert (sample.waiting, sample.running) == (2, 1)
        assert sample.memory_used_bytes == FAKE_MEMORY.used_bytes
        engine.break_down("gone")
        assert sampler.sample().memory_used_bytes is None


async def test_what_holds_up_the_event_loop_is_measured() -> None:
    heard = Heard()
    async with running_spine(FakeEngine()) as kit:
        kit.application.measuring.add(heard)
        async with asyncio.timeout(30):
            while not heard.lags_s:
                await asyncio.sleep(0.01)
            time.sleep(0.6)  # noqa: ASYNC251 -- this is what is measured
            while max(heard.lags_s) < 0.3:
                await asyncio.sleep(0.01)


def test_a_connection_keeps_since_when_it_is_so() -> None:
    clock = SteadyClock()
    connections = Connections(clock)
    connections.note(Platform.TELEGRAM, ConnectionState.CONNECTING)
    connections.note(Platform.DISCORD, ConnectionState.CONNECTED)
    begun = clock.now()
    clock.advance(60)
    connections.note(Platform.DISCORD, ConnectionState.CONNECTED)
    connections.note(Platform.TELEGRAM, ConnectionState.LOST, "NetworkError")
    lost = clock.now()
    clock.advance(60)
    connections.note(Platform.TELEGRAM, ConnectionState.LOST, "TimedOut")
    discord, telegram = connections.all()
    assert (discord.platform, discord.since) == (Platform.DISCORD, begun)
    assert (telegram.state, telegram.since, telegram.reason) == (ConnectionState.LOST, lost, "TimedOut")
