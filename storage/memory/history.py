"""Looking through jobs in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.actors import UserId
from bot.domain.histories import Keeper, Page, Search, Term, kind_of
from bot.domain.jobs import Job, JobId
from bot.domain.requests import GenerationRequest, Mode
from bot.ports.library import MOST_GENERATIONS
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction, Tables
from storage.memory.times import utc
from storage.texts import storable


class MemoryHistoryRepository:
    """`bot.ports.library.HistoryRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def search(self, search: Search) -> Page:
        """One page of the owner's jobs."""
        tables = await self._transaction.tables()
        found = [job for job in tables.jobs.values() if _is_found(tables, job, search)]
        found.sort(key=lambda job: job.number, reverse=True)
        jobs = tuple(found[: search.limit])
        older = jobs[-1].number if jobs and len(found) > search.limit else None
        ids = {job.id for job in jobs}
        marked = {(job_id, index) for who, job_id, index in tables.favourites if who == search.owner and job_id in ids}
        return Page(jobs, older, frozenset(marked))

    async def next_newer(self, search: Search, *, number: int) -> JobId | None:
        """The oldest job that the search finds above `number`; its `before` and `limit` are not looked at."""
        tables = await self._transaction.tables()
        wanted = replace(search, before=None)
        newer = sorted((job for job in tables.jobs.values() if job.number > number), key=lambda job: job.number)
        return next((job.id for job in newer if _is_found(tables, job, wanted)), None)

    async def children(self, job_id: JobId, *, limit: int) -> Sequence[JobId]:
        """Jobs that were made from this one, oldest first, hidden ones left out."""
        tables = await self._transaction.tables()
        made = [
            job
            for job in tables.jobs.values()
            if job.lineage is not None and job.lineage.parent == job_id and job.hidden_at is None
        ]
        return tuple(job.id for job in sorted(made, key=lambda job: job.number)[:limit])

    async def ancestors(self, job_id: JobId, *, limit: int) -> Sequence[Job]:
        """What the job was made from, and that one, and so on, the nearest first; anybody's, and hidden ones too."""
        tables = await self._transaction.tables()
        line: list[Job] = []
        job = tables.jobs.get(job_id)
        while job is not None and job.lineage is not None and len(line) < min(limit, MOST_GENERATIONS):
            job = tables.jobs.get(job.lineage.parent)
            if job is not None:
                line.append(job)
        return tuple(line)

    async def descendants(self, job_id: JobId, *, owner: UserId, limit: int) -> Sequence[Job]:
        """The owner's jobs made from this one, from those and so on, hidden ones included, by generation and age."""
        tables = await self._transaction.tables()
        made: dict[JobId, list[Job]] = defaultdict(list)
        for job in sorted(tables.jobs.values(), key=lambda job: job.number):
            if job.lineage is not None and job.owner == owner:
                made[job.lineage.parent].append(job)
        line: list[Job] = []
        generation = made[job_id]
        for _ in range(MOST_GENERATIONS):
            line += sorted(generation, key=lambda job: job.number)
            generation = [child for job in generation for child in made[job.id]]
        return tuple(line[:limit])

    async def hide(self, job_id: JobId, *, now: datetime) -> bool:
        """Hide an ended job, take it from everybody's favourites and forget its copies.

        False if it is unknown, unended or hidden.
        """
        tables = await self._transaction.tables()
        job = tables.jobs.get(job_id)
        if job is None or not job.state.is_final or job.hidden_at is not None:
            return False
        tables.jobs[job_id] = replace(job, hidden_at=utc(now))
        for key in [key for key in tables.favourites if key[1] == job_id]:
            del tables.favourites[key]
        for copied in [key for key in tables.copies if key[1] == job_id]:
            del tables.copies[copied]
        return True

    async def set_favourite(self, user_id: UserId, job_id: JobId, index: int, *, is_on: bool, now: datetime) -> None:
        """Mark or unmark a picture; raises `ConstraintViolated` to mark for a person or in a job that is not there."""
        tables = await self._transaction.tables()
        key = (user_id, job_id, index)
        if not is_on:
            tables.favourites.pop(key, None)
        elif user_id not in tables.users or job_id not in tables.jobs:
            raise ConstraintViolated(f"picture {index} of job {job_id} marked by {user_id}")
        else:
            tables.favourites.setdefault(key, utc(now))

    async def is_favourite(self, user_id: UserId, job_id: JobId, index: int) -> bool:
        """Whether the person marked the picture."""
        tables = await self._transaction.tables()
        return (user_id, job_id, index) in tables.favourites


def _is_found(tables: Tables, job: Job, search: Search) -> bool:
    if search.before is not None and job.number >= search.before:
        return False
    if search.copied_by is not None and not _is_copied(tables, job, search.copied_by):
        return False
    prompt = job.request.prompt.casefold()
    if not all(storable(word).casefold() in prompt for word in search.words):
        return False
    if not all(_fits(job, term) for term in search.terms):
        return False
    if not search.styles <= set(job.request.styles):
        return False
    if (search.kinds and kind_of(job) not in search.kinds) or (search.states and job.state not in search.states):
        return False
    is_shown = job.hidden_at is None
    is_own = job.owner == search.owner and (is_shown or search.include_hidden)
    if not search.only_favourites:
        return is_own
    is_marked = any(who == search.owner and job_id == job.id for who, job_id, _ in tables.favourites)
    return is_marked and (is_own or (not search.only_own and is_shown and not job.request.private))


def _fits(job: Job, term: Term) -> bool:
    if storable(term.word).casefold() in job.request.prompt.casefold():
        return True
    return not term.styles.isdisjoint(job.request.styles) or term.seed in tuple(_seeds(job.request))


def _seeds(request: GenerationRequest) -> Iterator[int]:
    if request.mode is Mode.UPSCALE:
        return
    for index in range(request.count):
        seed, variation = request.seeds_of(index)
        yield seed
        if variation is not None:
            yield variation.seed


def _is_copied(tables: Tables, job: Job, keeper: Keeper) -> bool:
    return any((who, job_id) == (keeper, job.id) for who, job_id, _ in tables.copies)
