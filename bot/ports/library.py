"""Repositories of what people made and keep: history, favourites, style cards, trays, and which files those name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from bot.domain.actors import UserId
from bot.domain.histories import Copy, Keeper, Page, Search
from bot.domain.jobs import Job, JobId
from bot.domain.requests import PictureHash
from bot.domain.styles import Shelf, StyleCard, StyleId, Tray

MOST_GENERATIONS: Final = 100
"""How far `HistoryRepository` follows a line of ancestors or descendants."""


class NameTaken(Exception):  # noqa: N818
    """Another card on the shelf has that name; the unit of work is unharmed."""


class HistoryRepository(Protocol):
    """Looking through jobs; hidden ones are not found unless a search includes them."""

    async def search(self, search: Search) -> Page:
        """One page of the owner's jobs."""
        ...

    async def next_newer(self, search: Search, *, number: int) -> JobId | None:
        """The oldest job that the search finds above `number`; its `before` and `limit` are not looked at."""
        ...

    async def children(self, job_id: JobId, *, limit: int) -> Sequence[JobId]:
        """Jobs that were made from this one, oldest first, hidden ones left out."""
        ...

    async def ancestors(self, job_id: JobId, *, limit: int) -> Sequence[Job]:
        """What the job was made from, and that one, and so on, the nearest first; anybody's, and hidden ones too."""
        ...

    async def descendants(self, job_id: JobId, *, owner: UserId, limit: int) -> Sequence[Job]:
        """The owner's jobs made from this one, from those and so on, hidden ones included.

        In order of generation, then oldest first, so that a limit leaves no job without its parent; at most
        `MOST_GENERATIONS` generations.
        """
        ...

    async def hide(self, job_id: JobId, *, now: datetime) -> bool:
        """Hide an ended job, take it from everybody's favourites and forget its copies.

        False if it is unknown, unended or hidden.
        """
        ...

    async def set_favourite(self, user_id: UserId, job_id: JobId, index: int, *, is_on: bool, now: datetime) -> None:
        """Mark or unmark a picture; doing it again changes nothing."""
        ...

    async def is_favourite(self, user_id: UserId, job_id: JobId, index: int) -> bool:
        """Whether the person marked the picture."""
        ...


class CopyRepository(Protocol):
    """Copies of results that platforms keep; they go with their job, and with its being hidden."""

    async def put(self, copy: Copy) -> bool:
        """Note a copy in place of an earlier one; False, and nothing is noted, for a job that is unknown or hidden."""
        ...

    async def of_jobs(self, keeper: Keeper, jobs: Sequence[JobId]) -> Sequence[Copy]:
        """What the keeper has of these jobs (at most 500), by job and index."""
        ...

    async def owned_by(self, owner: UserId) -> Sequence[Copy]:
        """All copies of a person's results, whoever keeps them, by keeper, job and index."""
        ...


class StyleRepository(Protocol):
    """Style cards on their shelves."""

    async def add(self, card: StyleCard) -> None:
        """Store a new card; raises `NameTaken`."""
        ...

    async def get(self, style_id: StyleId) -> StyleCard | None:
        """The card, or None."""
        ...

    async def find(self, shelf: Shelf, name: str) -> StyleCard | None:
        """The card of that name on the shelf (case and spaces do not matter), or None."""
        ...

    async def on_shelves(self, shelves: Sequence[Shelf], *, words: str = "", limit: int) -> Sequence[StyleCard]:
        """Cards of these shelves whose name holds `words`, by name; names that begin with them come first."""
        ...

    async def owned_by(self, owner: UserId) -> Sequence[StyleCard]:
        """All cards of a person, on whatever shelf, oldest first."""
        ...

    async def count(self, shelf: Shelf) -> int:
        """How many cards are on the shelf."""
        ...

    async def uses(self, owner: UserId) -> Mapping[StyleId, int]:
        """In how many of the owner's jobs all pictures of a card were styles, for each of their cards that was used.

        Hidden jobs do not count.
        """
        ...

    async def rename(self, style_id: StyleId, name: str) -> bool:
        """Give the card another name; False if there is none. Raises `NameTaken`."""
        ...

    async def delete(self, style_id: StyleId) -> bool:
        """Remove the card; False if there is none."""
        ...


class TrayRepository(Protocol):
    """The tray of each person."""

    async def get(self, user_id: UserId) -> Tray:
        """What lies in it; empty for whoever has none."""
        ...

    async def put(self, user_id: UserId, tray: Tray, *, now: datetime) -> None:
        """Replace its content; an empty one leaves no row."""
        ...


class PictureRepository(Protocol):
    """Which files are named by anything: job, style card or tray. Hidden jobs name nothing."""

    async def named(self, pictures: Sequence[PictureHash]) -> frozenset[PictureHash]:
        """Those of `pictures` (at most 500) that something names."""
        ...

    async def let_go_results(self, *, finished_before: datetime | None, limit: int) -> frozenset[PictureHash]:
        """Have the oldest ended jobs name their results no more; returns what was let go.

        Excepted are favourites, whoever marked them, and jobs whose news is still to be delivered. At most `limit`
        pictures, oldest first; `finished_before` of None takes any. The rows and so the recipes stay.
        """
        ...

    async def let_go_references(self, *, finished_before: datetime | None, limit: int) -> frozenset[PictureHash]:
        """Have the oldest ended jobs name their reference pictures no more, without exception; else as for results."""
        ...


class ErasureRepository(Protocol):
    """Forgetting a person."""

    async def erase(self, user_id: UserId) -> frozenset[PictureHash]:
        """Remove every row of the person, running jobs too, and return the pictures that those rows named.

        What others made from this person's pictures stays theirs, but does not say any more from which job. Bookings
        of a server's pool stay and lose their job; what the person booked for others does not say any more who did it.
        In the audit log one random name takes the place of all their ids; what was written about them there goes.
        """
        ...
