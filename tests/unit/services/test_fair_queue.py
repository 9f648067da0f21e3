"""Turns are fair by work and weight, and nobody starves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.fair_queue import FairQueue

COSTS = st.integers(1, 1800)
WEIGHTS = st.integers(1, 12)


def _drain(queue: FairQueue) -> list[str]:
    taken: list[str] = []
    while (job := queue.take()) is not None:
        taken.append(job)
    return taken


def _put_many(queue: FairQueue, owner: str, number: int, *, weight: int = 1, cost: int = 100) -> None:
    for index in range(number):
        queue.put(owner, f"{owner}{index}", weight=weight, cost=cost)


def test_users_take_turns() -> None:
    queue = FairQueue()
    _put_many(queue, "ann", 3)
    queue.put("bob", "bob0")
    assert _drain(queue) == ["ann0", "bob0", "ann1", "ann2"]


def test_ten_jobs_of_one_do_not_hold_up_the_first_of_another() -> None:
    queue = FairQueue()
    _put_many(queue, "ann", 10)
    assert [queue.take() for _ in range(3)] == ["ann0", "ann1", "ann2"]
    queue.put("bob", "bob0")
    assert queue.place("bob0") == 1


def test_turns_are_measured_by_work_not_by_jobs() -> None:
    queue = FairQueue()
    _put_many(queue, "ann", 2, cost=400)
    _put_many(queue, "bob", 8, cost=100)
    assert _drain(queue) == ["ann0", "bob0", "bob1", "bob2", "bob3", "ann1", "bob4", "bob5", "bob6", "bob7"]


def test_a_user_of_weight_two_gets_twice_the_work() -> None:
    queue = FairQueue()
    _put_many(queue, "ann", 3)
    _put_many(queue, "pro", 6, weight=2)
    assert _drain(queue) == ["ann0", "pro0", "pro1", "ann1", "pro2", "pro3", "ann2", "pro4", "pro5"]


def test_who_was_idle_has_saved_nothing_up() -> None:
    queue = FairQueue()
    queue.put("ann", "ann0")
    _put_many(queue, "bob", 60)
    for _ in range(50):
        queue.take()
    _put_many(queue, "cat", 10)
    owners = [job[:3] for job in _drain(queue)[:8]]
    assert sorted(owners) == ["bob", "bob", "bob", "bob", "cat", "cat", "cat", "cat"]


def test_asking_one_by_one_gains_nothing_over_asking_at_once() -> None:
    queue = FairQueue()
    _put_many(queue, "bob", 6)
    taken: list[str] = []
    numbers = count()
    queue.put("ann", f"ann{next(numbers)}")
    for _ in range(6):
        job = queue.take()
        assert job is not None
        taken.append(job[:3])
        if job.startswith("ann"):
            queue.put("ann", f"ann{next(numbers)}")
    assert taken.count("ann") == taken.count("bob") == 3


async def test_work_done_while_nobody_waited_is_not_held_against_its_owner() -> None:
    queue = FairQueue()
    queue.put("ann", "ann0", cost=1800)
    assert queue.take() == "ann0"
    idle = asyncio.create_task(queue.filled())
    await asyncio.sleep(0)
    _put_many(queue, "bob", 3)
    queue.put("ann", "ann1")
    await asyncio.wait_for(idle, 5)
    assert _drain(queue) == ["bob0", "ann1", "bob1", "bob2"]


def test_a_cancelled_job_costs_its_owner_no_turn() -> None:
    queue = FairQueue()
    queue.put("ann", "dear", cost=1000)
    _put_many(queue, "ann", 2)
    _put_many(queue, "bob", 3)
    assert queue.remove("dear")
    assert queue.order() == ["ann0", "bob0", "ann1", "bob1", "bob2"]
    assert queue.remove("ann1")
    queue.put("ann", "late")
    assert _drain(queue) == ["ann0", "bob0", "bob1", "late", "bob2"]


def test_several_cancelled_jobs_cost_no_turn_either() -> None:
    queue = FairQueue()
    _put_many(queue, "ann", 3)
    _put_many(queue, "bob", 2)
    assert queue.remove("ann0")
    assert queue.remove("ann1")
    assert queue.remove("ann2")
    queue.put("ann", "late")
    assert _drain(queue) == ["bob0", "late", "bob1"]


def test_jobs_put_back_are_next() -> None:
    queue = FairQueue()
    _put_many(queue, "ann", 2)
    queue.put("bob", "bob0")
    taken = [queue.take(), queue.take()]
    assert taken == ["ann0", "bob0"]
    queue.put_back("bob0")
    queue.put_back("ann0")
    queue.put_back("ann0")
    queue.put("ann", "ann0")
    assert queue.order() == ["ann0", "bob0", "ann1"]
    assert [queue.place(job) for job in ("ann0", "bob0", "ann1")] == [1, 2, 3]
    assert queue.remove("bob0")
    assert _drain(queue) == ["ann0", "ann1"]


def test_putting_twice_keeps_one_and_removing_takes_it_out() -> None:
    queue = FairQueue()
    queue.put("ann", "a1")
    queue.put("ann", "a1", cost=7)
    queue.put_back("a1")
    assert len(queue) == 1
    assert queue.place("a1") == 1
    assert queue.remove("a1")
    assert not queue.remove("a1")
    assert (queue.order(), queue.place("a1"), queue.take()) == ([], None, None)


@pytest.mark.parametrize(("weight", "cost"), [(0, 100), (-1, 100), (1, 0)])
def test_weights_and_costs_are_positive(weight: int, cost: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        FairQueue().put("ann", "a1", weight=weight, cost=cost)


def test_every_change_of_the_order_is_told() -> None:
    queue = FairQueue()
    seen = [queue.changes]
    _put_many(queue, "ann", 2)
    seen.append(queue.changes)
    queue.take()
    seen.append(queue.changes)
    queue.put_back("ann0")
    seen.append(queue.changes)
    queue.remove("ann0")
    seen.append(queue.changes)
    assert seen == sorted(set(seen))
    queue.order()
    queue.place("ann1")
    queue.remove("unknown")
    assert queue.changes == seen[-1]


async def test_waiting_for_a_job_takes_none() -> None:
    queue = FairQueue()
    waiting = asyncio.create_task(queue.filled())
    await asyncio.sleep(0)
    assert not waiting.done()
    queue.put("ann", "a1")
    await asyncio.wait_for(waiting, 5)
    assert queue.order() == ["a1"]
    assert queue.remove("a1")
    waiting = asyncio.create_task(queue.filled())
    await asyncio.sleep(0)
    assert not waiting.done()
    queue.put_back("a1")
    await asyncio.wait_for(waiting, 5)


@dataclass(frozen=True)
class Put:
    owner: int
    cost: int


@dataclass(frozen=True)
class Take:
    pass


@dataclass(frozen=True)
class PutBack:
    pass


@dataclass(frozen=True)
class Remove:
    index: int


OWNERS = 5
PUTS = st.builds(Put, st.integers(0, OWNERS - 1), COSTS)
STEPS = st.lists(
    PUTS | PUTS | st.just(Take()) | st.just(PutBack()) | st.builds(Remove, st.integers(0, 50)), max_size=60
)
WEIGHTS_OF_ALL = st.lists(WEIGHTS, min_size=OWNERS, max_size=OWNERS)


class Story:
    """A queue after any steps, and what must be in it."""

    def __init__(self, steps: list[Put | Take | PutBack | Remove], weights: list[int]) -> None:
        self.queue = FairQueue()
        self.waiting: set[str] = set()
        self.ended: list[str] = []
        self.put: list[str] = []
        self._weights = weights
        for step in steps:
            self._do(step)

    def _do(self, step: Put | Take | PutBack | Remove) -> None:
        match step:
            case Put(owner, cost):
                job = f"{owner}-{len(self.put)}"
                self.put.append(job)
                self.waiting.add(job)
                self.queue.put(str(owner), job, weight=self._weights[owner], cost=cost)
            case Take():
                expected = next(iter(self.queue.order()), None)
                assert self.queue.take() == expected
                self._end(expected)
            case PutBack():
                if self.ended:
                    job = self.ended.pop()
                    self.waiting.add(job)
                    self.queue.put_back(job)
                    assert self.queue.place(job) == 1
            case Remove(index):
                job = sorted(self.waiting)[index % len(self.waiting)] if self.waiting else "none"
                assert self.queue.remove(job) is (job in self.waiting)
                self.waiting.discard(job)

    def _end(self, job: str | None) -> None:
        if job is not None:
            self.waiting.remove(job)
            self.ended.append(job)


@given(STEPS, WEIGHTS_OF_ALL)
def test_nothing_is_lost_and_the_order_shown_is_the_order_taken(
    steps: list[Put | Take | PutBack | Remove], weights: list[int]
) -> None:
    story = Story(steps, weights)
    shown = story.queue.order()
    assert len(shown) == len(story.queue) == len(story.waiting)
    assert set(shown) == story.waiting
    assert [story.queue.place(job) for job in shown] == list(range(1, len(shown) + 1))
    assert _drain(story.queue) == shown
    assert len(story.queue) == 0


@given(st.lists(PUTS | st.just(Take()) | st.builds(Remove, st.integers(0, 50)), max_size=60), WEIGHTS_OF_ALL)
def test_jobs_of_one_user_are_taken_in_the_order_they_came(
    steps: list[Put | Take | PutBack | Remove], weights: list[int]
) -> None:
    story = Story(steps, weights)
    taken = [*story.ended, *_drain(story.queue)]
    for owner in range(OWNERS):
        numbers = [int(job.split("-")[1]) for job in taken if job.startswith(f"{owner}-")]
        assert numbers == sorted(numbers)


@given(st.lists(PUTS | st.just(Take()) | st.builds(Remove, st.integers(0, 50)), max_size=60), WEIGHTS_OF_ALL, WEIGHTS)
def test_a_newcomer_waits_for_one_job_of_each_other_user_at_most_whoever_floods(
    steps: list[Put | Take | PutBack | Remove], weights: list[int], weight: int
) -> None:
    queue = Story(steps, weights).queue
    queue.put("newcomer", "first", weight=weight, cost=1800)
    place = queue.place("first")
    assert place is not None
    before = [job.split("-")[0] for job in queue.order()[: place - 1]]
    assert len(before) == len(set(before))
    taken = []
    for number in range(place):
        queue.put("0", f"flood-{number}", weight=12, cost=1)
        taken.append(queue.take())
    assert taken[-1] == "first"


@given(
    st.lists(COSTS, min_size=2, max_size=25),
    st.lists(COSTS, min_size=2, max_size=25),
    st.lists(st.none() | st.builds(Put, st.integers(2, OWNERS - 1), COSTS), max_size=30),
    WEIGHTS_OF_ALL,
)
def test_work_is_shared_by_weight_to_within_one_job_each(
    ones: list[int], others: list[int], joining: list[Put | None], weights: list[int]
) -> None:
    """Theorem 1 of the paper: in any time that two users both wait, their work by weight differs by a job each."""
    queue = FairQueue()
    for owner, costs in enumerate((ones, others)):
        for index, cost in enumerate(costs):
            queue.put(str(owner), f"{owner}-{index}", weight=weights[owner], cost=cost)
    left = {"0": ones.copy(), "1": others.copy()}
    lead = [0.0]  # how much more work the first user has had, by weight, after each job
    while left["0"] and left["1"]:
        if joining and (put := joining.pop()) is not None:
            queue.put(str(put.owner), f"{put.owner}-j{len(joining)}", weight=weights[put.owner], cost=put.cost)
        taken = str(queue.take()).split("-")[0]
        if taken in left:
            work = left[taken].pop(0) / weights[int(taken)]
            lead.append(lead[-1] + (work if taken == "0" else -work))
    bound = max(ones) / weights[0] + max(others) / weights[1]
    assert max(lead) - min(lead) <= bound + 1e-6


@given(st.integers(2, 12), st.integers(1, 200), st.integers(1, 5))
def test_a_flood_of_any_weight_does_not_starve_anybody(weight: int, cost: int, jobs: int) -> None:
    """One user keeps ten jobs waiting for ever; another's last job is taken after the work that the weights say."""
    queue = FairQueue()
    numbers = count()
    for _ in range(10):
        queue.put("flood", f"flood-{next(numbers)}", weight=weight, cost=cost)
    for index in range(jobs):
        queue.put("ann", f"ann-{index}", cost=100)
    flooded = 0
    while (job := queue.take()) != f"ann-{jobs - 1}":
        if str(job).startswith("flood"):
            flooded += 1
            queue.put("flood", f"flood-{next(numbers)}", weight=weight, cost=cost)
    assert (flooded - 1) * cost / weight <= (jobs - 1) * 100 + 1e-6
