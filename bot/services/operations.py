"""What whoever runs the bot can do from a chat: pause it, look at it, decide about people."""

from __future__ import annotations

import logging
from datetime import timedelta
from statistics import median
from typing import Final

from bot.domain.actors import Actor
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.credits import Balance, Credits
from bot.domain.jobs import JobState
from bot.domain.operations import RunMode, Stats
from bot.ports.clock import Clock
from bot.ports.engine import Engine
from bot.ports.storage import StorageUnavailable, UnitOfWorkFactory
from bot.services.accounts import Accounts
from bot.services.board import CardBoard
from bot.services.operators import Operators
from bot.services.run_switch import RunSwitch

log = logging.getLogger(__name__)

_COUNTED: Final = timedelta(hours=24)


class Operations:
    """For operators: the identities named in the configuration, and the local page. Others are refused.

    Every method raises `Rejected` (`OPERATORS_ONLY`) for anybody else. Modes last until the process ends. What is done
    goes into the audit log.
    """

    def __init__(
        self,
        *,
        operators: Operators,
        switch: RunSwitch,
        board: CardBoard,
        engine: Engine,
        accounts: Accounts,
        open_unit: UnitOfWorkFactory,
        clock: Clock,
    ) -> None:
        self._operators = operators
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
        return actor in self._operators

    async def pause(self, actor: Actor) -> None:
        """Take no further job from the queue; the running one finishes, new requests wait."""
        await self._turn(actor, RunMode.PAUSED, AuditAction.PAUSE)

    async def drain(self, actor: Actor) -> None:
        """Refuse new requests and work off what waits, before a restart; ends a pause."""
        await self._turn(actor, RunMode.DRAINING, AuditAction.DRAIN)

    async def resume(self, actor: Actor) -> None:
        """Go back to normal."""
        await self._turn(actor, RunMode.RUNNING, AuditAction.RESUME)

    async def restart_engine(self, actor: Actor) -> None:
        """End the engine's process and start a fresh one; the picture in work goes back to the queue and is next."""
        self._operators.check(actor)
        await self._engine.restart()
        await self._note(actor, AuditAction.RESTART_ENGINE)

    async def stats(self, actor: Actor) -> Stats:
        """The bot at this moment and over the last 24 hours."""
        self._operators.check(actor)
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
            engine_label=f"{status.info.label}, {status.info.profile}" if status.info is not None else "",
            pictures=tally.pictures,
            failures=tally.failures,
            median_s=median(tally.durations_s) if tally.durations_s else None,
        )

    async def grant(self, actor: Actor, person: Actor, amount: Credits) -> Balance:
        """Give a person bonus credits, or take some away with a negative amount; returns what they have then.

        Also raises `Rejected` when there are not so many to take, or when it is too many to give.
        """
        self._operators.check(actor)
        await self._accounts.grant(person, amount, by=actor.key)
        return await self._accounts.balance(person)

    async def set_tier(self, actor: Actor, person: Actor, tier: str | None) -> Balance:
        """Put a person into a tier for good, or back to the default with None; returns what they have then.

        Also raises `Rejected` when there is no such tier.
        """
        self._operators.check(actor)
        await self._accounts.set_tier(person, tier, by=actor.key)
        return await self._accounts.balance(person)

    async def block(self, actor: Actor, person: Actor, reason: str) -> None:
        """Shut a person out of the whole bot; the reason is shown to operators only."""
        self._operators.check(actor)
        await self._accounts.block(person, reason=reason, by=actor.key)

    async def unblock(self, actor: Actor, person: Actor) -> None:
        """Let a person in again. Also raises `Rejected` for somebody never seen."""
        self._operators.check(actor)
        await self._accounts.unblock(person, by=actor.key)

    async def _turn(self, actor: Actor, mode: RunMode, action: AuditAction) -> None:
        self._operators.check(actor)
        self._switch.turn(mode)
        await self._board.refresh()
        await self._note(actor, action)

    async def _note(self, actor: Actor, action: AuditAction) -> None:
        """Write down what was done; it is done even while the database is away, which is when it is needed."""
        try:
            async with self._open_unit() as unit:
                await unit.audit.add(AuditEntry(self._clock.now(), actor.key, action))
                await unit.commit()
        except StorageUnavailable as error:
            log.warning("%s by %s is missing in the audit log: %s", action.value, actor.key, error.reason)
