"""Taking a request in: the one road that new, re-rolled and varied requests all go."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.actors import Actor, ReplyAddress, UserId
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobState, Lineage, new_job_id
from bot.domain.limits import Limits
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Draft, GenerationRequest, PictureHash
from bot.ports.clock import Clock
from bot.ports.images import ImageStore
from bot.ports.storage import DuplicateEvent, UnitOfWork, UnitOfWorkFactory
from bot.services.admission import admit_picture
from bot.services.board import CardBoard
from bot.services.fair_queue import FairQueue
from bot.services.validation import Rounded, build_request, check_numbers


@dataclass(frozen=True, slots=True)
class Submitted:
    """The accepted job and what was rounded; `is_new` is False when the same event came a second time."""

    job: Job
    rounded: tuple[Rounded, ...] = ()
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. `event_key` names the platform's event, so that its repetition makes no second job."""

    actor: Actor
    event_key: str
    reply_to: ReplyAddress | None = None


class Submit:
    """Accepts requests; a refused one leaves no row and no file behind."""

    def __init__(
        self,
        *,
        limits: Limits,
        images: ImageStore,
        open_unit: UnitOfWorkFactory,
        queue: FairQueue,
        board: CardBoard,
        clock: Clock,
    ) -> None:
        self._limits = limits
        self._images = images
        self._open_unit = open_unit
        self._queue = queue
        self._board = board
        self._clock = clock
        # Storing pictures and the row that names them must not interleave with another request's clean-up.
        self._storing = asyncio.Lock()

    async def __call__(self, origin: Origin, draft: Draft) -> Submitted:
        """Check, admit, store and queue a fresh request. Raises `Rejected`."""
        if (known := await self._already(origin)) is not None:
            return known
        check_numbers(draft, self._limits)
        subject = await self._admit(draft.subject) if draft.subject is not None else None
        styles = [await self._admit(style) for style in draft.styles]
        validated = build_request(draft, subject, tuple(styles), self._limits)
        submitted = await self.enter(origin, validated.request, pictures=validated.pictures)
        return Submitted(submitted.job, validated.rounded, submitted.is_new)

    async def enter(
        self,
        origin: Origin,
        request: GenerationRequest,
        *,
        pictures: Iterable[AdmittedPicture] = (),
        lineage: Lineage | None = None,
    ) -> Submitted:
        """Store the pictures, then in one transaction the job; then it waits its turn."""
        async with self._storing:
            fresh = [picture.sha256 for picture in pictures if not await self._images.exists(picture.sha256)]
            try:
                for picture in pictures:
                    await self._images.put(picture.data)
                job = await self._insert(origin, request, lineage)
            except DuplicateEvent:
                job = None  # another process took the same event in the same moment
            except BaseException:
                await self._forget(fresh)
                raise
        if job is None:
            known = await self._already(origin)
            assert known is not None, "only a repeated event inserts nothing"
            return known
        self._queue.put(job.owner, job.id)
        await self._board.show(job)
        return Submitted(job)

    async def _insert(self, origin: Origin, request: GenerationRequest, lineage: Lineage | None) -> Job | None:
        async with self._open_unit() as unit:
            if await unit.jobs.find_by_event(origin.event_key) is not None:
                return None
            now = self._clock.now()
            owner = await unit.users.resolve(origin.actor, now=now)
            await self._check_waiting(unit, owner)
            job = Job(
                id=new_job_id(),
                owner=owner,
                request=request,
                state=JobState.QUEUED,
                event_key=origin.event_key,
                created_at=now,
                locale=origin.actor.locale,
                reply_to=origin.reply_to,
                lineage=lineage,
            )
            await unit.jobs.add(job)
            await unit.commit()
            return job

    async def _check_waiting(self, unit: UnitOfWork, owner: UserId) -> None:
        waiting = await unit.jobs.count_waiting(owner)
        if waiting >= self._limits.max_waiting_jobs:
            raise Rejected(Rejection.TOO_MANY_WAITING, limit=self._limits.max_waiting_jobs)

    async def _already(self, origin: Origin) -> Submitted | None:
        async with self._open_unit() as unit:
            job = await unit.jobs.find_by_event(origin.event_key)
        return None if job is None else Submitted(job, is_new=False)

    async def _admit(self, data: bytes) -> AdmittedPicture:
        return await asyncio.to_thread(admit_picture, data, self._limits)

    async def _forget(self, fresh: Iterable[PictureHash]) -> None:
        for picture in fresh:
            async with self._open_unit() as unit:
                referenced = await unit.jobs.is_referenced(picture)
            if not referenced:
                await self._images.delete(picture)
