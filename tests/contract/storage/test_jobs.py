"""Keeping and finding jobs, on every storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.domain.actors import Actor, Platform, ReplyAddress, Server, UserId
from bot.domain.jobs import FailureKind, JobState, Lineage, LineageKind
from bot.domain.limits import SEED_MAX
from bot.domain.operations import Tally
from bot.domain.requests import Variation
from bot.ports.storage import DuplicateEvent, UnitOfWorkFactory
from storage.errors import ConstraintViolated

SUBJECT, STYLE, OTHER_STYLE = ("a" * 64, "b" * 64, "c" * 64)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"prompt": "", "subject": SUBJECT, "styles": (STYLE, OTHER_STYLE)},
        {"styles": (OTHER_STYLE, STYLE)},
        {"subject": STYLE, "styles": (STYLE, STYLE)},
        {"seed": SEED_MAX, "variation": Variation(SEED_MAX, 0.35), "count": 4},
        {"seed": 0, "variation": Variation(0, 0.0)},
        {"upscale_of": SUBJECT},
        {"keep_size": True, "subject": SUBJECT, "subject_size": 0, "guidance": 3.3, "private": True, "spoiler": True},
        {"prompt": 'Ein Bär 🐻 im "Wald"; DROP TABLE jobs; -- \'\n'},
        {"reply_to": None, "locale": "de-AT"},
        {"reply_to": ReplyAddress(Platform.WEB)},
        {"reply_to": ReplyAddress(Platform.TELEGRAM, {"chat": -1001234567890123, "topic": None, "token": "ä"})},
        {"lineage": Lineage(LineageKind.VARIATION, "nosuchparent", 3)},
        {"server": Server(Platform.DISCORD, "613425648685547541"), "cost": 400, "refunded": 100, "weight": 2},
        {"state": JobState.DONE, "hidden_at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"state": JobState.FAILED, "failure": FailureKind.OUT_OF_MEMORY, "attempt": 2, "cancel_requested": True},
    ],
)
async def test_a_job_comes_back_as_it_was_stored(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, changes: dict[str, Any]
) -> None:
    job = await add_job(make_job(**changes))

    async with unit_of_work() as unit:
        assert await unit.jobs.get(job.id) == job
        assert await unit.jobs.find_by_event(job.event_key) == job


async def test_a_job_with_times_and_pictures_comes_back_in_utc_and_in_order(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, make_picture: Any, now: datetime
) -> None:
    berlin = now.astimezone(timezone(timedelta(hours=2))) + timedelta(microseconds=1)
    second, first = make_picture(index=1, variation_seed=SEED_MAX, seed=SEED_MAX), make_picture(index=0, is_toy=True)
    job = await add_job(
        make_job(
            state=JobState.DONE, created_at=berlin, started_at=berlin, finished_at=berlin, pictures=(second, first)
        )
    )

    async with unit_of_work() as unit:
        kept = await unit.jobs.get(job.id)

    assert kept is not None
    assert kept == replace(job, pictures=(first, second))
    for at in (kept.created_at, kept.started_at, kept.finished_at):
        assert at is not None
        assert at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("job_id", ["a\0b", "\ud800", "\udfff\0"])
async def test_ids_that_no_database_takes_are_unknown(unit_of_work: UnitOfWorkFactory, job_id: str) -> None:
    async with unit_of_work() as unit:
        assert await unit.jobs.get(job_id) is None
        assert await unit.styles.get(job_id) is None


async def test_unknown_jobs_are_none(unit_of_work: UnitOfWorkFactory) -> None:
    async with unit_of_work() as unit:
        assert await unit.jobs.get("nosuchjob") is None
        assert await unit.jobs.find_by_event("nosuchevent") is None


async def test_an_event_makes_one_job_and_the_transaction_goes_on(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any
) -> None:
    first = await add_job(make_job(event_key="telegram:1"))
    repeated, other = make_job(event_key="telegram:1", styles=(STYLE,)), make_job(event_key="telegram:2")

    async with unit_of_work() as unit:
        await unit.jobs.add(other)
        with pytest.raises(DuplicateEvent):
            await unit.jobs.add(repeated)
        await unit.commit()

    async with unit_of_work() as unit:
        assert await unit.jobs.find_by_event("telegram:1") == first
        assert await unit.jobs.get(repeated.id) is None
        assert await unit.pictures.named([STYLE]) == frozenset()
        assert await unit.jobs.get(other.id) == replace(other, number=first.number + 1)


async def test_rows_that_contradict_others_are_refused(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, make_picture: Any
) -> None:
    job = await add_job(make_job())
    wrong = [
        make_job(id=job.id),
        make_job(owner="nobody"),
        make_job(state=JobState.FAILED),
        make_job(failure=FailureKind.INTERNAL),
        make_job(pictures=(make_picture(), make_picture())),
    ]

    async with unit_of_work() as unit:
        for contradiction in wrong:
            with pytest.raises(ConstraintViolated):
                await unit.jobs.add(contradiction)
        with pytest.raises(ConstraintViolated):
            await unit.jobs.add_picture("nosuchjob", make_picture())
        assert [other.id for other in await unit.jobs.unfinished()] == [job.id]


async def test_unfinished_jobs_are_the_queued_and_running_in_their_order_whatever_the_clock_said(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, now: datetime
) -> None:
    late = await add_job(make_job(created_at=now + timedelta(microseconds=1)))
    twins = [await add_job(make_job(created_at=now)) for _ in range(5)]
    running = await add_job(make_job(created_at=now - timedelta(days=400), state=JobState.RUNNING, lease_owner="w"))
    for final in (JobState.DONE, JobState.CANCELLED):
        await add_job(make_job(state=final))
    await add_job(make_job(state=JobState.FAILED, failure=FailureKind.INTERNAL))

    async with unit_of_work() as unit:
        assert [job.id for job in await unit.jobs.unfinished()] == [job.id for job in (late, *twins, running)]


async def test_only_the_owners_queued_jobs_count_as_waiting(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, owner: UserId, now: datetime
) -> None:
    async with unit_of_work() as unit:
        stranger = await unit.users.resolve(Actor(Platform.WEB, "local"), now=now)
        await unit.commit()
    for job in (
        make_job(),
        make_job(),
        make_job(owner=stranger),
        make_job(state=JobState.RUNNING, lease_owner="w"),
        make_job(state=JobState.DONE),
    ):
        await add_job(job)

    async with unit_of_work() as unit:
        assert await unit.jobs.count_waiting(owner) == 2
        assert await unit.jobs.count_waiting(stranger) == 1
        assert await unit.jobs.count_waiting("nobody") == 0


async def test_pictures_keep_their_order_and_the_latest_of_an_index(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, make_picture: Any
) -> None:
    job = await add_job(make_job(count=2))
    first, second, better = make_picture(index=0), make_picture(index=1), make_picture(index=1, picture="f" * 64)

    async with unit_of_work() as unit:
        for picture in (second, first, better):
            await unit.jobs.add_picture(job.id, picture)
        seen_inside = await unit.jobs.get(job.id)
        await unit.commit()
    async with unit_of_work() as unit:
        seen_later = await unit.jobs.get(job.id)

    assert seen_inside == seen_later == replace(job, pictures=(first, better))


async def test_recent_pictures_come_newest_first_with_their_jobs(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, make_picture: Any
) -> None:
    mine = await add_job(make_job(count=2, styles=(STYLE,)))
    other = await add_job(make_job())
    recorded = [(mine, make_picture(index=0)), (other, make_picture(index=0)), (mine, make_picture(index=1))]

    async with unit_of_work() as unit:
        assert await unit.jobs.recent_pictures(limit=5) == ()
        for job, picture in recorded:
            await unit.jobs.add_picture(job.id, picture)
        await unit.jobs.add_picture(*(other.id, replace(recorded[1][1], duration_s=1.0)))
        await unit.commit()
    async with unit_of_work() as unit:
        latest = await unit.jobs.recent_pictures(limit=2)
        everything = await unit.jobs.recent_pictures(limit=9)

    assert [(job.id, picture.index, picture.duration_s) for job, picture in everything] == [
        (other.id, 0, 1.0),
        (mine.id, 1, 12.5),
        (mine.id, 0, 12.5),
    ]
    assert latest == everything[:2]
    assert everything[1][0] == replace(mine, pictures=(recorded[0][1], recorded[2][1]))


async def test_a_tally_counts_what_ended_since(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, make_picture: Any, now: datetime
) -> None:
    async with unit_of_work() as unit:
        assert await unit.jobs.tally(since=now) == Tally(0, 0, ())
    two = tuple(make_picture(index=index, duration_s=10.0 + index) for index in range(2))
    one = (make_picture(duration_s=3.0),)
    before = now - timedelta(seconds=1)
    await add_job(make_job(state=JobState.DONE, finished_at=before, pictures=two))
    await add_job(make_job(state=JobState.FAILED, failure=FailureKind.INTERNAL, finished_at=before))
    await add_job(make_job(state=JobState.DONE, finished_at=now, pictures=two))
    await add_job(make_job(state=JobState.FAILED, failure=FailureKind.INTERNAL, finished_at=now))
    await add_job(make_job(state=JobState.CANCELLED, finished_at=now + timedelta(seconds=5), pictures=one))
    await add_job(make_job(state=JobState.RUNNING, pictures=one))
    async with unit_of_work() as unit:
        assert await unit.jobs.tally(since=now) == Tally(3, 1, (3.0, 11.0, 10.0))


async def test_a_job_is_hidden_behind_a_spoiler(unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any) -> None:
    hidden, other = await add_job(make_job()), await add_job(make_job())
    async with unit_of_work() as unit:
        await unit.jobs.hide_behind_spoiler(hidden.id)
        await unit.jobs.hide_behind_spoiler("unknownjob01")
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.jobs.get(hidden.id) == replace(hidden, request=replace(hidden.request, spoiler=True))
        assert await unit.jobs.get(other.id) == other
