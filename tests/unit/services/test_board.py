"""Cards tell the truth about waiting, and thousands of them leave the event loop free."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from adapters.engine.fake import FakeEngine
from bot.domain.cards import Card, Phase, Progress
from bot.domain.jobs import Job, JobState, ResultPicture
from bot.domain.requests import GenerationRequest
from bot.ports.engine import EngineMemory
from bot.services.board import CardBoard
from bot.services.estimates import Estimates
from bot.services.fair_queue import FairQueue
from bot.services.measuring import Measuring
from bot.services.run_switch import RunSwitch
from storage.memory import MemoryStorage

START = datetime(2026, 1, 1, tzinfo=UTC)


def a_job(job_id: str, *, count: int = 1, steps: int = 10, owner: str = "ann") -> Job:
    request = GenerationRequest(
        prompt="a fish",
        subject=None,
        styles=(),
        width=1024,
        height=1024,
        keep_size=False,
        steps=steps,
        guidance=4.0,
        subject_size=512,
        seed=1,
        count=count,
    )
    return Job(
        id=job_id, owner=owner, request=request, state=JobState.QUEUED, event_key=f"event-{job_id}", created_at=START
    )


def a_picture(duration_s: float, revision: str = "r1") -> ResultPicture:
    return ResultPicture(
        index=0,
        picture="0" * 64,
        seed=1,
        variation_seed=None,
        width=1024,
        height=1024,
        duration_s=duration_s,
        model_label="fake",
        model_revision=revision,
        is_toy=True,
    )


class CountingQueue(FairQueue):
    """Counts how often all of it was walked through, and how many cards asked for their place in which turn."""

    def __init__(self) -> None:
        super().__init__()
        self.walks = 0
        self.turn = 0
        self.asked: Counter[int] = Counter()

    def order(self) -> list[str]:
        self.walks += 1
        return super().order()

    def place(self, job_id: str) -> int | None:
        self.asked[self.turn] += 1
        return super().place(job_id)


class CountingEstimates(Estimates):
    """Counts guesses."""

    def __init__(self) -> None:
        super().__init__()
        self.guesses = 0

    def job_s(self, job: Job) -> float | None:
        self.guesses += 1
        return super().job_s(job)


@dataclass
class Kit:
    """A board with what it looks at."""

    queue: CountingQueue = field(default_factory=CountingQueue)
    estimates: CountingEstimates = field(default_factory=CountingEstimates)
    engine: FakeEngine = field(default_factory=FakeEngine)
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    board: CardBoard = field(init=False)

    def __post_init__(self) -> None:
        self.engine.become_ready()
        self.board = CardBoard(
            self.queue, self.engine, self.estimates, self.storage.unit_of_work, RunSwitch(), measuring=Measuring()
        )

    async def wait_in_line(self, *jobs: Job) -> None:
        """Queue jobs and show them."""
        for job in jobs:
            self.queue.put(job.owner, job.id)
        await self.board.show_all(jobs)

    async def card(self, job: Job) -> Card:
        """The card that must be there."""
        card = await self.board.card(job.id)
        assert card is not None
        return card

    @asynccontextmanager
    async def watched(self, *jobs: Job) -> AsyncIterator[dict[str, list[Card]]]:
        """What one watcher of each job sees; all have seen their first card when the block begins."""
        seen: dict[str, list[Card]] = {job.id: [] for job in jobs}

        async def watch(job: Job) -> None:
            async with aclosing(self.board.watch(job.id)) as cards:  # type: ignore[type-var]
                async for card in cards:
                    seen[job.id].append(card)

        tasks = [asyncio.create_task(watch(job)) for job in jobs]
        try:
            await until(lambda: all(seen.values()))
            yield seen
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def until(is_so: Callable[[], bool]) -> None:
    """Give the event loop turns until it is so."""
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0)


async def test_place_and_time_left_count_everything_ahead() -> None:
    kit = Kit()
    one, two, three = a_job("one", count=2), a_job("two", owner="bob"), a_job("three", owner="cat", steps=20)
    await kit.wait_in_line(one, two, three)
    assert [(await kit.card(job)).seconds_left for job in (one, two, three)] == [None, None, None]
    kit.estimates.record(one.request, a_picture(5.0))
    assert [(await kit.card(job)).seconds_left for job in (one, two, three)] == [10.0, 15.0, 25.0]
    assert kit.queue.take() == "one"
    running = replace(one, state=JobState.RUNNING, attempt=1)
    await kit.board.show(running)
    assert [((await kit.card(job)).queue_place, (await kit.card(job)).seconds_left) for job in (two, three)] == [
        (1, 15.0),
        (2, 25.0),
    ]
    await kit.board.show(replace(running, pictures=(a_picture(5.0),)))
    assert [(await kit.card(job)).seconds_left for job in (two, three)] == [10.0, 20.0]
    await kit.board.show(replace(running, state=JobState.DONE))
    assert [(await kit.card(job)).seconds_left for job in (two, three)] == [5.0, 15.0]
    assert kit.queue.take() == "two"
    await kit.board.show(replace(two, state=JobState.RUNNING))
    kit.queue.put_back("two")
    await kit.board.show(two)
    assert [(await kit.card(job)).seconds_left for job in (two, three)] == [5.0, 15.0]
    kit.estimates.record(one.request, a_picture(50.0, revision="r2"))
    assert (await kit.card(two)).seconds_left == 50.0


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(1, 50), st.sampled_from("psrdm")), max_size=30)
)
def test_sums_kept_are_the_sums_made_anew(steps: list[tuple[int, int, int, str]]) -> None:
    """Whatever happens between two looks, a card says what adding up all guesses of the moment says."""

    async def scenario() -> None:
        kit = Kit()
        jobs: dict[str, Job] = {}
        for number, (owner, count, steps_wanted, then) in enumerate(steps):
            job = a_job(f"j{number}", owner=str(owner), count=count, steps=steps_wanted)
            jobs[job.id] = job
            await kit.wait_in_line(job)
            if then == "m":
                kit.estimates.record(job.request, a_picture(number + 1.0))
            elif then == "d" and kit.queue.remove(f"j{number // 2}"):
                await kit.board.show(replace(jobs.pop(f"j{number // 2}"), state=JobState.CANCELLED))
            elif then in "sr" and (taken := kit.queue.take()) is not None:
                jobs[taken] = replace(jobs[taken], state=JobState.RUNNING, attempt=1)
                await kit.board.show(jobs[taken])
                if then == "r":
                    await kit.board.show(replace(jobs.pop(taken), state=JobState.DONE))
            await compare(kit, jobs)

    asyncio.run(scenario())


async def compare(kit: Kit, jobs: dict[str, Job]) -> None:
    """Draw all waiting cards and add up everything by hand."""
    running = [kit.estimates.job_s(job) for job in jobs.values() if job.state is JobState.RUNNING]
    guesses = list(running)
    for place, job_id in enumerate(kit.queue.order(), start=1):
        guesses.append(kit.estimates.job_s(jobs[job_id]))
        card = await kit.card(jobs[job_id])
        known = [guess for guess in guesses if guess is not None]
        assert card.queue_place == place
        if len(known) < len(guesses):
            assert card.seconds_left is None
        else:
            assert card.seconds_left is not None
            assert abs(card.seconds_left - sum(known)) < 1e-6 * sum(known)


async def test_drawing_all_waiting_cards_walks_through_the_queue_once() -> None:
    kit = Kit()
    jobs = [a_job(f"j{number}", owner=str(number % 50)) for number in range(1000)]
    await kit.wait_in_line(*jobs)
    kit.estimates.record(jobs[0].request, a_picture(5.0))
    for job in jobs:
        await kit.board.card(job.id)
    assert (kit.queue.walks, kit.estimates.guesses) == (1, 1000)
    taken = kit.queue.take()
    await kit.board.show(replace(jobs[0], state=JobState.RUNNING))
    assert taken == "j0"
    for job in jobs:
        await kit.board.card(job.id)
    assert (kit.queue.walks, kit.estimates.guesses) == (2, 1001)


async def test_progress_of_one_job_wakes_no_watcher_of_another() -> None:
    kit = Kit()
    running, waiting = a_job("running"), a_job("waiting")
    await kit.wait_in_line(waiting)
    await kit.board.show(replace(running, state=JobState.RUNNING))
    async with kit.watched(running, waiting) as seen:
        asked = kit.queue.asked.total()
        await kit.board.report("running", Progress(Phase.RUNNING, step=3, steps=10))
        await until(lambda: len(seen["running"]) == 2)
        assert kit.queue.asked.total() == asked
        assert len(seen["waiting"]) == 1


async def test_thousands_of_watchers_are_woken_in_slices() -> None:
    kit = Kit()
    jobs = [a_job(f"j{number}") for number in range(1000)]
    await kit.wait_in_line(*jobs)
    kit.queue.put("bob", "unwatched")
    async with kit.watched(*jobs) as seen:
        kit.queue.asked.clear()
        assert kit.queue.remove("unwatched")
        await kit.board.refresh()
        while len(seen["j999"]) < 2:
            kit.queue.turn += 1
            await asyncio.sleep(0)
        assert max(kit.queue.asked.values()) <= 100
        await until(lambda: all(cards[-1].queue_place == place for place, cards in enumerate(seen.values(), start=1)))


async def test_everybody_sees_the_last_change_however_fast_changes_come() -> None:
    kit = Kit()
    jobs = [a_job(f"j{number}") for number in range(500)]
    await kit.wait_in_line(*jobs)
    async with kit.watched(*jobs) as seen:
        for job in jobs[:50]:
            assert kit.queue.take() == job.id
            await kit.board.show(replace(job, state=JobState.RUNNING))
            await asyncio.sleep(0)
        assert all(len(cards) > 1 for cards in seen.values())
        rest = jobs[50:]
        await until(lambda: [seen[job.id][-1].queue_place for job in rest] == list(range(1, len(rest) + 1)))
        await until(lambda: all(seen[job.id][-1].phase is Phase.RUNNING for job in jobs[:50]))


async def test_a_final_state_takes_the_card_down() -> None:
    kit = Kit()
    one, two = a_job("one"), a_job("two")
    await kit.wait_in_line(one, two)
    assert [job.id for job in kit.board.unfinished()] == ["one", "two"]
    kit.queue.remove("one")
    await kit.board.show_all([replace(one, state=JobState.CANCELLED), two])
    assert kit.board.unfinished() == (two,)
    assert [card async for card in kit.board.watch("one")] == []


async def test_what_the_engine_takes_of_the_memory_is_no_news_for_cards() -> None:
    kit = Kit()
    kit.engine.warm_up(0.4)
    job = a_job("a")
    await kit.wait_in_line(job)
    following = asyncio.create_task(kit.board.follow_engine())
    async with kit.watched(job) as seen:
        kit.engine.become_ready()
        await until(lambda: len(seen["a"]) == 2)
        assert [card.phase for card in seen["a"]] == [Phase.WARMING_UP, Phase.QUEUED]
        asked = kit.queue.asked.total()
        for used in range(1, 20):
            kit.engine.take_memory(EngineMemory(used, used, 20))
            for _ in range(10):
                await asyncio.sleep(0)
        assert kit.queue.asked.total() == asked, "no card was looked at again"
        kit.engine.break_down("gone")
        await until(lambda: len(seen["a"]) == 3)
    following.cancel()
    await asyncio.wait({following})
