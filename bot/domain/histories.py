"""Looking back: what to look for, and a page of what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.actors import UserId
from bot.domain.jobs import Job, JobId, JobState, LineageKind
from bot.domain.requests import Mode, PictureHash

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


class Kind(StrEnum):
    """How a job came about, as people tell results apart: every job is of one kind."""

    DRAWN = "drawn"
    REROLLED = "rerolled"
    VARIED = "varied"
    REMIXED = "remixed"
    REPEATED = "repeated"
    UPSCALED = "upscaled"


KIND_OF_LINEAGE = {
    LineageKind.REROLL: Kind.REROLLED,
    LineageKind.VARIATION: Kind.VARIED,
    LineageKind.REMIX: Kind.REMIXED,
    LineageKind.REPEAT: Kind.REPEATED,
    LineageKind.UPSCALE: Kind.UPSCALED,
}
"""The kind of a job that came from another; one that enlarges is `UPSCALED` wherever it came from."""


def kind_of(job: Job) -> Kind:
    """The kind of a job."""
    if job.request.mode is Mode.UPSCALE:
        return Kind.UPSCALED
    return Kind.DRAWN if job.lineage is None else KIND_OF_LINEAGE[job.lineage.kind]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a search in everything: found where any of the three fits.

    The word occurs in the prompt (any case), or one of `styles` is among the job's style pictures, or `seed` is that
    of one of its pictures, a second seed that it was varied toward included.
    """

    word: str
    styles: frozenset[PictureHash] = frozenset()
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """Which of the owner's jobs: all `words` occur in the prompt (any case); `before` is a job's `number`.

    `only_favourites` finds those with a picture that the owner marked: also other people's, as long as everybody may
    see them, unless `only_own`. `include_hidden` finds what the owner deleted as well: an export shows all there is.
    `copied_by` finds those of which that keeper has a copy, see `Copy`. All `terms` fit, and all `styles` are among the
    job's style pictures. Of `kinds` and `states` any may; empty ones ask for nothing.
    """

    owner: UserId
    words: tuple[str, ...] = ()
    only_favourites: bool = False
    before: int | None = None
    limit: int = 20
    include_hidden: bool = False
    copied_by: Keeper | None = None
    only_own: bool = False
    terms: tuple[Term, ...] = ()
    styles: frozenset[PictureHash] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    states: frozenset[JobState] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """Jobs, newest first; `older` continues the search there, None at the end.

    `favourites` names pictures on this page that the asking person marked.
    """

    jobs: tuple[Job, ...]
    older: int | None
    favourites: frozenset[tuple[JobId, int]] = frozenset()
