"""What whoever runs the bot can do from a chat: pause it, look at it, decide about people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from statistics import median
from typing import Final

from bot.domain.actors import Actor, Platform
from bot.domain.credits import Balance, Credits
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobState
from bot.domain.operations import RunMode, Stats
from bot.ports.clock import Clock
from bot.ports.engine import Engine
from bot.ports.storage import UnitOfWorkFactory
from bot.services.accounts import Accounts
from bot.services.board import CardBoard
from bot.services.run_switch import RunSwitch

_COUNTED: Final = timedelta(hours=24)


class Operations:
    """For operators: the identities named in the configuration, and the local page. Others are refused.

    Every method raises `Rejected` (`OPERATORS_ONLY`) for anybody else. Modes last until the process ends.
    """

    def __init__(
        self,
        *,
        operators: Collection[str],
        switch: RunSwitch,
        board: CardBoard,
        engine: Engine,
        accounts: Accounts,
        open_unit: UnitOfWorkFactory,
        clock: Clock,
    ) -> None:
        self._operators = frozenset(operators)
        self._switch = switch
        self._board = board
        self._engine = engine
        self._accounts = accounts
        self._open_unit = open_unit
        self._clock = clock

    @property
    def mode(self) -> RunMode:
        """The mode at this moment."""
        return self._switch.mode

    def is_operator(self, actor: Actor) -> bool:
        """Whether they run this bot; the page is on the machine of whoever does."""
        return actor.platform is Platform.WEB or actor.key in self._operators

    async def pause(self, actor: Actor) -> None:
        """Take no further job from the queue; the running one finishes, new requests wait."""
        await self._turn(actor, RunMode.PAUSED)

    async def drain(self, actor: Actor) -> None:
        """Refuse new requests and work off what waits, before a restart; ends a pause."""
        await self._turn(actor, RunMode.DRAINING)

    async def resume(self, actor: Actor) -> None:
        """Go back to normal."""
        await self._turn(actor, RunMode.RUNNING)

    async def restart_engine(self, actor: Actor) -> None:
        """End the engine's process and start a fresh one; the picture in work goes back to the queue and is next."""
        self._check(actor)
        await self._engine.restart()

    async def stats(self, actor: Actor) -> Stats:
        """The bot at this moment and over the last 24 hours."""
        self._check(actor)
        async with self._open_unit() as unit:
            tally = await unit.jobs.tally(since=self._clock.now() - _COUNTED)
        jobs = self._board.unfinished()
        waiting = [job for job in jobs if job.state is JobState.QUEUED]
        status = self._engine.status
        return Stats(
            mode=self.mode,
            waiting=len(waiting),
            people=len({job.owner for job in waiting}),
            running=len(jobs) - len(waiting),
            engine=status.state,
            engine_label=status.info.label if status.info is not None else "",
            pictures=tally.pictures,
            failures=tally.failures,
            median_s=median(tally.durations_s) if tally.durations_s else None,
        )

    async def grant(self, actor: Actor, person: Actor, amount: Credits) -> Balance:
        """Give a person bonus credits, or take some away with a negative amount; returns what they have then.

        Also raises `Rejected` when there are not so many to take, or when it is too many to give.
        """
        self._check(actor)
        await self._accounts.grant(person, amount, by=actor.key)
        return await self._accounts.balance(person)

    async def set_tier(self, actor: Actor, person: Actor, tier: str | None) -> Balance:
        """Put a person into a tier for good, or back to the default with None; returns what they have then.

        Also raises `Rejected` when there is no such tier.
        """
        self._check(actor)
        await self._accounts.set_tier(person, tier)
        return await self._accounts.balance(person)

    async def block(self, actor: Actor, person: Actor, reason: str) -> None:
        """Shut a person out of the whole bot; the reason is shown to operators only."""
        self._check(actor)
        await self._accounts.block(person, reason=reason)

    async def unblock(self, actor: Actor, person: Actor) -> None:
        """Let a person in again. Also raises `Rejected` for somebody never seen."""
        self._check(actor)
        await self._accounts.unblock(person)

    async def _turn(self, actor: Actor, mode: RunMode) -> None:
        self._check(actor)
        self._switch.turn(mode)
        await self._board.refresh()

    def _check(self, actor: Actor) -> None:
        if not self.is_operator(actor):
            raise Rejected(Rejection.OPERATORS_ONLY)
