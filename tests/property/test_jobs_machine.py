"""Submit, work, fail, cancel and crash in any order: no job is lost, none is done twice, nobody is told twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.errors import Rejected
from bot.domain.jobs import Job, JobId, JobState
from bot.domain.limits import Limits
from bot.domain.requests import Draft
from bot.ports.engine import EngineFailed, EngineLost
from bot.services.submit import Origin
from storage.memory import MemoryImageStore, MemoryStorage
from tests.support.spine import SpineKit, make_spine

MAX_ATTEMPTS = 2
FAULTS = {"none": None, "lost": EngineLost("died"), "failed": EngineFailed("trace")}


@dataclass
class Recorder:
    """The platform: what it was told, by job."""

    platform: Platform = Platform.DISCORD
    told: Counter[JobId] = field(default_factory=Counter)

    async def deliver(self, job: Job) -> None:
        self.told[job.id] += 1


class Jobs(RuleBasedStateMachine):
    """One storage, one platform, and a bot that comes and goes."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.storage = MemoryStorage()
        self.images = MemoryImageStore()
        self.recorder = Recorder()
        self.accepted: dict[JobId, str] = {}
        self.cancelled: set[JobId] = set()
        self.events = 0
        self.engine, self.kit = self.start()

    def do(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    def start(self) -> tuple[FakeEngine, SpineKit]:
        engine = FakeEngine(is_manual=True)
        kit = make_spine(
            engine,
            storage=self.storage,
            images=self.images,
            limits=Limits(max_waiting_jobs=4),
            max_attempts=MAX_ATTEMPTS,
        )
        self.do(kit.spine.start())
        kit.spine.deliver_through([self.recorder])
        return engine, kit

    @rule(user=st.sampled_from(["ann", "bob", "cem"]), count=st.integers(1, 2), repeated=st.booleans())
    def submit(self, user: str, count: int, repeated: bool) -> None:
        if not repeated:
            self.events += 1
        event = f"event {self.events}"
        origin = Origin(Actor(Platform.DISCORD, user), event, ReplyAddress(Platform.DISCORD, {}))
        try:
            submitted = self.do(self.kit.application.submit(origin, Draft(prompt="a fish", steps=2, count=count)))
        except Rejected:
            return
        assert submitted.is_new == (event not in self.accepted.values())
        self.accepted[submitted.job.id] = event

    @rule(faults=st.lists(st.sampled_from(sorted(FAULTS)), max_size=4))
    def work(self, faults: list[str]) -> None:
        """Let the engine work through the queue, with faults on the way."""
        self.engine.script(*(Play(fail_at_step=1, failure=FAULTS[fault]) for fault in faults))
        self.do(self.until_idle())

    async def until_idle(self) -> None:
        board = self.kit.application.board
        while board.unfinished():
            self.engine.become_ready()
            await asyncio.sleep(0)
        # Nothing runs between the rules: what a rule finds does not depend on how fast the loop was.
        self.engine.warm_up(0.5)
        self.engine.drop_script()

    @precondition(lambda self: self.kit.application.board.unfinished())
    @rule()
    def cancel_while_running(self) -> None:
        """Stop the job that is first in line after its first step, then let the rest run."""
        self.engine.script(Play(hold_at_step=1))
        self.do(self.cancel_held())

    async def cancel_held(self) -> None:
        self.engine.held.clear()
        self.engine.become_ready()
        await self.engine.held.wait()
        (job_id,) = [job.id for job in self.kit.application.board.unfinished() if job.state is JobState.RUNNING]
        await self.kit.application.cancel(await self.owner(await self.kit.job(job_id)), job_id)
        self.cancelled.add(job_id)
        await self.until_idle()

    @precondition(lambda self: self.accepted)
    @rule(which=st.integers(0, 30))
    def cancel(self, which: int) -> None:
        job_id = list(self.accepted)[which % len(self.accepted)]
        before = self.do(self.kit.job(job_id))
        try:
            owner = self.do(self.owner(before))
            self.do(self.kit.application.cancel(owner, job_id))
        except Rejected:
            assert before.state.is_final
        else:
            assert before.state is JobState.QUEUED
            self.cancelled.add(job_id)

    async def owner(self, job: Job) -> Actor:
        async with self.storage.unit_of_work() as unit:
            for name in ("ann", "bob", "cem"):
                actor = Actor(Platform.DISCORD, name)
                if await unit.users.find(actor) == job.owner:
                    return actor
        raise AssertionError(f"job {job.id} has no owner")

    @rule(orderly=st.booleans())
    def restart(self, orderly: bool) -> None:
        """End the bot, in order or with a job in hand as kill -9 leaves it, and start it again."""
        self.do(self.kit.spine.close())
        if not orderly:
            self.do(self.leave_one_running())
        self.engine, self.kit = self.start()

    async def leave_one_running(self) -> None:
        async with self.storage.unit_of_work() as unit:
            for job in (await unit.jobs.unfinished())[:1]:
                now = self.kit.clock.now()
                await unit.jobs.claim(job.id, lease_owner="dead", lease_until=now, now=now)
            await unit.commit()

    @invariant()
    def every_accepted_job_is_there_and_stands_right(self) -> None:
        for job_id in self.accepted:
            job = self.do(self.kit.job(job_id))
            assert job.attempt <= MAX_ATTEMPTS
            indexes = [picture.index for picture in job.pictures]
            assert len(indexes) == len(set(indexes))
            assert (job.state is JobState.CANCELLED) == (job_id in self.cancelled)
            if job.state is JobState.DONE:
                assert indexes == list(range(job.request.count))
            if not job.state.is_final:
                assert any(job.id == one.id for one in self.kit.application.board.unfinished())

    @invariant()
    def nobody_is_told_twice(self) -> None:
        assert all(times == 1 for times in self.recorder.told.values())
        assert set(self.recorder.told) <= set(self.accepted)

    def teardown(self) -> None:
        """Everything accepted comes to an end, and everybody hears of it."""
        self.do(self.until_idle())
        self.do(self.until_told())
        for job_id in self.accepted:
            assert self.do(self.kit.job(job_id)).state.is_final
        assert set(self.recorder.told) == set(self.accepted)
        self.do(self.kit.spine.close())
        self.loop.close()

    async def until_told(self) -> None:
        async with asyncio.timeout(10):
            while set(self.recorder.told) != set(self.accepted):
                await asyncio.sleep(0)


TestJobs = Jobs.TestCase
TestJobs.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
