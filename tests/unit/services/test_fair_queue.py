"""Turns are fair, and nobody starves."""

from __future__ import annotations

import asyncio
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.services.fair_queue import FairQueue


def _drain(queue: FairQueue) -> list[str | None]:
    return [queue.take() for _ in range(len(queue))]


async def test_users_take_turns() -> None:
    queue = FairQueue()
    for job in ("a1", "a2", "a3"):
        queue.put("ann", job)
    queue.put("bob", "b1")
    assert _drain(queue) == ["a1", "b1", "a2", "a3"]


async def test_ten_jobs_of_one_do_not_hold_up_the_first_of_another() -> None:
    queue = FairQueue()
    for number in range(10):
        queue.put("ann", f"a{number}")
    assert queue.take() == "a0"
    queue.put("bob", "b0")
    assert _drain(queue).index("b0") <= 1


async def test_a_job_put_back_is_next() -> None:
    queue = FairQueue()
    queue.put("ann", "a1")
    queue.put("bob", "b1")
    taken = queue.take()
    assert taken is not None
    queue.put_back("ann", taken)
    assert _drain(queue) == ["a1", "b1"]


async def test_putting_twice_keeps_one_and_removing_takes_it_out() -> None:
    queue = FairQueue()
    queue.put("ann", "a1")
    queue.put("ann", "a1")
    queue.put_back("ann", "a1")
    assert len(queue) == 1
    assert queue.remove("a1")
    assert not queue.remove("a1")
    assert queue.order() == []


async def test_waiting_for_a_job_takes_none() -> None:
    queue = FairQueue()
    assert queue.take() is None
    waiting = asyncio.create_task(queue.filled())
    await asyncio.sleep(0)
    assert not waiting.done()
    queue.put("ann", "a1")
    await asyncio.wait_for(waiting, 5)
    assert queue.order() == ["a1"]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40))
def test_the_order_shown_is_the_order_taken_and_turns_differ_by_one_at_most(owners: list[int]) -> None:
    async def scenario() -> None:
        queue = FairQueue()
        for number, owner in enumerate(owners):
            queue.put(str(owner), f"{owner}-{number}")
        shown = queue.order()
        taken = _drain(queue)
        assert taken == shown
        total = Counter(owners)
        served: Counter[int] = Counter()
        for job in taken:
            assert job is not None
            served[int(job.split("-")[0])] += 1
            waiting = [served[owner] for owner in total if served[owner] < total[owner]]
            assert not waiting or max(served.values()) - min(waiting) <= 1

    asyncio.run(scenario())
