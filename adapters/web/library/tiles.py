"""Jobs as the gallery shows them: small pictures, a few words, and where each leads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from adapters.web.library.wishes import job_address
from bot.domain.histories import Page, kind_of
from bot.domain.jobs import Job, JobId, JobState, ResultPicture
from bot.messages.cards import mode_text
from bot.messages.catalogs import Catalog
from bot.messages.parameters import kind_text, state_text
from bot.services.families import Relative
from bot.services.gallery import Wish

_TITLE_CHARS: Final = 120


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture; `url` is None where its file was let go. Sizes are those of the whole picture."""

    url: str | None
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A time for people and for programs."""

    iso: str
    words: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One job of a page of the gallery; `state` is empty for what is done."""

    id: JobId
    address: str
    title: str
    state: str
    kind: str
    when: Moment
    thumbs: tuple[Thumb, ...]
    is_favourite: bool
    is_failed: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """One job of a family; `address` is None for what was deleted or is another's."""

    address: str | None
    title: str
    kind: str
    thumb: Thumb | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A line in which each came of the one before, and what came of its last one where that was more than one."""

    leaves: tuple[Leaf, ...]
    branches: tuple[Branch, ...]


def tiles_of(page: Page, wish: Wish, catalog: Catalog) -> list[Tile]:
    """The jobs of a page."""
    starred = {job_id for job_id, _ in page.favourites}
    return [
        Tile(
            id=job.id,
            address=job_address(job.id, wish),
            title=title_of(job, catalog),
            state="" if job.state is JobState.DONE else state_text(job.state, catalog),
            kind=kind_text(kind_of(job), catalog),
            when=moment_of(job.created_at),
            thumbs=tuple(thumb_of(job, picture) for picture in job.pictures),
            is_favourite=job.id in starred,
            is_failed=job.state is JobState.FAILED,
        )
        for job in page.jobs
    ]


def title_of(job: Job, catalog: Catalog) -> str:
    """What was asked, shortened; how, where there are no words."""
    words = " ".join(job.request.prompt.split()) or mode_text(job.request, catalog)
    return words if len(words) <= _TITLE_CHARS else words[: _TITLE_CHARS - 1] + "…"


def thumb_of(job: Job, picture: ResultPicture) -> Thumb:
    """The thumbnail of a result; its address changes with the picture."""
    url = f"/api/jobs/{job.id}/pictures/{picture.index}.webp?v={picture.picture[:8]}"
    return Thumb(url if picture.is_kept else None, picture.width, picture.height)


def moment_of(when: datetime) -> Moment:
    """A time; a script may put it into the visitor's own zone."""
    return Moment(when.isoformat(), f"{when:%Y-%m-%d %H:%M} UTC")


def branch_of(relative: Relative, current: JobId, wish: Wish, catalog: Catalog) -> Branch:
    """A family as lines and where they part: a hundred re-rolls in a row are one list, not a hundred."""
    line = list(_line(relative))
    return Branch(
        leaves=tuple(_leaf(one, current, wish, catalog) for one in line),
        branches=tuple(branch_of(child, current, wish, catalog) for child in _parting(line)),
    )


def _line(relative: Relative) -> Iterator[Relative]:
    yield relative
    while len(relative.children) == 1:
        (relative,) = relative.children
        yield relative


def _parting(line: Collection[Relative]) -> tuple[Relative, ...]:
    *_, last = line
    return last.children


def _leaf(relative: Relative, current: JobId, wish: Wish, catalog: Catalog) -> Leaf:
    job = relative.job
    if job is None:
        key = "gallery-relative-deleted" if relative.is_deleted else "gallery-relative-of-others"
        return Leaf(None, catalog.text(key), "", None, is_current=False)
    return Leaf(
        address=job_address(job.id, wish),
        title=title_of(job, catalog),
        kind=kind_text(kind_of(job), catalog),
        thumb=thumb_of(job, job.pictures[0]) if job.pictures else None,
        is_current=job.id == current,
    )
