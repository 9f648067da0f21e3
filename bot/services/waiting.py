"""What waits, for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.actors import Actor
from bot.domain.jobs import JobState
from bot.ports.storage import UnitOfWorkFactory
from bot.services.board import CardBoard


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many requests wait in all, and how many of them are the asking person's."""

    total: int
    own: int


class CountWaiting:
    """Counts the cards that wait."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, board: CardBoard) -> None:
        self._open_unit = open_unit
        self._board = board

    async def __call__(self, actor: Actor) -> Waiting:
        """The queue as it stands."""
        async with self._open_unit() as unit:
            asking = await unit.users.find(actor)
        queued = [job for job in self._board.unfinished() if job.state is JobState.QUEUED]
        return Waiting(len(queued), sum(job.owner == asking for job in queued))
