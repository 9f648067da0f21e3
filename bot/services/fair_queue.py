"""The order of work: users take turns by the work they ask for, each user's own jobs stay in order."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, insort
from dataclasses import dataclass
from itertools import count
from typing import Final

from bot.domain.actors import UserId
from bot.domain.jobs import JobId

# Virtual time per hundredth of a credit at weight 1. Every weight up to 16 divides it, so that turns that ought to
# end at one moment do.
_TICKS: Final = 720_720

_Key = tuple[int, int, JobId]
"""Start in virtual time, then order of arrival."""


@dataclass(slots=True)
class _Ticket:
    owner: UserId
    job_id: JobId
    number: int
    span: int
    start: int

    @property
    def key(self) -> _Key:
        return self.start, self.number, self.job_id


class FairQueue:
    """Waiting job ids in the order of start-time fair queueing; for one event loop.

    The algorithm is SFQ of Goyal, Vin and Cheng (1996). Each job has a start in virtual time and spans its work
    divided by its owner's weight; the owner's next job starts where it ends, but never before the present, which is
    the start of the job taken last. The smallest start is next, of equal ones the first to arrive. So two owners
    who both wait get work in proportion to their weights, to within one job each; who was idle has saved nothing
    up; an owner's first job has at most one job of each other owner before it, however many they have waiting; and
    as every job ends later than it starts, nobody waits for ever, whatever the weights.

    It holds ids only and is rebuilt from the database at start. All methods are fast with ten thousand jobs:
    binary search in one sorted list, which is put in order again at the next look after jobs were removed.
    """

    def __init__(self) -> None:
        self._tickets: dict[JobId, _Ticket] = {}
        self._lines: dict[UserId, dict[JobId, _Ticket]] = {}
        self._order: list[_Key] = []
        self._returned: list[JobId] = []  # the last one is next
        self._ends: dict[UserId, int] = {}  # where the last job of each owner ends, taken ones too
        self._removed_from: dict[UserId, int] = {}  # owners whose line has gaps, and where that line starts
        self._present = 0
        self._numbers = count()
        self._changes = 0
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._tickets) + len(self._returned)

    @property
    def changes(self) -> int:
        """Grows with every change of the order."""
        return self._changes

    def put(self, owner: UserId, job_id: JobId, *, weight: int = 1, cost: int = 100) -> None:
        """Append to the owner's line; nothing happens if the job waits already.

        `cost` is the work of the job, in hundredths of a credit; an owner of `weight` 2 gets twice the work of one
        of weight 1. Raises ValueError unless both are at least 1.
        """
        if weight < 1 or cost < 1:
            raise ValueError(f"weight and cost of a job are at least 1, not {weight} and {cost}")
        if job_id in self._tickets or job_id in self._returned:
            return
        self._close_gaps()
        ticket = _Ticket(
            owner=owner,
            job_id=job_id,
            number=next(self._numbers),
            span=max(1, cost * _TICKS // weight),
            start=max(self._present, self._ends.get(owner, 0)),
        )
        self._ends[owner] = ticket.start + ticket.span
        self._tickets[job_id] = ticket
        self._lines.setdefault(owner, {})[job_id] = ticket
        insort(self._order, ticket.key)
        self._note_change()

    def put_back(self, job_id: JobId) -> None:
        """Return a job that was taken and lost its engine: it is the very next, and its owner had that turn."""
        if job_id in self._tickets or job_id in self._returned:
            return
        self._returned.append(job_id)
        self._note_change()

    async def filled(self) -> None:
        """Wait until there is a job; it stays in its place. Whoever waits here has nothing left to work on."""
        while not len(self):
            self._rest()
            self._filled.clear()
            await self._filled.wait()

    def take(self) -> JobId | None:
        """Take the next job, if there is one."""
        if self._returned:
            self._note_change()
            return self._returned.pop()
        self._close_gaps()
        if not self._order:
            return None
        self._present, _, job_id = self._order.pop(0)
        self._leave(self._tickets.pop(job_id))
        self._note_change()
        return job_id

    def remove(self, job_id: JobId) -> bool:
        """Take a job out of the order, and its owner's later jobs move up; False if it is not waiting."""
        if job_id in self._returned:
            self._returned.remove(job_id)
        elif (ticket := self._tickets.pop(job_id, None)) is not None:
            first = next(iter(self._lines[ticket.owner].values()))
            self._removed_from.setdefault(ticket.owner, first.start)
            self._leave(ticket)
        else:
            return False
        self._note_change()
        return True

    def place(self, job_id: JobId) -> int | None:
        """The place of a job in `order`, from 1; None if it is not waiting."""
        if job_id in self._returned:
            return len(self._returned) - self._returned.index(job_id)
        self._close_gaps()
        ticket = self._tickets.get(job_id)
        return None if ticket is None else len(self._returned) + bisect_left(self._order, ticket.key) + 1

    def order(self) -> list[JobId]:
        """All waiting jobs in the order they will be taken if nobody joins."""
        self._close_gaps()
        return [*reversed(self._returned), *(job_id for _, _, job_id in self._order)]

    def _leave(self, ticket: _Ticket) -> None:
        line = self._lines[ticket.owner]
        del line[ticket.job_id]
        if not line:
            del self._lines[ticket.owner]

    def _close_gaps(self) -> None:
        """Let the jobs behind removed ones move up: what was not made costs nothing."""
        if not self._removed_from:
            return
        for owner, start in self._removed_from.items():
            end = start
            for ticket in self._lines.get(owner, {}).values():
                ticket.start = end
                end += ticket.span
            self._ends[owner] = end
        self._removed_from.clear()
        # Nearly in order as it is, which sorting makes use of.
        self._order = sorted([self._tickets[job_id].key for _, _, job_id in self._order if job_id in self._tickets])

    def _rest(self) -> None:
        """Work ran out, so nobody was held up by what others got: all begin anew."""
        self._close_gaps()
        self._present = max(self._ends.values(), default=self._present)
        self._ends.clear()

    def _note_change(self) -> None:
        self._changes += 1
        self._filled.set()
