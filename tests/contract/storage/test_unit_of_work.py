"""What a transaction promises, on every storage."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.domain.actors import Platform, UserId
from bot.domain.jobs import Job, JobState
from bot.ports.storage import UnitOfWorkFactory


async def test_leaving_without_commit_leaves_nothing(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, make_picture: Any, now: datetime
) -> None:
    kept, lost = await add_job(make_job()), make_job(styles=("b" * 64,))

    async with unit_of_work() as unit:
        await unit.jobs.add(lost)
        await unit.outbox.add(job_id=kept.id, platform=Platform.WEB, now=now)
        await unit.jobs.add_picture(kept.id, make_picture())
        await unit.jobs.claim(kept.id, lease_owner="worker", lease_until=now, now=now)

    async with unit_of_work() as unit:
        assert await unit.jobs.unfinished() == (kept,)
        assert await unit.jobs.find_by_event(lost.event_key) is None
        assert await unit.pictures.named(["b" * 64, "d" * 64]) == frozenset()
        assert await unit.jobs.recent_pictures(limit=9) == ()
        assert await unit.outbox.next_due_at() is None


async def test_an_error_inside_rolls_back_and_comes_out(unit_of_work: UnitOfWorkFactory, make_job: Any) -> None:
    async def fail() -> None:
        async with unit_of_work() as unit:
            await unit.jobs.add(make_job())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    async with unit_of_work() as unit:
        assert await unit.jobs.unfinished() == ()


async def test_what_follows_a_commit_is_a_new_transaction(unit_of_work: UnitOfWorkFactory, make_job: Any) -> None:
    first, second, third = make_job(), make_job(), make_job()
    async with unit_of_work() as unit:
        await unit.jobs.add(first)
        await unit.commit()
        await unit.jobs.add(second)
        await unit.commit()
        await unit.commit()
        await unit.jobs.add(third)

    async with unit_of_work() as unit:
        assert [job.id for job in await unit.jobs.unfinished()] == [first.id, second.id]


async def test_a_unit_of_work_sees_its_own_changes_and_nobody_elses(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, now: datetime
) -> None:
    job = await add_job(make_job())
    claimed, seen = asyncio.Event(), []

    async def look() -> None:
        await claimed.wait()
        async with unit_of_work() as unit:
            found = await unit.jobs.get(job.id)
            assert found is not None
            seen.append(found.state)

    looking = asyncio.create_task(look())
    async with unit_of_work() as unit:
        assert await unit.jobs.get(job.id) == job
        await unit.jobs.claim(job.id, lease_owner="worker", lease_until=now, now=now)
        claimed.set()
        inside = await unit.jobs.get(job.id)
        assert inside is not None
        assert inside.state is JobState.RUNNING
    await looking

    assert seen == [JobState.QUEUED]


async def test_many_transactions_at_once_all_get_through(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, owner: UserId, now: datetime
) -> None:
    shared = await add_job(make_job())
    jobs = [make_job() for _ in range(20)]

    async def work(job: Job) -> None:
        async with unit_of_work() as unit:
            await unit.jobs.count_waiting(owner)
            await unit.jobs.add(job)
            await unit.outbox.add(job_id=shared.id, platform=Platform.WEB, now=now)
            await unit.commit()

    await asyncio.gather(*(work(job) for job in jobs))

    async with unit_of_work() as unit:
        assert {job.id for job in await unit.jobs.unfinished()} == {job.id for job in (shared, *jobs)}
        assert [delivery.job_id for delivery in await unit.outbox.due(now=now, limit=99)] == [shared.id]


async def test_a_cancelled_task_leaves_nothing_and_blocks_nobody(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any
) -> None:
    async def work() -> None:
        async with unit_of_work() as unit:
            await unit.jobs.add(make_job())
            await unit.jobs.unfinished()

    for turns in range(0, 240, 4):
        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    job = await add_job(make_job())
    async with unit_of_work() as unit:
        assert await unit.jobs.unfinished() == (job,)
