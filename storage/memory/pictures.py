"""Which picture files are named by rows of the in-memory twin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.deliveries import DeliveryState
from bot.domain.jobs import Job
from bot.domain.requests import PictureHash
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc


class MemoryPictureRepository:
    """`bot.ports.library.PictureRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def named(self, pictures: Sequence[PictureHash]) -> frozenset[PictureHash]:
        """Those of `pictures` (at most 500) that something names."""
        tables = await self._transaction.tables()
        return frozenset(pictures) & frozenset(_named(tables))

    async def let_go_results(self, *, finished_before: datetime | None, limit: int) -> frozenset[PictureHash]:
        """Have the oldest ended jobs name their results no more; returns what was let go.

        Favourites and what is still to be delivered stay.
        """
        tables = await self._transaction.tables()
        favourites = {(job_id, index) for _, job_id, index in tables.favourites}
        awaited = {entry.job_id for entry in tables.deliveries.values() if entry.state is DeliveryState.PENDING}
        oldest = [
            (job.id, picture)
            for job in _ended(tables, finished_before)
            for picture in job.pictures
            if picture.is_kept and job.id not in awaited and (job.id, picture.index) not in favourites
        ][:limit]
        for job_id, gone in oldest:
            job = tables.jobs[job_id]
            pictures = tuple(replace(one, is_kept=False) if one == gone else one for one in job.pictures)
            tables.jobs[job_id] = replace(job, pictures=pictures)
        return frozenset(picture.picture for _, picture in oldest)

    async def let_go_references(self, *, finished_before: datetime | None, limit: int) -> frozenset[PictureHash]:
        """Have the oldest ended jobs name their reference pictures no more; returns what was let go."""
        tables = await self._transaction.tables()
        oldest = [
            (job.id, picture)
            for job in _ended(tables, finished_before)
            for picture in _references(job)
            if (job.id, picture) not in tables.let_go
        ][:limit]
        tables.let_go.update(dict.fromkeys(oldest))
        return frozenset(picture for _, picture in oldest)


def _named(tables: Tables) -> Iterator[PictureHash]:
    for job in tables.jobs.values():
        if job.hidden_at is None:
            yield from (picture.picture for picture in job.pictures if picture.is_kept)
            yield from (
                picture
                for picture in job.request.references
                if not job.state.is_final or (job.id, picture) not in tables.let_go
            )
    for card in tables.styles.values():
        yield from card.pictures
    for tray in tables.trays.values():
        yield from tray.pictures


def _ended(tables: Tables, finished_before: datetime | None) -> Sequence[Job]:
    """Jobs that ended before that time and are not hidden, the oldest first."""
    ended = [
        (job.finished_at, job.number, job)
        for job in tables.jobs.values()
        if job.finished_at is not None
        and job.state.is_final
        and job.hidden_at is None
        and (finished_before is None or job.finished_at < utc(finished_before))
    ]
    return [job for _, _, job in sorted(ended, key=lambda entry: entry[:2])]


def _references(job: Job) -> Sequence[PictureHash]:
    """The pictures in the order of their rows in SQL; one that a job has in two places is there twice."""
    request = job.request
    return (*request.styles, *(one for one in (request.subject, request.upscale_of) if one is not None))
