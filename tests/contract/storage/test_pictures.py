"""Which pictures are named by anything, and how jobs let go of theirs, on every storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.actors import Platform, UserId
from bot.domain.jobs import FailureKind, Job, JobState
from bot.domain.styles import StyleCard, Tray, new_style_id, user_shelf
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory

ENDED = [JobState.DONE, JobState.FAILED, JobState.CANCELLED]
UNENDED = [JobState.QUEUED, JobState.RUNNING]
DAY = timedelta(days=1)


def picture(number: int) -> str:
    return f"{number:064x}"


@pytest.fixture
def change(unit_of_work: UnitOfWorkFactory) -> Any:
    """Call one method of a repository, such as `pictures.named`, in a unit of work of its own."""

    async def _change(repository: str, method: str, *given: Any, **named: Any) -> Any:
        async with unit_of_work() as unit:
            outcome = await getattr(getattr(unit, repository), method)(*given, **named)
            await unit.commit()
        return outcome

    return _change


@pytest.fixture
def named(unit_of_work: UnitOfWorkFactory) -> Any:
    """Those of the numbered pictures that something names."""

    async def _named(*numbers: int) -> set[int]:
        async with unit_of_work() as unit:
            return {int(found, 16) for found in await unit.pictures.named([picture(number) for number in numbers])}

    return _named


@pytest.fixture
def add_ended(make_job: Any, add_job: Any, make_picture: Any, now: datetime) -> Any:
    """Store ended jobs with these results; `age` is how long ago they ended."""

    async def _add(
        *numbers: int, age: timedelta = timedelta(0), state: JobState = JobState.DONE, **changes: Any
    ) -> Job:
        pictures = tuple(make_picture(index=index, picture=picture(number)) for index, number in enumerate(numbers))
        failure = FailureKind.INTERNAL if state is JobState.FAILED else None
        job = make_job(state=state, failure=failure, finished_at=now - age, pictures=pictures, **changes)
        return await add_job(job)  # type: ignore[no-any-return]

    return _add


@pytest.mark.parametrize("state", JobState)
async def test_a_job_names_its_references_and_results_while_it_is_shown(
    unit_of_work: UnitOfWorkFactory, add_ended: Any, named: Any, change: Any, now: datetime, state: JobState
) -> None:
    job = await add_ended(4, 5, state=state, subject=picture(1), styles=(picture(2), picture(3)))

    assert await named(1, 2, 3, 4, 5, 6) == {1, 2, 3, 4, 5}
    assert await named(5, 6) == {5}
    assert await named() == set()
    assert await change("history", "hide", job.id, now=now) is state.is_final
    assert await named(1, 2, 3, 4, 5) == (set() if state.is_final else {1, 2, 3, 4, 5})


async def test_a_picture_to_enlarge_is_named_and_let_go_like_other_references(
    add_ended: Any, named: Any, change: Any
) -> None:
    await add_ended(4, upscale_of=picture(1))
    assert await named(1, 4) == {1, 4}

    gone = await change("pictures", "let_go_references", finished_before=None, limit=10)

    assert gone == {picture(1)}
    assert await named(1, 4) == {4}


async def test_style_cards_and_trays_name_their_pictures_until_they_are_gone(
    named: Any, change: Any, owner: UserId, now: datetime
) -> None:
    card = StyleCard(new_style_id(), user_shelf(owner), "Ink", owner, (picture(1), picture(2)), now)
    await change("styles", "add", card)
    await change("trays", "put", owner, Tray(picture(3), (picture(4), picture(1))), now=now)

    assert await named(1, 2, 3, 4, 5) == {1, 2, 3, 4}
    await change("styles", "delete", card.id)
    assert await named(1, 2, 3, 4, 5) == {1, 3, 4}
    await change("trays", "put", owner, Tray(), now=now)
    assert await named(1, 2, 3, 4, 5) == set()


async def test_a_picture_stays_named_while_anything_names_it(
    add_ended: Any, named: Any, change: Any, owner: UserId, now: datetime
) -> None:
    gone = await add_ended(1)
    await add_ended(subject=picture(1))
    await change("trays", "put", owner, Tray(picture(1)), now=now)

    await change("history", "hide", gone.id, now=now)
    assert await named(1) == {1}
    assert await change("pictures", "let_go_references", finished_before=None, limit=9) == {picture(1)}
    assert await named(1) == {1}
    await change("trays", "put", owner, Tray(), now=now)
    assert await named(1) == set()


async def test_five_hundred_pictures_are_asked_for_at_once(add_ended: Any, named: Any) -> None:
    await add_ended(7)
    assert await named(*range(500)) == {7}


async def test_results_are_let_go_oldest_first_and_no_more_than_asked_for(
    unit_of_work: UnitOfWorkFactory, add_ended: Any, named: Any, change: Any
) -> None:
    young = await add_ended(1, 2, age=DAY)
    old = await add_ended(3, 4, 5, age=2 * DAY, subject=picture(9))

    assert await change("pictures", "let_go_results", finished_before=None, limit=2) == {picture(3), picture(4)}
    assert await named(1, 2, 3, 4, 5, 9) == {1, 2, 5, 9}
    assert await change("pictures", "let_go_results", finished_before=None, limit=2) == {picture(5), picture(1)}
    assert await named(1, 2, 3, 4, 5, 9) == {2, 9}

    async with unit_of_work() as unit:
        assert await unit.jobs.get(old.id) == replace(
            old, pictures=tuple(replace(one, is_kept=False) for one in old.pictures)
        )
        assert await unit.jobs.get(young.id) == replace(
            young, pictures=(replace(young.pictures[0], is_kept=False), young.pictures[1])
        )


async def test_references_are_let_go_oldest_first_and_the_request_keeps_their_hashes(
    unit_of_work: UnitOfWorkFactory, add_ended: Any, named: Any, change: Any
) -> None:
    await add_ended(9, age=DAY, subject=picture(1), styles=(picture(2),))
    old = await add_ended(age=2 * DAY, subject=picture(3), styles=(picture(4), picture(5)))

    gone = [await change("pictures", "let_go_references", finished_before=None, limit=2) for _ in range(4)]

    assert [{int(one, 16) for one in batch} for batch in gone] == [{4, 5}, {3, 2}, {1}, set()]
    assert await named(1, 2, 3, 4, 5, 9) == {9}
    async with unit_of_work() as unit:
        assert await unit.jobs.get(old.id) == old


async def test_a_reference_that_a_job_has_in_two_places_goes_from_both(add_ended: Any, named: Any, change: Any) -> None:
    await add_ended(subject=picture(1), styles=(picture(1), picture(2)))

    assert await change("pictures", "let_go_references", finished_before=None, limit=1) == {picture(1)}
    assert await named(1, 2) == {2}


@pytest.mark.parametrize("method", ["let_go_results", "let_go_references"])
async def test_only_what_ended_before_a_time_is_let_go(add_ended: Any, change: Any, now: datetime, method: str) -> None:
    numbers = iter(range(1, 9))
    for days in (1, 3, 2):
        number = next(numbers)
        await add_ended(number, age=days * DAY, subject=picture(number))

    assert await change("pictures", method, finished_before=now - 2 * DAY, limit=9) == {picture(2)}
    assert await change("pictures", method, finished_before=now - 2 * DAY, limit=9) == frozenset()
    assert await change("pictures", method, finished_before=now, limit=9) == {picture(1), picture(3)}


@pytest.mark.parametrize("method", ["let_go_results", "let_go_references"])
@pytest.mark.parametrize("state", JobState)
async def test_only_ended_and_shown_jobs_let_go(
    make_job: Any, add_job: Any, make_picture: Any, change: Any, now: datetime, method: str, state: JobState
) -> None:
    failure = FailureKind.INTERNAL if state is JobState.FAILED else None
    for number, hidden_at in ((1, None), (2, now)):
        await add_job(
            make_job(
                state=state,
                failure=failure,
                # A time that a job in this state would not have: the state decides.
                finished_at=now - DAY,
                hidden_at=hidden_at,
                subject=picture(number),
                pictures=(make_picture(picture=picture(number)),),
            )
        )

    gone = await change("pictures", method, finished_before=None, limit=9)

    assert gone == (frozenset({picture(1)}) if state in ENDED else frozenset())


async def test_favourites_stay_whoever_marked_them(
    add_ended: Any, named: Any, change: Any, owner: UserId, stranger: UserId, now: datetime
) -> None:
    job = await add_ended(1, 2, 3)
    for index, user_id in ((0, owner), (2, stranger)):
        await change("history", "set_favourite", user_id, job.id, index, is_on=True, now=now)

    assert await change("pictures", "let_go_results", finished_before=None, limit=9) == {picture(2)}
    assert await change("pictures", "let_go_results", finished_before=None, limit=9) == frozenset()
    await change("history", "set_favourite", stranger, job.id, 2, is_on=False, now=now)
    assert await change("pictures", "let_go_results", finished_before=None, limit=9) == {picture(3)}
    assert await named(1, 2, 3) == {1}


@pytest.mark.parametrize("how", ["delivered", "dead"])
async def test_results_stay_until_they_were_delivered(
    unit_of_work: UnitOfWorkFactory, add_ended: Any, change: Any, now: datetime, how: str
) -> None:
    job = await add_ended(1, age=DAY)
    await add_ended(2)
    await change("outbox", "add", job_id=job.id, platform=Platform.DISCORD, now=now)
    async with unit_of_work() as unit:
        (delivery,) = await unit.outbox.due(now=now, limit=1)

    assert await change("pictures", "let_go_results", finished_before=None, limit=1) == {picture(2)}
    if how == "delivered":
        await change("outbox", "mark_delivered", delivery.id)
    else:
        await change("outbox", "mark_dead", delivery.id, error="chat deleted")
    assert await change("pictures", "let_go_results", finished_before=None, limit=1) == {picture(1)}


async def test_a_running_job_keeps_the_reference_that_an_ended_one_let_go(
    make_job: Any, add_job: Any, add_ended: Any, named: Any, change: Any, now: datetime
) -> None:
    await add_ended(subject=picture(1))
    job = await add_job(make_job(subject=picture(1)))

    assert await change("pictures", "let_go_references", finished_before=None, limit=9) == {picture(1)}
    assert await named(1) == {1}
    await change("jobs", "finish", job.id, lease_owner=None, state=JobState.CANCELLED, failure=None, now=now)
    assert await named(1) == {1}
    assert await change("pictures", "let_go_references", finished_before=None, limit=9) == {picture(1)}
    assert await named(1) == set()


async def test_what_is_not_committed_was_not_let_go(
    unit_of_work: UnitOfWorkFactory, add_ended: Any, named: Any
) -> None:
    async def let_go(unit: UnitOfWork) -> frozenset[str]:
        results = await unit.pictures.let_go_results(finished_before=None, limit=9)
        return results | await unit.pictures.let_go_references(finished_before=None, limit=9)

    await add_ended(1, subject=picture(2))
    for _ in range(2):
        async with unit_of_work() as unit:
            assert await let_go(unit) == {picture(1), picture(2)}
            assert await unit.pictures.named([picture(1), picture(2)]) == frozenset()
    assert await named(1, 2) == {1, 2}
