"""Copies of results that platforms keep, on every storage."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.domain.actors import UserId
from bot.domain.histories import Copy, Search
from bot.domain.jobs import Job, JobId, JobState
from bot.ports.storage import UnitOfWorkFactory

OURS, OTHER = "telegram:110201543", "telegram:7"


@pytest.fixture
def put(unit_of_work: UnitOfWorkFactory) -> Any:
    """Note a copy in a unit of work of its own."""

    async def _put(job_id: JobId, index: int, file_id: str, keeper: str = OURS) -> bool:
        async with unit_of_work() as unit:
            is_noted = await unit.copies.put(Copy(keeper, job_id, index, file_id))
            await unit.commit()
        return is_noted

    return _put


@pytest.fixture
def kept(unit_of_work: UnitOfWorkFactory) -> Any:
    """What a keeper has of some jobs."""

    async def _kept(*jobs: Job, keeper: str = OURS) -> list[tuple[JobId, int, str]]:
        async with unit_of_work() as unit:
            found = await unit.copies.of_jobs(keeper, [job.id for job in jobs])
        return [(copy.job_id, copy.index, copy.file_id) for copy in found]

    return _kept


async def test_a_copy_is_found_by_job_and_keeper_and_a_later_one_takes_its_place(
    make_job: Any, add_job: Any, put: Any, kept: Any
) -> None:
    job, other = await add_job(make_job(count=2)), await add_job(make_job())
    assert await put(job.id, 1, "second")
    assert await put(job.id, 0, "first")
    assert await put(job.id, 0, "foreign", keeper=OTHER)
    assert await put(other.id, 0, "another")
    assert await kept(job) == [(job.id, 0, "first"), (job.id, 1, "second")]
    assert await put(job.id, 0, "again")
    assert await kept(job) == [(job.id, 0, "again"), (job.id, 1, "second")]
    assert await kept(job, keeper=OTHER) == [(job.id, 0, "foreign")]
    assert len(await kept(job, other)) == 3
    assert await kept() == []


async def test_all_of_a_person_are_found_whoever_keeps_them(
    unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId, make_job: Any, add_job: Any, put: Any
) -> None:
    mine, theirs = await add_job(make_job(count=2)), await add_job(make_job(owner=stranger))
    await put(mine.id, 1, "second")
    await put(mine.id, 0, "first")
    await put(mine.id, 0, "foreign", keeper=OTHER)
    await put(theirs.id, 0, "theirs")
    async with unit_of_work() as unit:
        found = await unit.copies.owned_by(owner)
    assert [copy.file_id for copy in found] == ["first", "second", "foreign"]


async def test_of_an_unknown_job_nothing_is_noted(put: Any, kept: Any, make_job: Any) -> None:
    job = make_job()
    assert not await put(job.id, 0, "first")
    assert await kept(job) == []


async def test_hiding_a_job_forgets_its_copies_and_no_others(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, put: Any, kept: Any, now: datetime
) -> None:
    job, other = await add_job(make_job(state=JobState.CANCELLED)), await add_job(make_job())
    for one in (job, other):
        await put(one.id, 0, "first")
    async with unit_of_work() as unit:
        assert await unit.history.hide(job.id, now=now)
        await unit.commit()
    assert await kept(job) == []
    assert await kept(other) == [(other.id, 0, "first")]
    assert not await put(job.id, 0, "too late")
    assert await kept(job) == []


async def test_forgetting_a_person_forgets_the_copies_of_their_jobs(
    unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId, make_job: Any, add_job: Any, put: Any, kept: Any
) -> None:
    mine, theirs = await add_job(make_job()), await add_job(make_job(owner=stranger))
    for job in (mine, theirs):
        await put(job.id, 0, "first")
    async with unit_of_work() as unit:
        await unit.erasure.erase(owner)
        await unit.commit()
    assert await kept(mine, theirs) == [(theirs.id, 0, "first")]


async def test_a_search_finds_only_what_the_keeper_has_a_copy_of(
    unit_of_work: UnitOfWorkFactory, owner: UserId, make_job: Any, add_job: Any, put: Any
) -> None:
    jobs = [await add_job(make_job(prompt=f"a fox {number}", count=2)) for number in range(6)]
    for job in jobs[::2]:
        await put(job.id, 0, "first")
        await put(job.id, 1, "second")
    await put(jobs[1].id, 0, "foreign", keeper=OTHER)

    async def found(**wanted: Any) -> tuple[list[JobId], int | None]:
        async with unit_of_work() as unit:
            page = await unit.history.search(Search(owner, copied_by=OURS, **wanted))
        return [job.id for job in page.jobs], page.older

    newest, older = await found(limit=2)
    assert newest == [jobs[4].id, jobs[2].id]
    assert await found(limit=2, before=older) == ([jobs[0].id], None)
    assert await found(words=("fox", "2")) == ([jobs[2].id], None)


async def test_of_many_at_once_one_stays(make_job: Any, add_job: Any, put: Any, kept: Any) -> None:
    job = await add_job(make_job())
    names = [f"file{number}" for number in range(10)]
    assert all(await asyncio.gather(*(put(job.id, 0, name) for name in names)))
    [(_, _, file_id)] = await kept(job)
    assert file_id in names


async def test_what_was_not_committed_is_not_noted(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, kept: Any
) -> None:
    job = await add_job(make_job())
    async with unit_of_work() as unit:
        assert await unit.copies.put(Copy(OURS, job.id, 0, "first"))
    assert await kept(job) == []
