"""The order of work: users take turns, each user's own jobs stay in order."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

from bot.domain.actors import UserId
from bot.domain.jobs import JobId


class FairQueue:
    """Waiting job ids; one user's ten jobs never hold up another user's first.

    It holds ids only and is rebuilt from the database at start. For one event loop.
    """

    def __init__(self) -> None:
        self._turns: OrderedDict[UserId, deque[JobId]] = OrderedDict()
        self._owners: dict[JobId, UserId] = {}
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._owners)

    def put(self, owner: UserId, job_id: JobId) -> None:
        """Append to the owner's line; an owner who is not waiting yet joins at the end of the round."""
        if job_id in self._owners:
            return
        self._turns.setdefault(owner, deque()).append(job_id)
        self._owners[job_id] = owner
        self._filled.set()

    def put_back(self, owner: UserId, job_id: JobId) -> None:
        """Return a job that lost its engine: it is the very next."""
        if job_id in self._owners:
            return
        self._turns.setdefault(owner, deque()).appendleft(job_id)
        self._turns.move_to_end(owner, last=False)
        self._owners[job_id] = owner
        self._filled.set()

    async def filled(self) -> None:
        """Wait until there is a job; it stays in its place."""
        while not self._turns:
            self._filled.clear()
            await self._filled.wait()

    def take(self) -> JobId | None:
        """Take the next job, if there is one; its owner goes to the end of the round."""
        if not self._turns:
            return None
        owner, line = self._turns.popitem(last=False)
        job_id = line.popleft()
        if line:
            self._turns[owner] = line
        del self._owners[job_id]
        return job_id

    def remove(self, job_id: JobId) -> bool:
        """Take a job out of the order; False if it is not waiting."""
        owner = self._owners.pop(job_id, None)
        if owner is None:
            return False
        line = self._turns[owner]
        line.remove(job_id)
        if not line:
            del self._turns[owner]
        return True

    def order(self) -> list[JobId]:
        """All waiting jobs in the order they will be taken if nobody joins."""
        lines = [list(line) for line in self._turns.values()]
        longest = max((len(line) for line in lines), default=0)
        return [line[turn] for turn in range(longest) for line in lines if turn < len(line)]
