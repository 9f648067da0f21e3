"""Looking through jobs, on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.actors import UserId
from bot.domain.histories import Page, Search
from bot.domain.jobs import FailureKind, Job, JobState, Lineage, LineageKind
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

ENDED = [JobState.DONE, JobState.FAILED, JobState.CANCELLED]
UNENDED = [JobState.QUEUED, JobState.RUNNING]


@pytest.fixture
def search(unit_of_work: UnitOfWorkFactory, owner: UserId) -> Any:
    """Search in a unit of work of its own; for the owner unless told otherwise."""

    async def _search(**wanted: Any) -> Page:
        async with unit_of_work() as unit:
            return await unit.history.search(Search(**{"owner": owner, **wanted}))

    return _search


@pytest.fixture
def mark(unit_of_work: UnitOfWorkFactory, now: datetime) -> Any:
    """Mark pictures of a job for somebody."""

    async def _mark(user_id: UserId, job: Job, *indices: int) -> None:
        async with unit_of_work() as unit:
            for index in indices:
                await unit.history.set_favourite(user_id, job.id, index, is_on=True, now=now)
            await unit.commit()

    return _mark


@pytest.fixture
def hide(unit_of_work: UnitOfWorkFactory, now: datetime) -> Any:
    """Hide a job."""

    async def _hide(job: Job) -> bool:
        async with unit_of_work() as unit:
            is_hidden = await unit.history.hide(job.id, now=now)
            await unit.commit()
        return is_hidden

    return _hide


async def test_pages_lead_from_the_newest_job_to_the_oldest(
    make_job: Any, add_job: Any, stranger: UserId, search: Any, now: datetime
) -> None:
    jobs = []
    for number in range(7):
        # In the order of arrival, whatever a clock said then.
        jobs.append(await add_job(make_job(created_at=now - timedelta(hours=number), styles=("b" * 64,))))
        await add_job(make_job(owner=stranger))

    first = await search(limit=3)
    await add_job(make_job())
    second = await search(limit=3, before=first.older)
    third = await search(limit=3, before=second.older)

    assert first.jobs == (jobs[6], jobs[5], jobs[4])
    assert second.jobs == (jobs[3], jobs[2], jobs[1])
    assert third == Page((jobs[0],), None)


@pytest.mark.parametrize("beyond", [2**63, 10**19 - 1, 10**30])
async def test_numbers_that_no_database_holds_are_beyond_every_job(
    make_job: Any, add_job: Any, search: Any, beyond: int
) -> None:
    job = await add_job(make_job())
    assert (await search(before=beyond)).jobs == (job,)
    assert await search(before=-beyond) == Page((), None)


async def test_the_last_page_may_be_full_and_there_may_be_none(
    make_job: Any, add_job: Any, stranger: UserId, search: Any
) -> None:
    jobs = [await add_job(make_job()) for _ in range(2)]

    assert await search(limit=2) == Page((jobs[1], jobs[0]), None)
    assert await search(before=jobs[0].number) == Page((), None)
    assert await search(owner=stranger) == await search(owner="nobody") == Page((), None)


async def test_jobs_are_found_whole(make_job: Any, add_job: Any, make_picture: Any, search: Any, now: datetime) -> None:
    job = await add_job(
        make_job(
            state=JobState.DONE,
            finished_at=now,
            subject="a" * 64,
            styles=("c" * 64, "b" * 64),
            pictures=(make_picture(index=0), make_picture(index=1)),
        )
    )

    assert (await search()).jobs == (job,)


@pytest.mark.parametrize(
    ("prompt", "words", "is_found"),
    [
        ("a clay cat on a roof", (), True),
        ("a clay cat on a roof", ("roof", "clay"), True),
        ("a clay cat on a roof", ("clay", "dog"), False),
        ("A CLAY Cat", ("clay", "cAT"), True),
        ("Ein BÄR auf der Straße", ("bär", "STRASSE"), True),
        ("ГОРА и море", ("гора", "МОРЕ"), True),
        ("concatenation", ("cat",), True),
        ("100 % wool", ("%",), True),
        ("100 percent wool", ("%",), False),
        ("snake_case", ("e_c",), True),
        ("snake case", ("e_c",), False),
        ("this/that", ("s/t",), True),
        ("this\\that", ("s\\t",), True),
        ("this that", ("s/t",), False),
        ('it\'s "quoted"', ("it's", '"'), True),
        ("", ("cat",), False),
        ("", (), True),
        ("a cat", ("a\0cat",), False),
    ],
)
async def test_all_words_are_in_the_prompt_in_any_case_and_stand_for_themselves(
    make_job: Any, add_job: Any, search: Any, prompt: str, words: tuple[str, ...], is_found: bool
) -> None:
    job = await add_job(make_job(prompt=prompt))
    assert (await search(words=words)).jobs == ((job,) if is_found else ())


async def test_a_search_by_words_is_paged_like_any_other(make_job: Any, add_job: Any, search: Any) -> None:
    cats = []
    for number in range(4):
        cats.append(await add_job(make_job(prompt=f"cat {number}")))
        await add_job(make_job(prompt="dog"))

    first = await search(words=("cat",), limit=2)
    assert first.jobs == (cats[3], cats[2])
    assert await search(words=("cat",), limit=2, before=first.older) == Page((cats[1], cats[0]), None)


@pytest.mark.parametrize("state", ENDED)
async def test_hidden_jobs_are_found_only_by_who_asks_for_them(
    unit_of_work: UnitOfWorkFactory,
    make_job: Any,
    add_job: Any,
    hide: Any,
    search: Any,
    now: datetime,
    state: JobState,
) -> None:
    failure = FailureKind.INTERNAL if state is JobState.FAILED else None
    job = await add_job(make_job(state=state, failure=failure, finished_at=now))
    shown = await add_job(make_job(lineage=Lineage(LineageKind.REROLL, job.id, 0)))

    assert await hide(job)
    assert not await hide(job)

    hidden = replace(job, hidden_at=now)
    assert (await search()).jobs == (shown,)
    assert (await search(include_hidden=True)).jobs == (shown, hidden)
    async with unit_of_work() as unit:
        assert await unit.jobs.get(job.id) == hidden


@pytest.mark.parametrize("state", UNENDED)
async def test_only_ended_jobs_can_be_hidden(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, hide: Any, state: JobState
) -> None:
    job = await add_job(make_job(state=state))

    assert not await hide(job)
    assert not await hide(make_job())
    async with unit_of_work() as unit:
        assert await unit.jobs.get(job.id) == job


async def test_a_hidden_job_is_nobodys_favourite(
    unit_of_work: UnitOfWorkFactory,
    make_job: Any,
    add_job: Any,
    mark: Any,
    hide: Any,
    search: Any,
    owner: UserId,
    stranger: UserId,
) -> None:
    gone, kept = [await add_job(make_job(state=JobState.DONE)) for _ in range(2)]
    for user_id in (owner, stranger):
        await mark(user_id, gone, 0, 1)
        await mark(user_id, kept, 0)

    await hide(gone)

    async with unit_of_work() as unit:
        for user_id in (owner, stranger):
            assert not await unit.history.is_favourite(user_id, gone.id, 0)
            assert await unit.history.is_favourite(user_id, kept.id, 0)
    assert await search(owner=stranger, only_favourites=True) == Page((kept,), None, frozenset({(kept.id, 0)}))


async def test_a_page_says_what_the_asking_person_marked_on_it(
    make_job: Any, add_job: Any, mark: Any, search: Any, owner: UserId, stranger: UserId
) -> None:
    old, new = [await add_job(make_job(count=4)) for _ in range(2)]
    await mark(owner, old, 1)
    await mark(owner, new, 0, 3)
    await mark(stranger, new, 2)

    assert (await search()).favourites == {(old.id, 1), (new.id, 0), (new.id, 3)}
    assert (await search(limit=1)).favourites == {(new.id, 0), (new.id, 3)}
    assert (await search(owner=stranger)).favourites == frozenset()


async def test_favourites_are_ones_own_and_what_others_show_to_everybody(
    make_job: Any, add_job: Any, mark: Any, search: Any, owner: UserId, stranger: UserId, now: datetime
) -> None:
    def made(**changes: Any) -> Any:
        return add_job(make_job(state=JobState.DONE, **changes))

    mine, mine_private = await made(prompt="cat"), await made(private=True)
    theirs, theirs_private = await made(owner=stranger), await made(owner=stranger, private=True)
    theirs_hidden = await made(owner=stranger, hidden_at=now)
    await made()
    for job in (mine, mine_private, theirs, theirs_private, theirs_hidden):
        await mark(owner, job, 0)
        await mark(owner, job, 1)
    await mark(stranger, await made(), 0)

    everything = await search(only_favourites=True)
    first = await search(only_favourites=True, limit=2)

    assert everything.jobs == (theirs, mine_private, mine)
    assert everything.favourites == {(job.id, index) for job in everything.jobs for index in (0, 1)}
    assert first.jobs == (theirs, mine_private)
    assert (await search(only_favourites=True, before=first.older)).jobs == (mine,)
    assert (await search(only_favourites=True, words=("CAT",))).jobs[-1:] == (mine,)
    assert (await search(only_favourites=True, include_hidden=True)).jobs == everything.jobs


async def test_marking_again_changes_nothing_and_marks_can_be_taken_back(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, owner: UserId, stranger: UserId, now: datetime
) -> None:
    job = await add_job(make_job(count=2))

    for is_on in (True, True, False, False, True):
        async with unit_of_work() as unit:
            await unit.history.set_favourite(owner, job.id, 1, is_on=is_on, now=now)
            await unit.commit()
        async with unit_of_work() as unit:
            assert await unit.history.is_favourite(owner, job.id, 1) is is_on
            assert not await unit.history.is_favourite(owner, job.id, 0)
            assert not await unit.history.is_favourite(stranger, job.id, 1)


async def test_many_marks_at_once_are_one(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, mark: Any, search: Any, owner: UserId
) -> None:
    job = await add_job(make_job())

    await asyncio.gather(*(mark(owner, job, 0) for _ in range(10)))

    assert (await search()).favourites == {(job.id, 0)}


async def test_a_mark_needs_a_person_and_a_job(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, owner: UserId, search: Any, now: datetime
) -> None:
    job = await add_job(make_job())

    async with unit_of_work() as unit:
        for user_id, job_id in ((owner, "nosuchjob"), ("nobody", job.id)):
            with pytest.raises(ConstraintViolated):
                await unit.history.set_favourite(user_id, job_id, 0, is_on=True, now=now)
            await unit.history.set_favourite(user_id, job_id, 0, is_on=False, now=now)
        await unit.history.set_favourite(owner, job.id, 0, is_on=True, now=now)
        await unit.commit()
    assert (await search()).favourites == {(job.id, 0)}


async def test_children_come_in_the_order_they_were_made_hidden_ones_left_out(
    unit_of_work: UnitOfWorkFactory, make_job: Any, add_job: Any, stranger: UserId, hide: Any, now: datetime
) -> None:
    parent, other = [await add_job(make_job(state=JobState.DONE)) for _ in range(2)]
    children = [
        await add_job(
            make_job(
                owner=owner,
                state=JobState.DONE,
                created_at=now - timedelta(hours=number),
                lineage=Lineage(kind, parent.id, number),
            )
        )
        for number, (owner, kind) in enumerate(
            [(parent.owner, LineageKind.REROLL), (stranger, LineageKind.REMIX), (stranger, LineageKind.VARIATION)] * 2
        )
    ]
    await add_job(make_job(lineage=Lineage(LineageKind.REPEAT, children[0].id, 0)))
    await hide(children[1])

    async with unit_of_work() as unit:
        found = await unit.history.children(parent.id, limit=4)
        assert found == tuple(children[number].id for number in (0, 2, 3, 4))
        assert await unit.history.children(other.id, limit=4) == ()
        assert await unit.history.children("nosuchjob", limit=4) == ()
