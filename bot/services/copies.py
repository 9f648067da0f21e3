"""Results that a platform keeps a copy of: noted when it takes one, found again without an upload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain.actors import Actor
from bot.domain.histories import Copy, Keeper, Search
from bot.domain.jobs import Job
from bot.ports.storage import UnitOfWorkFactory
from bot.services.validation import clean_prompt

_LONGEST_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy with the job it is of."""

    job: Job
    copy: Copy


@dataclass(frozen=True, slots=True)
class CopiesPage:
    """Copies of the newest jobs first; `older` continues the search there, None at the end."""

    copies: tuple[Copied, ...]
    older: int | None


class Copies:
    """Notes and finds copies."""

    def __init__(self, *, open_unit: UnitOfWorkFactory) -> None:
        self._open_unit = open_unit

    async def note(self, copy: Copy) -> None:
        """Remember a copy; of what was deleted meanwhile nothing is remembered. Raises `Rejected`."""
        async with self._open_unit() as unit:
            if await unit.copies.put(copy):
                await unit.commit()

    async def find(
        self, actor: Actor, keeper: Keeper, *, words: str = "", before: int | None = None, limit: int = 12
    ) -> CopiesPage:
        """What the keeper has of the actor's own results; all `words` occur in the prompt. At most 50 jobs a page.

        `before` is the `older` of the page before. Empty for somebody never seen. Raises `Rejected`.
        """
        async with self._open_unit() as unit:
            owner = await unit.users.find(actor)
            if owner is None:
                return CopiesPage((), None)
            page = await unit.history.search(
                Search(
                    owner,
                    words=tuple(clean_prompt(words).split()),
                    before=before,
                    limit=max(1, min(limit, _LONGEST_PAGE)),
                    copied_by=keeper,
                )
            )
            kept = await unit.copies.of_jobs(keeper, [job.id for job in page.jobs])
        found = [Copied(job, copy) for job in page.jobs for copy in kept if copy.job_id == job.id]
        return CopiesPage(tuple(found), page.older)
