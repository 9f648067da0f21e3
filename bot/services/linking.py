"""One account for several identities: joined with a one-time code, parted again."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.actors import Actor, Platform, UserId
from bot.domain.credits import cost_of
from bot.domain.errors import Rejected, Rejection
from bot.domain.identifiers import ALPHABET, new_identifier
from bot.domain.jobs import JobState
from bot.domain.people import Identity, IssuedCode, LinkCode
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.fair_queue import FairQueue

_CODE_LENGTH: Final = 10
_MISREAD: Final = str.maketrans("oil", "011")  # Crockford's rule for what people type


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How long a code lives, and how many wrong ones a person may type in that time."""

    code_life_s: float = 600.0
    max_tries: int = 5


class Linking:
    """Joins and parts identities.

    A code has 50 random bits, works once and for minutes, and who types five wrong ones has to wait: it can not be
    guessed. Only its digest is stored.
    """

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        queue: FairQueue,
        board: CardBoard,
        clock: Clock,
        settings: LinkSettings | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._queue = queue
        self._board = board
        self._clock = clock
        self._settings = settings or LinkSettings()
        self._wrong_tries: dict[str, deque[datetime]] = {}

    async def issue(self, actor: Actor) -> IssuedCode:
        """A fresh code for the actor's account; an earlier one works no more."""
        now = self._clock.now()
        code = new_identifier(_CODE_LENGTH)
        expires_at = now + timedelta(seconds=self._settings.code_life_s)
        async with self._open_unit() as unit:
            user_id = await unit.users.resolve(actor, now=now)
            await unit.links.put(LinkCode(_digest(code), user_id, expires_at))
            await unit.commit()
        half = _CODE_LENGTH // 2
        return IssuedCode(f"{code[:half]}-{code[half:]}", self._settings.code_life_s)

    async def redeem(self, actor: Actor, code: str) -> Sequence[Identity]:
        """Join the actor's identity, and all that was made with it, to the account that issued `code`.

        Returns all identities of the account. Raises `Rejected`.
        """
        now = self._clock.now()
        self._check_tries(actor, now)
        async with self._open_unit() as unit:
            asking = await unit.users.resolve(actor, now=now)
            issuer = await unit.links.take(_digest(_plain(code)), now=now)
            if issuer == asking:
                raise Rejected(Rejection.LINK_TO_ITSELF)  # not committed: the code works still
            if issuer is not None:
                await unit.users.merge(asking, issuer, now=now)
                identities = await unit.users.identities(issuer)
                await unit.commit()
        if issuer is None:
            self._wrong_tries.setdefault(actor.key, deque()).append(now)
            raise Rejected(Rejection.LINK_CODE_WRONG)
        self._wrong_tries.pop(actor.key, None)
        await self._move_waiting(asking, issuer)
        return identities

    async def identities(self, actor: Actor) -> Sequence[Identity]:
        """By what the actor's account is known; none for somebody never seen."""
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            return await unit.users.identities(user_id) if user_id is not None else ()

    async def unlink(self, actor: Actor, platform: Platform, external_id: str) -> None:
        """Part one identity from the actor's account; it starts afresh, all that was made stays. Raises `Rejected`."""
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            known = await unit.users.identities(user_id) if user_id is not None else ()
            if not any((one.platform, one.external_id) == (platform, external_id) for one in known):
                raise Rejected(Rejection.PERSON_UNKNOWN)
            if len(known) == 1:
                raise Rejected(Rejection.LINK_LAST)
            await unit.users.split(platform, external_id, now=self._clock.now())
            await unit.commit()

    async def _move_waiting(self, source: UserId, target: UserId) -> None:
        """Let the joined person's waiting jobs take turns as those of one person."""
        for job in self._board.unfinished():
            if job.owner != source:
                continue
            moved = replace(job, owner=target)
            if job.state is JobState.QUEUED and self._queue.remove(job.id):
                self._queue.put(target, job.id, weight=job.weight, cost=cost_of(job.request))
            await self._board.show(moved)

    def _check_tries(self, actor: Actor, now: datetime) -> None:
        tries = self._wrong_tries.get(actor.key)
        if tries is None:
            return
        since = now - timedelta(seconds=self._settings.code_life_s)
        while tries and tries[0] <= since:
            tries.popleft()
        if not tries:
            del self._wrong_tries[actor.key]
        elif len(tries) >= self._settings.max_tries:
            left_s = (tries[0] - since).total_seconds()
            raise Rejected(Rejection.LINK_TOO_MANY_TRIES, minutes=max(1, round(left_s / 60)))


def _plain(code: str) -> str:
    """The code as it was drawn, whatever case, spaces and hyphens it was typed with."""
    typed = code.casefold().translate(_MISREAD)
    return "".join(letter for letter in typed if letter in ALPHABET)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
