"""How jobs go from state to state and who wins a race, on every storage."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import IllegalTransition
from bot.domain.jobs import FailureKind, Job, JobState
from bot.ports.storage import DuplicateEvent, UnitOfWork, UnitOfWorkFactory

LEASE = timedelta(minutes=5)

Change = Callable[[Callable[[UnitOfWork], Awaitable[bool]]], Awaitable[bool]]


@pytest.fixture
def claim(unit_of_work: UnitOfWorkFactory, now: datetime) -> Callable[..., Awaitable[Job | None]]:
    async def _claim(job: Job, lease_owner: str = "worker") -> Job | None:
        async with unit_of_work() as unit:
            claimed = await unit.jobs.claim(job.id, lease_owner=lease_owner, lease_until=now + LEASE, now=now)
            await unit.commit()
        return claimed

    return _claim


@pytest.fixture
def change(unit_of_work: UnitOfWorkFactory) -> Change:
    """Do one thing in a unit of work of its own."""

    async def _change(what: Callable[[UnitOfWork], Awaitable[bool]]) -> bool:
        async with unit_of_work() as unit:
            happened = await what(unit)
            await unit.commit()
        return happened

    return _change


@pytest.fixture
def read(unit_of_work: UnitOfWorkFactory) -> Callable[..., Awaitable[Job | None]]:
    async def _read(job: Job) -> Job | None:
        async with unit_of_work() as unit:
            return await unit.jobs.get(job.id)

    return _read


async def test_claiming_makes_a_queued_job_running_and_leased(
    make_job: Any, add_job: Any, claim: Any, read: Any, now: datetime
) -> None:
    job = await add_job(make_job(attempt=1, styles=("b" * 64,)))

    claimed = await claim(job)

    assert claimed == replace(
        job, state=JobState.RUNNING, attempt=2, started_at=now, lease_owner="worker", lease_until=now + LEASE
    )
    assert await read(job) == claimed


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.QUEUED])
async def test_only_queued_jobs_can_be_claimed(
    make_job: Any, add_job: Any, claim: Any, read: Any, state: JobState
) -> None:
    failure = FailureKind.INTERNAL if state is JobState.FAILED else None
    job = await add_job(make_job(state=state, failure=failure, lease_owner="other"))

    assert await claim(job) is None
    assert await read(job) == job
    assert await claim(make_job()) is None


async def test_of_many_claims_at_once_exactly_one_wins(make_job: Any, add_job: Any, claim: Any, read: Any) -> None:
    job = await add_job(make_job())

    claims = await asyncio.gather(*(claim(job, f"worker-{number}") for number in range(10)))

    winners = [claimed for claimed in claims if claimed is not None]
    assert len(winners) == 1
    assert winners[0].attempt == 1
    assert await read(job) == winners[0]


async def test_of_a_claim_and_a_cancellation_at_once_exactly_one_wins(
    make_job: Any, add_job: Any, claim: Any, change: Any, read: Any, now: datetime
) -> None:
    for claim_first in (True, False):
        job = await add_job(make_job())
        cancel = change(
            lambda unit, job=job: unit.jobs.finish(
                job.id, lease_owner=None, state=JobState.CANCELLED, failure=None, now=now
            )
        )
        racers = (claim(job), cancel) if claim_first else (cancel, claim(job))
        outcomes = await asyncio.gather(*racers)

        assert sum(bool(outcome) for outcome in outcomes) == 1
        claimed = outcomes[0 if claim_first else 1] is not None
        assert (await read(job)).state is (JobState.RUNNING if claimed else JobState.CANCELLED)


async def test_of_many_same_events_at_once_exactly_one_makes_a_job(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any
) -> None:
    jobs = [make_job(event_key="telegram:update:9") for _ in range(10)]

    outcomes = await asyncio.gather(*(add_job(job) for job in jobs), return_exceptions=True)

    made = [job for job in outcomes if isinstance(job, Job)]
    assert len(made) == 1
    assert sum(isinstance(outcome, DuplicateEvent) for outcome in outcomes) == 9
    async with unit_of_work() as unit:
        assert await unit.jobs.unfinished() == tuple(made)


async def test_a_lease_is_renewed_by_its_owner_only(
    make_job: Any, add_job: Any, claim: Any, change: Any, read: Any, now: datetime
) -> None:
    later = now + 2 * LEASE
    job = await add_job(make_job())
    assert not await change(lambda unit: unit.jobs.renew_lease(job.id, lease_owner="worker", lease_until=later))
    claimed = await claim(job)

    assert not await change(lambda unit: unit.jobs.renew_lease(job.id, lease_owner="other", lease_until=later))
    assert await read(job) == claimed
    assert await change(lambda unit: unit.jobs.renew_lease(job.id, lease_owner="worker", lease_until=later))
    assert await read(job) == replace(claimed, lease_until=later)


@pytest.mark.parametrize(
    ("state", "failure"),
    [(JobState.DONE, None), (JobState.FAILED, FailureKind.OUT_OF_MEMORY), (JobState.CANCELLED, None)],
)
async def test_the_lease_owner_ends_a_running_job_once(
    make_job: Any,
    add_job: Any,
    claim: Any,
    change: Change,
    read: Any,
    now: datetime,
    state: JobState,
    failure: FailureKind | None,
) -> None:
    claimed = await claim(await add_job(make_job()))
    done_at = now + timedelta(seconds=30)

    def finish(lease_owner: str | None) -> Awaitable[bool]:
        return change(
            lambda unit: unit.jobs.finish(
                claimed.id,
                lease_owner=lease_owner,
                state=state,
                failure=failure,
                now=done_at,
            )
        )

    assert not await finish("other")
    assert await read(claimed) == claimed
    assert await finish("worker")
    ended = replace(claimed, state=state, failure=failure, finished_at=done_at, lease_owner=None, lease_until=None)
    assert await read(claimed) == ended
    assert not await finish("worker")
    assert await read(claimed) == ended


@pytest.mark.parametrize(
    ("state", "failure"), [(JobState.CANCELLED, None), (JobState.FAILED, FailureKind.PICTURE_MISSING)]
)
async def test_a_queued_job_is_ended_by_nobody_in_particular(
    make_job: Any,
    add_job: Any,
    claim: Any,
    change: Change,
    read: Any,
    now: datetime,
    state: JobState,
    failure: FailureKind | None,
) -> None:
    job = await add_job(make_job())
    running = await claim(await add_job(make_job()))

    def finish(which: Job) -> Awaitable[bool]:
        return change(lambda unit: unit.jobs.finish(which.id, lease_owner=None, state=state, failure=failure, now=now))

    assert await finish(job)
    assert await read(job) == replace(job, state=state, failure=failure, finished_at=now)
    assert not await finish(job)
    assert not await finish(running)
    assert await read(running) == running
    assert not await finish(make_job())


@pytest.mark.parametrize(
    ("lease_owner", "state"),
    [
        (None, JobState.DONE),
        (None, JobState.QUEUED),
        (None, JobState.RUNNING),
        ("worker", JobState.QUEUED),
        ("worker", JobState.RUNNING),
    ],
)
async def test_an_end_that_cannot_follow_is_a_fault(
    make_job: Any,
    add_job: Any,
    claim: Any,
    change: Any,
    read: Any,
    now: datetime,
    lease_owner: str | None,
    state: JobState,
) -> None:
    job = await add_job(make_job())
    if lease_owner is not None:
        job = await claim(job, lease_owner)

    with pytest.raises(IllegalTransition):
        await change(lambda unit: unit.jobs.finish(job.id, lease_owner=lease_owner, state=state, failure=None, now=now))
    assert await read(job) == job


@pytest.mark.parametrize(("state", "failure"), [(JobState.FAILED, None), (JobState.CANCELLED, FailureKind.ENGINE_LOST)])
async def test_a_failure_goes_with_failed_jobs_only(
    make_job: Any, add_job: Any, change: Any, read: Any, now: datetime, state: JobState, failure: FailureKind | None
) -> None:
    job = await add_job(make_job())

    with pytest.raises(ValueError, match=state.value):
        await change(lambda unit: unit.jobs.finish(job.id, lease_owner=None, state=state, failure=failure, now=now))
    assert await read(job) == job


@pytest.mark.parametrize(("keep_attempt", "attempt"), [(True, 1), (False, 0)])
async def test_the_lease_owner_puts_a_job_back(
    make_job: Any, add_job: Any, claim: Any, change: Any, read: Any, keep_attempt: bool, attempt: int
) -> None:
    job = await add_job(make_job())
    assert not await change(lambda unit: unit.jobs.requeue(job.id, lease_owner="worker"))
    claimed = await claim(job)

    assert not await change(lambda unit: unit.jobs.requeue(job.id, lease_owner="other"))
    assert await read(job) == claimed
    assert await change(lambda unit: unit.jobs.requeue(job.id, lease_owner="worker", keep_attempt=keep_attempt))
    assert await read(job) == replace(job, attempt=attempt)
    assert not await change(lambda unit: unit.jobs.requeue(job.id, lease_owner="worker", keep_attempt=keep_attempt))
    assert (await claim(job, "next")).attempt == attempt + 1


async def test_only_running_jobs_are_asked_to_stop_and_the_wish_outlives_a_retry(
    make_job: Any, add_job: Any, claim: Any, change: Any, read: Any
) -> None:
    job = await add_job(make_job())
    assert not await change(lambda unit: unit.jobs.request_cancel(job.id))
    assert not await change(lambda unit: unit.jobs.request_cancel("nosuchjob"))
    await claim(job)

    assert await change(lambda unit: unit.jobs.request_cancel(job.id))
    assert (await read(job)).cancel_requested
    await change(lambda unit: unit.jobs.requeue(job.id, lease_owner="worker"))
    assert (await claim(job)).cancel_requested
