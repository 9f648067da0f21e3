"""A bot that comes and goes, the platforms that it serves, and what outlives it: for the state machine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, Server, UserId
from bot.domain.credits import Tier, Tiers, price_of, user_account
from bot.domain.deliveries import DeliveryState
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobId, JobState
from bot.domain.limits import Limits
from bot.domain.people import ServerSettings
from bot.domain.requests import Draft
from bot.ports.platforms import DeliveryDelayed
from bot.ports.storage import StorageUnavailable
from bot.services.submit import Origin
from storage.memory import MemoryImageStore
from tests.support.faulty_storage import Fault, FaultyStorage
from tests.support.memory_ledger import tables_of
from tests.support.pictures import png
from tests.support.spine import SpineKit, SteadyClock, make_spine

MAX_ATTEMPTS = 2
HOUR_S = 3600.0
PATIENCE_S = 10.0
LONGEST_WAIT_S = 600.0  # of the outbox
TIERS = Tiers((Tier("small", 24), Tier("large", 32, 3, max_waiting=6)), default="small")
POOL = 12
GUILD = Server(Platform.DISCORD, "guild")
PEOPLE = {
    "ann": Actor(Platform.DISCORD, "ann"),
    "bob": Actor(Platform.DISCORD, "bob"),
    "cem": Actor(Platform.TELEGRAM, "cem"),
}
PICTURE = png(64, 64)


@dataclass
class Recorder:
    """A platform: what it was told, by job; while it `is_away` it asks to try later."""

    platform: Platform
    told: Counter[JobId] = field(default_factory=Counter)
    is_away: bool = False

    async def deliver(self, job: Job) -> None:
        """Note it down."""
        if self.is_away:
            raise DeliveryDelayed("away")
        self.told[job.id] += 1


class World:
    """One storage, two platforms and a bot. Nothing runs between calls of `do`."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.storage = FaultyStorage()
        self.images = MemoryImageStore()
        self.clock = SteadyClock()
        self.recorders = [Recorder(Platform.DISCORD), Recorder(Platform.TELEGRAM)]
        self.accepted: dict[JobId, str] = {}
        self.asked_to_stop: set[JobId] = set()
        self.doubtful: set[JobId] = set()
        self.events = 0
        self.engine, self.kit = self.start()

    def do(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run to the end, without outages afterwards."""
        try:
            return self.loop.run_until_complete(asyncio.wait_for(coroutine, PATIENCE_S))
        finally:
            self.storage.script.clear()

    def start(self) -> tuple[FakeEngine, SpineKit]:
        engine = FakeEngine(is_manual=True)
        kit = make_spine(
            engine,
            storage=self.storage,
            images=self.images,
            clock=self.clock,
            limits=Limits(max_waiting_jobs=4),
            tiers=TIERS,
            max_attempts=MAX_ATTEMPTS,
            retry_s=0.0,
        )
        self.do(kit.spine.start())
        kit.spine.deliver_through(self.recorders)
        return engine, kit

    async def set_pool(self) -> None:
        async with self.storage.unit_of_work() as unit:
            await unit.settings.set_server(GUILD, ServerSettings(pool=POOL))
            await unit.commit()

    async def ask(self, origin: Origin, draft: Draft) -> None:
        """Ask again as long as the database is away."""
        submitted = None
        while submitted is None:
            try:
                submitted = await self.kit.application.submit(origin, draft)
            except StorageUnavailable:
                continue
            except Rejected as refused:
                self.storage.script.clear()
                await self.check_refusal(refused, origin.actor, draft)
                return
        self.accepted[submitted.job.id] = origin.event_key

    async def check_refusal(self, refused: Rejected, actor: Actor, draft: Draft) -> None:
        cost = draft.count * price_of(1024, 1024, draft.steps)
        if refused.rejection in {Rejection.CREDITS_USED_UP, Rejection.TOO_EXPENSIVE}:
            balance = await self.kit.application.accounts.balance(actor)
            assert balance.account.left < cost
            assert balance.pool is None or balance.pool < cost
        else:
            assert refused.rejection is Rejection.TOO_MANY_WAITING

    async def stop(self, owner: Actor, job_id: JobId, *, patience: int = 99) -> None:
        """Ask so many times while the database is away; if it was not away, the job has ended, by this or before."""
        for _ in range(patience):
            try:
                await self.kit.application.cancel(owner, job_id)
            except StorageUnavailable:
                self.doubtful.add(job_id)
                continue
            except Rejected as refused:
                if refused.rejection is not Rejection.JOB_ENDED:
                    raise
            return

    def owner(self, job: Job) -> Actor:
        tables = tables_of(self.storage)
        key = next(key for key, identity in tables.identities.items() if identity.user_id == job.owner)
        return PEOPLE[key[1]]

    async def forget_held(self, faults: list[Fault]) -> None:
        job = await self.hold_one()
        await self.forget(self.owner(job), faults)
        self.engine.release()  # nobody stopped it if the answer to the deletion was lost
        await self.until_idle()

    async def forget(self, person: Actor, faults: list[Fault]) -> None:
        """Ask again as long as the database is away; then nothing is left."""
        user_id = self.user_id(person)
        theirs = {job.id for job in tables_of(self.storage).jobs.values() if job.owner == user_id}
        self.storage.script.extend(faults)
        while True:
            try:
                await self.kit.application.erase(person)
            except StorageUnavailable:
                continue
            break
        self.doubtful |= theirs
        self.accepted = {job_id: event for job_id, event in self.accepted.items() if job_id not in theirs}
        tables = tables_of(self.storage)
        assert user_id not in tables.users
        assert user_account(user_id) not in tables.accounts
        assert not any(job.owner == user_id for job in tables.jobs.values())

    def user_id(self, person: Actor) -> UserId:
        """Empty for somebody never seen."""
        identity = tables_of(self.storage).identities.get((person.platform, person.external_id))
        return identity.user_id if identity is not None else ""

    async def until_idle(self) -> None:
        board = self.kit.application.board
        while board.unfinished():
            self.engine.become_ready()
            await asyncio.sleep(0)
        # What a rule finds does not depend on how fast the loop was.
        self.engine.warm_up(0.5)
        self.engine.drop_script()
        await self.until_told()

    async def until_told(self) -> None:
        """Wait for the deliveries, but for those of platforms that are away."""
        away = {recorder.platform for recorder in self.recorders if recorder.is_away}
        left_s = LONGEST_WAIT_S
        while any(
            delivery.state is DeliveryState.PENDING and delivery.platform not in away
            for delivery in tables_of(self.storage).deliveries.values()
        ):
            step_s = min(10.0, left_s)
            left_s -= step_s
            self.clock.advance(step_s)
            self.kit.spine.deliver_through(self.recorders)
            await asyncio.sleep(0)

    async def cancel_held(self, away: list[Fault]) -> None:
        job = await self.hold_one()
        self.asked_to_stop.add(job.id)
        self.storage.script.extend(away)
        await self.stop(self.owner(job), job.id)
        await self.until_idle()

    @property
    def has_work(self) -> bool:
        """Whether a job waits."""
        return any(not job.state.is_final for job in tables_of(self.storage).jobs.values())

    async def hold_one(self) -> Job:
        """Have the engine begin the job that is first in line and wait after its first step."""
        self.engine.script(Play(hold_at_step=1))
        self.engine.held.clear()
        self.engine.become_ready()
        await self.engine.held.wait()
        (running,) = [job for job in self.kit.application.board.unfinished() if job.state is JobState.RUNNING]
        return await self.kit.job(running.id)

    async def leave_one_running(self) -> None:
        async with self.storage.unit_of_work() as unit:
            for job in (await unit.jobs.unfinished())[:1]:
                now = self.clock.now()
                await unit.jobs.claim(job.id, lease_owner="dead", lease_until=now, now=now)
            await unit.commit()

    @property
    def told(self) -> Counter[JobId]:
        """Over all platforms."""
        return self.recorders[0].told + self.recorders[1].told
