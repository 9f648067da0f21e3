"""Which picture files go, and when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.jobs import Job
from bot.domain.requests import Draft
from bot.services.keeping import PictureKeeper
from bot.services.retention import Collected, Retention, RetentionSettings
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from storage.memory import MemoryImageStore
from tests.support.pictures import png
from tests.support.spine import SpineKit, SteadyClock, make_spine, running_spine

ANN = Actor(Platform.DISCORD, "1")
DAY_S = 86_400.0


@asynccontextmanager
async def bot(engine: FakeEngine | None = None) -> AsyncIterator[tuple[SpineKit, MemoryImageStore]]:
    """A bot whose store goes by the same clock."""
    clock = SteadyClock()
    store = MemoryImageStore(now=clock.now)
    async with running_spine(engine or FakeEngine(), clock=clock, images=store) as kit:
        yield kit, store


def retention(kit: SpineKit, **settings: int | float) -> Retention:
    """One that shares the bot's lock."""
    keeper: PictureKeeper = kit.spine._parts.keeper
    return Retention(
        settings=RetentionSettings(**settings),  # type: ignore[arg-type]
        images=kit.images,
        open_unit=kit.open_unit,
        keeper=keeper,
        clock=kit.clock,
    )


async def done(kit: SpineKit, event: str, draft: Draft) -> Job:
    job = (await kit.application.submit(Origin(ANN, event), draft)).job
    await kit.until(job.id, Phase.DONE)
    return await kit.job(job.id)


async def test_results_go_by_age_and_their_recipes_stay() -> None:
    async with bot() as (kit, store):
        old = await done(kit, "a", Draft("old", subject=png(64, 64), count=2))
        kit.clock.advance(20 * DAY_S)
        fresh = await done(kit, "b", Draft("fresh"))
        await kit.application.history.favourite(ANN, old.id, 1, is_on=True)
        kit.clock.advance(15 * DAY_S)
        collected = await retention(kit, result_days=30).collect(kit.clock.now())
        assert (collected.results, collected.references, collected.files) == (1, 0, 1)
        assert [one.is_kept for one in (await kit.job(old.id)).pictures] == [False, True]
        assert [one.is_kept for one in (await kit.job(fresh.id)).pictures] == [True]
        assert old.request.subject is not None
        assert await store.exists(old.request.subject)
        again = (await kit.application.repeat(Origin(ANN, "c"), f"{old.id}-1")).job
        await kit.until(again.id, Phase.DONE)


async def test_references_go_by_age_unless_something_else_names_them() -> None:
    async with bot() as (kit, store):
        old = await done(kit, "a", Draft("old", subject=png(64, 64), styles=(png(32, 32), png(16, 16))))
        card = await kit.application.styles.save(ANN, "kept", (png(32, 32),))
        tray = await kit.application.tray.put(ANN, png(16, 16), TrayPlace.STYLE)
        kit.clock.advance(40 * DAY_S)
        collected = await retention(kit, reference_days=30).collect(kit.clock.now())
        assert collected.references == 3
        assert collected.files == 1
        assert old.request.subject is not None
        assert not await store.exists(old.request.subject)
        assert await store.exists(card.pictures[0])
        assert await store.exists(tray.styles[0])


async def test_a_waiting_job_keeps_its_references_whatever_their_age() -> None:
    async with bot(FakeEngine(is_manual=True)) as (kit, store):
        job = (await kit.application.submit(Origin(ANN, "a"), Draft("x", subject=png(64, 64)))).job
        kit.clock.advance(400 * DAY_S)
        collected = await retention(kit, result_days=1, reference_days=1, disk_budget_bytes=1).collect(kit.clock.now())
        assert (collected.references, collected.files) == (0, 0)
        assert job.request.subject is not None
        assert await store.exists(job.request.subject)


async def test_over_the_budget_the_oldest_results_go_first() -> None:
    async with bot() as (kit, store):
        jobs = []
        for number in range(6):
            jobs.append(await done(kit, f"{number}", Draft(f"fish {number}")))
            kit.clock.advance(60)
        await kit.application.history.favourite(ANN, jobs[0].id, 0, is_on=True)
        size = sum([len(await store.get(job.pictures[0].picture)) for job in jobs])
        collected = await retention(kit, disk_budget_bytes=size // 2).collect(kit.clock.now())
        kept = [(await kit.job(job.id)).pictures[0].is_kept for job in jobs]
        assert collected.stored_bytes <= size // 2
        assert kept[0], "a favourite stays"
        gone = kept.index(True, 1)
        assert kept[1:gone] == [False] * (gone - 1)
        assert all(kept[gone:])
        assert gone > 1


async def test_what_nothing_names_is_swept_after_a_grace() -> None:
    async with bot() as (kit, store):
        left_over = await store.put(b"left by a crash")
        kit.clock.advance(3000)
        fresh = await store.put(b"just stored")
        assert (await retention(kit).collect(kit.clock.now())).files == 0
        kit.clock.advance(1000)
        assert (await retention(kit).collect(kit.clock.now())).files == 1
        assert not await store.exists(left_over)
        kit.clock.advance(-DAY_S)  # the clock was set back: the file is from the future
        assert (await retention(kit).collect(kit.clock.now())).files == 0
        assert await store.exists(fresh)


async def test_a_request_that_stores_the_same_picture_meanwhile_keeps_it() -> None:
    async with bot() as (kit, _):
        job = await done(kit, "a", Draft("x", subject=png(64, 64)))
        kit.clock.advance(40 * DAY_S)
        submitted, _ = await asyncio.gather(
            kit.application.submit(Origin(ANN, "b"), Draft("y", subject=png(64, 64))),
            retention(kit, result_days=30, reference_days=30).collect(kit.clock.now()),
        )
        assert submitted.job.request.subject == job.request.subject
        await kit.until(submitted.job.id, Phase.DONE)


class Broken(Retention):
    """Fails at first."""

    rounds = 0

    async def collect(self, now: object) -> Collected:
        """Fail once."""
        self.rounds += 1
        if self.rounds == 1:
            raise RuntimeError("no disk")
        return Collected()


async def test_a_round_that_fails_is_not_the_last() -> None:
    kit = make_spine(FakeEngine(Play()))
    broken = Broken(
        settings=RetentionSettings(pause_s=0.0),
        images=kit.images,
        open_unit=kit.open_unit,
        keeper=kit.spine._parts.keeper,
        clock=kit.clock,
    )
    task = asyncio.create_task(broken.run())
    async with asyncio.timeout(10):
        while broken.rounds < 3:
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
