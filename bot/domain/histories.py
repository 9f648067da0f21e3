"""Looking back: what to look for, and a page of what was found."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.actors import UserId
from bot.domain.jobs import Job, JobId

Keeper = str
"""Who keeps copies of results for us: our own account on a platform, such as `telegram:110201543`.

What a platform gives out to one account it does not to another.
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A result that a platform keeps, and the id by which it shows it again without an upload."""

    keeper: Keeper
    job_id: JobId
    index: int
    file_id: str


@dataclass(frozen=True, slots=True)
class Search:
    """Which of the owner's jobs: all `words` occur in the prompt (any case); `before` is a job's `number`.

    `only_favourites` finds those with a picture that the owner marked: also other people's, as long as everybody may
    see them. `include_hidden` finds what the owner deleted as well: an export shows all there is. `copied_by` finds
    those of which that keeper has a copy, see `Copy`.
    """

    owner: UserId
    words: tuple[str, ...] = ()
    only_favourites: bool = False
    before: int | None = None
    limit: int = 20
    include_hidden: bool = False
    copied_by: Keeper | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Jobs, newest first; `older` continues the search there, None at the end.

    `favourites` names pictures on this page that the asking person marked.
    """

    jobs: tuple[Job, ...]
    older: int | None
    favourites: frozenset[tuple[JobId, int]] = frozenset()
