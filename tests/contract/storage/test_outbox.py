"""Deliveries, on every storage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.actors import Platform
from bot.domain.deliveries import Delivery, DeliveryState
from bot.domain.jobs import Job
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

FOREVER = timedelta(days=365)
MINUTE = timedelta(minutes=1)

Announce = Callable[[Job, datetime], Awaitable[Delivery]]


@pytest.fixture
def announce(unit_of_work: UnitOfWorkFactory) -> Announce:
    """Put a job's news into the outbox."""

    async def _announce(job: Job, at: datetime) -> Delivery:
        async with unit_of_work() as unit:
            await unit.outbox.add(job_id=job.id, platform=Platform.DISCORD, now=at)
            await unit.commit()
            (delivery,) = [
                entry for entry in await unit.outbox.due(now=at + FOREVER, limit=99) if entry.job_id == job.id
            ]
        return delivery

    return _announce


async def test_a_new_delivery_is_pending_and_due_at_once(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime
) -> None:
    job = await add_job(make_job())

    delivery = await announce(job, now)

    assert delivery == Delivery(delivery.id, job.id, Platform.DISCORD, DeliveryState.PENDING, 0, now, None)
    async with unit_of_work() as unit:
        assert await unit.outbox.due(now=now, limit=9) == (delivery,)
        assert await unit.outbox.next_due_at() == now


async def test_a_job_has_one_delivery_whatever_became_of_it(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime
) -> None:
    job = await add_job(make_job())
    delivery = await announce(job, now)

    async with unit_of_work() as unit:
        for _ in range(2):
            await unit.outbox.add(job_id=job.id, platform=Platform.WEB, now=now + MINUTE)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.outbox.due(now=now + FOREVER, limit=9) == (delivery,)
        await unit.outbox.mark_delivered(delivery.id)
        await unit.outbox.add(job_id=job.id, platform=Platform.DISCORD, now=now + MINUTE)
        assert await unit.outbox.due(now=now + FOREVER, limit=9) == ()


async def test_news_of_a_job_that_is_not_there_is_refused(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, now: datetime
) -> None:
    job = await add_job(make_job())
    async with unit_of_work() as unit:
        with pytest.raises(ConstraintViolated):
            await unit.outbox.add(job_id="nosuchjob", platform=Platform.WEB, now=now)
        await unit.outbox.add(job_id=job.id, platform=Platform.WEB, now=now)
        await unit.commit()
    async with unit_of_work() as unit:
        assert [delivery.job_id for delivery in await unit.outbox.due(now=now, limit=9)] == [job.id]


async def test_due_deliveries_come_oldest_first_and_no_more_than_asked_for(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime
) -> None:
    late, early, early_too, future = [
        await announce(await add_job(make_job()), now + minutes * MINUTE) for minutes in (2, 1, 1, 4)
    ]

    async with unit_of_work() as unit:
        assert await unit.outbox.due(now=now, limit=9) == ()
        assert await unit.outbox.due(now=now + 3 * MINUTE, limit=9) == (early, early_too, late)
        assert await unit.outbox.due(now=now + 3 * MINUTE, limit=2) == (early, early_too)
        assert await unit.outbox.due(now=now + 4 * MINUTE, limit=9) == (early, early_too, late, future)


async def test_a_failed_attempt_is_counted_and_comes_again_later(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime
) -> None:
    delivery = await announce(await add_job(make_job()), now)

    async with unit_of_work() as unit:
        await unit.outbox.retry_at(delivery.id, at=now + MINUTE, error="503")
        await unit.outbox.retry_at(delivery.id, at=now + 2 * MINUTE, error="504")
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.outbox.due(now=now + MINUTE, limit=9) == ()
        assert await unit.outbox.next_due_at() == now + 2 * MINUTE
        assert await unit.outbox.due(now=now + 2 * MINUTE, limit=9) == (
            replace(delivery, attempts=2, next_attempt_at=now + 2 * MINUTE, last_error="504"),
        )


async def test_what_is_due_later_than_any_wait_lasts_is_due_now(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime
) -> None:
    """A clock set back leaves such times behind."""
    ahead, waiting, due = [await announce(await add_job(make_job()), now + minutes * MINUTE) for minutes in (11, 10, 0)]

    async with unit_of_work() as unit:
        assert await unit.outbox.due(now=now, latest=now + 10 * MINUTE, limit=9) == (due, ahead)
        assert await unit.outbox.due(now=now, latest=now + 9 * MINUTE, limit=9) == (due, waiting, ahead)
        await unit.outbox.mark_delivered(ahead.id)
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.outbox.due(now=now, latest=now + 10 * MINUTE, limit=9) == (due,)


async def test_what_waits_for_one_platform_does_not_stand_in_the_way_of_another(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime
) -> None:
    for _ in range(3):
        await announce(await add_job(make_job()), now - MINUTE)
    job = await add_job(make_job())
    async with unit_of_work() as unit:
        await unit.outbox.add(job_id=job.id, platform=Platform.TELEGRAM, now=now)
        await unit.commit()

    async with unit_of_work() as unit:
        due = await unit.outbox.due(now=now, platforms={Platform.TELEGRAM}, limit=2)
        assert [delivery.job_id for delivery in due] == [job.id]
        assert await unit.outbox.next_due_at(platforms={Platform.TELEGRAM}) == now
        assert await unit.outbox.next_due_at(platforms={Platform.TELEGRAM, Platform.DISCORD}) == now - MINUTE
        assert await unit.outbox.due(now=now, platforms=(), limit=9) == ()
        assert await unit.outbox.next_due_at(platforms=()) is None


@pytest.mark.parametrize("how", ["delivered", "dead"])
async def test_a_settled_delivery_never_comes_again(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime, how: str
) -> None:
    settled = await announce(await add_job(make_job()), now)
    other = await announce(await add_job(make_job()), now + MINUTE)

    async with unit_of_work() as unit:
        if how == "delivered":
            await unit.outbox.mark_delivered(settled.id)
        else:
            await unit.outbox.mark_dead(settled.id, error="chat deleted")
        await unit.outbox.retry_at(settled.id, at=now, error="late news of an attempt before")
        await unit.commit()
    async with unit_of_work() as unit:
        assert await unit.outbox.due(now=now + FOREVER, limit=9) == (other,)
        assert await unit.outbox.next_due_at() == now + MINUTE


async def test_an_empty_outbox_has_nothing_due(unit_of_work: UnitOfWorkFactory, now: datetime) -> None:
    async with unit_of_work() as unit:
        assert await unit.outbox.next_due_at() is None
        assert await unit.outbox.due(now=now, limit=9) == ()


async def test_the_backlog_counts_what_is_pending_by_platform(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, announce: Announce, now: datetime
) -> None:
    arrived, dead, late, due = [await announce(await add_job(make_job()), now) for _ in range(4)]
    async with unit_of_work() as unit:
        await unit.outbox.add(job_id=(await add_job(make_job())).id, platform=Platform.TELEGRAM, now=now)
        await unit.outbox.mark_delivered(arrived.id)
        await unit.outbox.mark_dead(dead.id, error="gone")
        await unit.outbox.retry_at(late.id, at=now + FOREVER, error="away")
        await unit.commit()

    async with unit_of_work() as unit:
        assert dict(await unit.outbox.backlog()) == {Platform.DISCORD: 2, Platform.TELEGRAM: 1}
        await unit.outbox.mark_delivered(due.id)
        await unit.outbox.mark_dead(late.id, error="gone")
        assert dict(await unit.outbox.backlog()) == {Platform.TELEGRAM: 1}
