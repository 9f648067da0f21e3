"""People ask, cancel, link, leave; the bot works, fails, dies; the clock jumps; the database is away.

In whatever order: no job is lost, done twice or charged twice, nobody is told twice, no balance is below zero and
every one follows from its bookings.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from adapters.engine.fake import Play
from bot.domain.actors import ReplyAddress
from bot.domain.credits import AccountId, BookingKind, server_account
from bot.domain.errors import Rejected
from bot.domain.jobs import JobState
from bot.domain.requests import Draft
from bot.ports.engine import EngineFailed, EngineLost, EngineRefused
from bot.services.submit import Origin
from storage.memory.tables import Tables
from tests.property.world import GUILD, HOUR_S, MAX_ATTEMPTS, PEOPLE, PICTURE, POOL, TIERS, World
from tests.support.faulty_storage import Fault
from tests.support.memory_ledger import check_ledger, tables_of

FAULTS = {
    "none": None,
    "lost": EngineLost("died"),
    "failed": EngineFailed("trace"),
    "refused": EngineRefused("not this"),
}

who = st.sampled_from(sorted(PEOPLE))
outages = st.lists(st.sampled_from(list(Fault)), max_size=5)


class Jobs(RuleBasedStateMachine, World):
    """What people do, what the world does, and what always holds."""

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        World.__init__(self)
        self.were_linked = False

    @initialize()
    def open_the_pool(self) -> None:
        self.do(self.set_pool())

    # People

    @rule(
        name=who,
        count=st.integers(1, 3),
        is_repeated=st.booleans(),
        in_guild=st.booleans(),
        has_picture=st.booleans(),
        faults=outages,
    )
    def submit(
        self, name: str, count: int, is_repeated: bool, in_guild: bool, has_picture: bool, faults: list[Fault]
    ) -> None:
        if not is_repeated:
            self.events += 1
        person = PEOPLE[name]
        actor = replace(person, server=GUILD) if in_guild and person.platform is GUILD.platform else person
        origin = Origin(actor, f"event {self.events}", ReplyAddress(actor.platform, {}))
        draft = Draft(prompt="a fish", steps=2, count=count, subject=PICTURE if has_picture else None)
        self.storage.script.extend(faults)
        self.do(self.ask(origin, draft))

    @precondition(lambda self: self.accepted)
    @rule(which=st.integers(0, 30), faults=outages, patience=st.sampled_from([1, 99]))
    def cancel(self, which: int, faults: list[Fault], patience: int) -> None:
        job_id = list(self.accepted)[which % len(self.accepted)]
        before = self.do(self.kit.job(job_id))
        owner = self.owner(before)
        self.storage.script.extend(faults)
        self.asked_to_stop.add(job_id)
        self.do(self.stop(owner, job_id, patience=patience))
        after = self.do(self.kit.job(job_id))
        is_given_up = patience == 1 and job_id in self.doubtful
        assert is_given_up or after.state is (before.state if before.state.is_final else JobState.CANCELLED)

    @rule(name=who, amount=st.integers(-10, 30), tier=st.sampled_from(["large", None]))
    def reward(self, name: str, amount: int, tier: str | None) -> None:
        """Give credits, or take some, and change the tier."""
        accounts = self.kit.application.accounts
        with suppress(Rejected):  # there are not so many to take
            self.do(accounts.grant(PEOPLE[name], amount, by="test"))
        self.do(accounts.set_tier(PEOPLE[name], tier, by="test"))

    @rule(name=who, other=who)
    def link_or_part(self, name: str, other: str) -> None:
        """Join two people; joining somebody with themselves parts them from the others."""
        self.were_linked |= name != other
        linking, person = self.kit.application.linking, PEOPLE[name]
        if name != other:
            issued = self.do(linking.issue(person))
            with suppress(Rejected):  # they are one already
                self.do(linking.redeem(PEOPLE[other], issued.code))
        else:
            with suppress(Rejected):  # unknown, or the last identity
                self.do(linking.unlink(person, person.platform, person.external_id))

    @rule(name=who, faults=outages)
    def erase(self, name: str, faults: list[Fault]) -> None:
        self.do(self.forget(PEOPLE[name], faults))

    @precondition(lambda self: self.has_work)
    @rule(faults=outages)
    def erase_while_running(self, faults: list[Fault]) -> None:
        """Have everything deleted while the engine works on it, then let the rest run."""
        self.do(self.forget_held(faults))

    # Work

    @rule(faults=st.lists(st.sampled_from(sorted(FAULTS)), max_size=4), away=outages)
    def work(self, faults: list[str], away: list[Fault]) -> None:
        """Let the engine work through the queue, with faults on the way."""
        self.engine.script(*(Play(fail_at_step=1, failure=FAULTS[fault]) for fault in faults))
        self.storage.script.extend(away)
        self.do(self.until_idle())

    @precondition(lambda self: self.has_work)
    @rule(away=outages)
    def cancel_while_running(self, away: list[Fault]) -> None:
        """Stop the job that is first in line after its first step, then let the rest run."""
        self.do(self.cancel_held(away))

    # The world

    @rule(hours=st.sampled_from([-30, -1, 1, 12, 25, 24 * 7]))
    def turn_the_clock(self, hours: int) -> None:
        self.clock.advance(hours * HOUR_S)

    @rule(which=st.integers(0, 1))
    def go_away_or_come_back(self, which: int) -> None:
        self.recorders[which].is_away = not self.recorders[which].is_away
        self.do(self.until_told())

    @precondition(lambda self: self.has_work)
    @rule(which=st.integers(0, 1), hours=st.sampled_from([-30, 1]))
    def miss_the_news(self, which: int, hours: int) -> None:
        """Have results ready while a platform is away, and its return at another time."""
        self.recorders[which].is_away = True
        self.do(self.until_idle())
        self.turn_the_clock(hours)
        self.go_away_or_come_back(which)

    @rule(is_orderly=st.booleans())
    def restart(self, is_orderly: bool) -> None:
        """End the bot, in order or with a job in hand as kill -9 leaves it, and start it again."""
        self.do(self.kit.spine.close())
        if not is_orderly:
            self.do(self.leave_one_running())
        self.engine, self.kit = self.start()
        self.do(self.until_told())

    # What always holds

    @invariant()
    def every_accepted_job_is_there_and_stands_right(self) -> None:
        tables = tables_of(self.storage)
        on_board = {job.id for job in self.kit.application.board.unfinished()}
        in_line = set(self.kit.spine._parts.queue.order())
        unfinished = {job.id for job in tables.jobs.values() if not job.state.is_final}
        assert set(self.accepted) == set(tables.jobs)
        # Ended and deleted jobs stay in line if the answer was lost, until their turn shows what became of them.
        assert unfinished <= on_board & in_line
        assert on_board | in_line <= unfinished | self.doubtful
        for job in tables.jobs.values():
            assert job.attempt <= MAX_ATTEMPTS
            indexes = [picture.index for picture in job.pictures]
            assert len(indexes) == len(set(indexes))
            assert job.state is not JobState.CANCELLED or job.id in self.asked_to_stop
            assert job.state is not JobState.DONE or indexes == list(range(job.request.count))
            named = job.request.references | {picture.picture for picture in job.pictures}
            assert all(self.do(self.images.exists(picture)) for picture in named)

    @invariant()
    def the_ledger_adds_up(self) -> None:
        tables = tables_of(self.storage)
        check_ledger(tables)
        self.check_refills(tables)

    def check_refills(self, tables: Tables) -> None:
        """No day gives more than its allowance, whatever the clock does; linking and parting gives nothing twice."""
        given: defaultdict[tuple[AccountId, date], int] = defaultdict(int)
        for booking in tables.bookings.values():
            if booking.kind is BookingKind.REFILL:
                given[booking.account, booking.at.date()] += booking.daily
        largest = max(tier.daily or 0 for tier in TIERS.all)
        for (account, day), amount in given.items():
            own = largest * len(PEOPLE) if self.were_linked else largest
            assert amount <= (POOL if account == server_account(GUILD) else own), f"{amount} for {account} on {day}"

    @invariant()
    def nobody_is_told_twice(self) -> None:
        assert all(times == 1 for times in self.told.values())

    def teardown(self) -> None:
        """Everything accepted comes to an end, and everybody hears of it."""
        try:
            for recorder in self.recorders:
                recorder.is_away = False
            self.engine.release()
            self.do(self.until_idle())
            assert all(self.do(self.kit.job(job_id)).state.is_final for job_id in self.accepted)
            assert set(self.told) >= set(self.accepted)
        finally:
            self.do(self.kit.spine.close())
            self.loop.close()


TestJobs = Jobs.TestCase
TestJobs.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
