"""Reports about pictures on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.actors import Platform, ReplyAddress, UserId
from bot.domain.jobs import Job, JobState
from bot.domain.reports import Report
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated


@pytest.fixture
async def job(make_job: Any, add_job: Any) -> Job:
    done: Job = await add_job(make_job(count=2, state=JobState.DONE))
    return done


@pytest.fixture
def report(job: Job, stranger: UserId, now: datetime) -> Report:
    place = ReplyAddress(Platform.DISCORD, {"channel_id": "12", "message_id": "345", "album": None})
    return Report(job.id, 0, stranger, "web:stranger", "that is my face", now, place)


async def add(unit_of_work: UnitOfWorkFactory, report: Report) -> bool:
    async with unit_of_work() as unit:
        number = await unit.reports.add(report)
        assert number is None or await unit.reports.get(number) == replace(
            report, id=number, reason=report.reason.replace("\0", "\ufffd")
        )
        await unit.commit()
    return number is not None


async def opened(unit_of_work: UnitOfWorkFactory, limit: int = 50) -> list[Report]:
    async with unit_of_work() as unit:
        return list(await unit.reports.open(limit=limit))


async def test_a_report_is_kept_once_per_person_and_picture(
    unit_of_work: UnitOfWorkFactory, report: Report, owner: UserId
) -> None:
    assert await add(unit_of_work, replace(report, reason="my face, \0 really"))
    assert not await add(unit_of_work, replace(report, reason="again"))
    assert await add(unit_of_work, replace(report, index=1))
    assert await add(unit_of_work, replace(report, reporter=owner, place=None))
    found = await opened(unit_of_work)
    assert [(one.index, one.reporter) for one in found] == [(0, report.reporter), (1, report.reporter), (0, owner)]
    assert found[0] == replace(report, id=found[0].id, reason="my face, \ufffd really")
    assert await opened(unit_of_work, limit=2) == found[:2]
    async with unit_of_work() as unit:
        assert await unit.reports.get(found[1].id) == found[1]
        assert await unit.reports.get(12345) is None
        assert list(await unit.reports.made_by(report.reporter)) == found[:2]


async def test_many_at_once_make_one_report(unit_of_work: UnitOfWorkFactory, report: Report) -> None:
    kept = await asyncio.gather(*(add(unit_of_work, replace(report, reason=str(number))) for number in range(6)))
    assert sum(kept) == 1
    assert len(await opened(unit_of_work)) == 1


async def test_a_closed_report_stays_known_and_is_open_no_more(
    unit_of_work: UnitOfWorkFactory, report: Report, now: datetime
) -> None:
    await add(unit_of_work, report)
    [stored] = await opened(unit_of_work)
    async with unit_of_work() as unit:
        assert await unit.reports.close(stored.id, now=now)
        assert not await unit.reports.close(stored.id, now=now)
        assert await unit.reports.get(stored.id) is None
        await unit.commit()
    assert await opened(unit_of_work) == []
    assert not await add(unit_of_work, report)
    async with unit_of_work() as unit:
        assert len(await unit.reports.made_by(report.reporter)) == 1


async def test_all_reports_about_a_job_are_closed_together(
    unit_of_work: UnitOfWorkFactory, report: Report, owner: UserId, make_job: Any, add_job: Any, now: datetime
) -> None:
    other = await add_job(make_job(state=JobState.DONE))
    for one in (report, replace(report, reporter=owner), replace(report, job_id=other.id)):
        await add(unit_of_work, one)
    async with unit_of_work() as unit:
        closed = await unit.reports.close_all(report.job_id, now=now)
        assert [one.reporter for one in closed] == [report.reporter, owner]
        assert await unit.reports.close_all(report.job_id, now=now) == ()
        await unit.commit()
    assert [one.job_id for one in await opened(unit_of_work)] == [other.id]


async def test_about_what_nobody_can_see_there_are_no_reports(
    unit_of_work: UnitOfWorkFactory, report: Report, now: datetime
) -> None:
    assert not await add(unit_of_work, replace(report, job_id="unknownjob01"))
    await add(unit_of_work, report)
    async with unit_of_work() as unit:
        [stored] = await unit.reports.open(limit=1)
        assert await unit.history.hide(report.job_id, now=now)
        assert await unit.reports.get(stored.id) is None
        await unit.commit()
    assert await opened(unit_of_work) == []
    assert not await add(unit_of_work, replace(report, index=1))


async def test_nobody_unknown_reports(unit_of_work: UnitOfWorkFactory, report: Report) -> None:
    async with unit_of_work() as unit:
        with pytest.raises(ConstraintViolated):
            await unit.reports.add(replace(report, reporter="f" * 32))
        assert await unit.reports.add(report), "the unit of work is unharmed"


async def test_reports_of_a_person_are_counted_from_a_time_on(
    unit_of_work: UnitOfWorkFactory, report: Report, owner: UserId, now: datetime
) -> None:
    await add(unit_of_work, replace(report, at=now - timedelta(hours=25)))
    await add(unit_of_work, replace(report, index=1, at=now - timedelta(hours=24)))
    await add(unit_of_work, replace(report, reporter=owner))
    async with unit_of_work() as unit:
        assert await unit.reports.count(report.reporter, since=now - timedelta(hours=24)) == 1
        assert await unit.reports.count(report.reporter, since=now - timedelta(days=2)) == 2


async def test_reports_go_with_the_person_and_with_the_job(
    unit_of_work: UnitOfWorkFactory, report: Report, owner: UserId, stranger: UserId, make_job: Any, add_job: Any
) -> None:
    theirs = await add_job(make_job(owner=stranger, state=JobState.DONE))
    await add(unit_of_work, report)
    await add(unit_of_work, replace(report, job_id=theirs.id, reporter=owner))
    await add(unit_of_work, replace(report, reporter=owner))
    async with unit_of_work() as unit:
        await unit.erasure.erase(stranger)
        await unit.commit()
    assert [(one.job_id, one.reporter) for one in await opened(unit_of_work)] == [(report.job_id, owner)]


async def test_merging_hands_reports_over_and_keeps_one_a_picture(
    unit_of_work: UnitOfWorkFactory, report: Report, owner: UserId, stranger: UserId, now: datetime
) -> None:
    for one in (report, replace(report, index=1), replace(report, reporter=owner, reason="kept")):
        await add(unit_of_work, one)
    async with unit_of_work() as unit:
        await unit.users.merge(stranger, owner, now=now)
        await unit.commit()
    found = {(one.index, one.reporter, one.reason) for one in await opened(unit_of_work)}
    assert found == {(0, owner, "kept"), (1, owner, report.reason)}
