"""Searching in more than prompts, and families of jobs, on every storage."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.actors import UserId
from bot.domain.histories import Kind, Page, Search, Term, kind_of
from bot.domain.jobs import Job, JobState, Lineage, LineageKind
from bot.domain.requests import Variation
from bot.ports.storage import UnitOfWorkFactory

INK, WASH, SUBJECT = "1" * 64, "2" * 64, "3" * 64
LAST_SEED = 2**32 - 1


@pytest.fixture
def search(unit_of_work: UnitOfWorkFactory, owner: UserId) -> Any:
    """The jobs that a search finds; for the owner unless told otherwise."""

    async def _search(**wanted: Any) -> tuple[Job, ...]:
        async with unit_of_work() as unit:
            page: Page = await unit.history.search(Search(**{"owner": owner, **wanted}))
        return page.jobs

    return _search


@pytest.fixture
def made_from(make_job: Any, add_job: Any) -> Any:
    """Add a job that was made from another one."""

    async def _made(parent: Job, kind: LineageKind = LineageKind.REROLL, **changes: Any) -> Job:
        job: Job = await add_job(make_job(lineage=Lineage(kind, parent.id, 0), **changes))
        return job

    return _made


async def test_a_term_is_found_in_the_prompt_in_a_style_or_as_a_seed(make_job: Any, add_job: Any, search: Any) -> None:
    said = await add_job(make_job(prompt="ink on 41 pages"))
    drawn_so = await add_job(make_job(styles=(WASH, INK)))
    seeded = await add_job(make_job(seed=41))
    await add_job(make_job(subject=INK, seed=410))
    await add_job(make_job(styles=(WASH,)))

    assert await search(terms=(Term("INK"),)) == (said,)
    assert await search(terms=(Term("INK", frozenset({INK, SUBJECT})),)) == (drawn_so, said)
    assert await search(terms=(Term("41", seed=41),)) == (seeded, said)
    assert await search(terms=(Term("ink", frozenset({INK})), Term("41", seed=41))) == (said,)
    assert await search(terms=(Term("ink", frozenset({INK})),), words=("41",)) == (said,)
    assert await search(terms=(Term("nowhere", seed=None),)) == ()


@pytest.mark.parametrize(
    ("changes", "seeds", "others"),
    [
        ({"seed": 5}, {5}, {4, 6, 0}),
        ({"seed": 5, "count": 4}, {5, 6, 7, 8}, {4, 9}),
        ({"seed": LAST_SEED, "count": 3}, {LAST_SEED, 0, 1}, {2, LAST_SEED - 1}),
        ({"seed": 5, "count": 3, "variation": Variation(70, 0.5)}, {5, 70, 71, 72}, {6, 69, 73}),
        ({"seed": 5, "count": 2, "variation": Variation(LAST_SEED, 0.5)}, {5, LAST_SEED, 0}, {6, 1}),
        ({"seed": 0, "upscale_of": SUBJECT}, set(), {0}),
    ],
)
async def test_every_seed_of_a_request_finds_it_and_no_other(
    make_job: Any, add_job: Any, search: Any, changes: dict[str, Any], seeds: set[int], others: set[int]
) -> None:
    job = await add_job(make_job(prompt="", **changes))

    found = {seed for seed in seeds | others if await search(terms=(Term(str(seed), seed=seed),)) == (job,)}
    assert found == seeds


async def test_kinds_and_states_are_told_apart(make_job: Any, add_job: Any, made_from: Any, search: Any) -> None:
    drawn = await add_job(make_job(state=JobState.DONE))
    rerolled = await made_from(drawn)
    varied = await made_from(drawn, LineageKind.VARIATION, state=JobState.RUNNING)
    remixed = await made_from(drawn, LineageKind.REMIX)
    repeated = await made_from(drawn, LineageKind.REPEAT)
    upscaled = await made_from(drawn, LineageKind.UPSCALE, upscale_of=INK)
    again = await made_from(upscaled, LineageKind.REPEAT, upscale_of=INK)
    foreign = await add_job(make_job(upscale_of=WASH))

    of_kind = {
        Kind.DRAWN: (drawn,),
        Kind.REROLLED: (rerolled,),
        Kind.VARIED: (varied,),
        Kind.REMIXED: (remixed,),
        Kind.REPEATED: (repeated,),
        Kind.UPSCALED: (foreign, again, upscaled),
    }
    for kind in Kind:
        assert await search(kinds=frozenset({kind})) == of_kind[kind]
        assert {kind_of(job) for job in of_kind[kind]} == {kind}
    assert await search(kinds=frozenset({Kind.DRAWN, Kind.VARIED})) == (varied, drawn)
    assert await search(states=frozenset({JobState.DONE, JobState.RUNNING})) == (varied, drawn)
    assert await search(states=frozenset({JobState.DONE}), kinds=frozenset({Kind.VARIED})) == ()


async def test_ones_own_favourites_alone(
    make_job: Any, add_job: Any, search: Any, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId, now: Any
) -> None:
    mine, theirs = await add_job(make_job()), await add_job(make_job(owner=stranger))
    await add_job(make_job())
    async with unit_of_work() as unit:
        for job in (mine, theirs):
            await unit.history.set_favourite(owner, job.id, 0, is_on=True, now=now)
        await unit.commit()

    assert await search(only_favourites=True) == (theirs, mine)
    assert await search(only_favourites=True, only_own=True) == (mine,)


async def test_ancestors_are_anybodys_the_nearest_first(
    make_job: Any, add_job: Any, made_from: Any, unit_of_work: UnitOfWorkFactory, stranger: UserId, now: Any
) -> None:
    first = await add_job(make_job(owner=stranger))
    second = await made_from(first, LineageKind.REMIX)
    third = await made_from(second, LineageKind.VARIATION, hidden_at=now, state=JobState.DONE)
    fourth = await made_from(third, LineageKind.UPSCALE)
    await made_from(second)
    orphan = await made_from(make_job())  # made from what was erased

    async with unit_of_work() as unit:
        assert await unit.history.ancestors(fourth.id, limit=9) == (third, second, first)
        assert await unit.history.ancestors(fourth.id, limit=2) == (third, second)
        assert await unit.history.ancestors(orphan.id, limit=9) == ()
        assert await unit.history.ancestors(first.id, limit=9) == ()
        assert await unit.history.ancestors("nosuchjob", limit=9) == ()


async def test_descendants_come_by_generation_and_age_and_are_ones_own(
    make_job: Any, add_job: Any, made_from: Any, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId
) -> None:
    root = await add_job(make_job())
    one = await made_from(root)
    of_one = await made_from(one)
    two = await made_from(root, LineageKind.REMIX)
    of_two = await made_from(two)
    later_of_one = await made_from(one)
    deep = await made_from(of_two)
    theirs = await made_from(root, owner=stranger)
    await made_from(theirs)  # reached through somebody else's alone

    async with unit_of_work() as unit:
        found = await unit.history.descendants(root.id, owner=owner, limit=9)
        assert found == (one, two, of_one, of_two, later_of_one, deep)
        assert await unit.history.descendants(root.id, owner=owner, limit=4) == found[:4]
        assert await unit.history.descendants(two.id, owner=owner, limit=9) == (of_two, deep)
        assert await unit.history.descendants(deep.id, owner=owner, limit=9) == ()
        assert await unit.history.descendants(root.id, owner=stranger, limit=9) == (theirs,)


async def test_a_family_is_followed_for_a_hundred_generations(
    make_job: Any, add_job: Any, made_from: Any, unit_of_work: UnitOfWorkFactory, owner: UserId
) -> None:
    line = [await add_job(make_job())]
    for _ in range(102):
        line.append(await made_from(line[-1]))

    async with unit_of_work() as unit:
        down = await unit.history.descendants(line[0].id, owner=owner, limit=500)
        up = await unit.history.ancestors(line[-1].id, limit=500)
    assert [job.id for job in down] == [job.id for job in line[1:101]]
    assert [job.id for job in up] == [job.id for job in reversed(line[2:102])]


async def test_all_styles_asked_for_are_among_a_jobs_own(make_job: Any, add_job: Any, search: Any) -> None:
    both = await add_job(make_job(styles=(WASH, INK)))
    one = await add_job(make_job(styles=(INK,)))
    await add_job(make_job(subject=INK))

    assert await search(styles=frozenset({INK})) == (one, both)
    assert await search(styles=frozenset({INK, WASH})) == (both,)
    assert await search(styles=frozenset({SUBJECT})) == ()


async def test_the_next_newer_job_of_a_search(
    make_job: Any, add_job: Any, unit_of_work: UnitOfWorkFactory, owner: UserId, stranger: UserId, now: Any
) -> None:
    first = await add_job(make_job(prompt="a cat"))
    await add_job(make_job(prompt="a dog"))
    await add_job(make_job(prompt="a cat", hidden_at=now, state=JobState.DONE))
    await add_job(make_job(prompt="a cat", owner=stranger))
    second = await add_job(make_job(prompt="a cat"))
    await add_job(make_job(prompt="a cat"))
    cats = Search(owner, words=("cat",), before=first.number, limit=1)

    async with unit_of_work() as unit:
        assert await unit.history.next_newer(cats, number=first.number) == second.id
        assert await unit.history.next_newer(cats, number=10_000) is None
