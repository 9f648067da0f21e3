"""Looking back: jobs and pictures, for those who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.actors import Actor
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.errors import Rejected, Rejection
from bot.domain.histories import Page, Search
from bot.domain.jobs import Job, JobId, ResultPicture
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.follow_up import drawn_job, visible_job
from bot.services.keeping import PictureKeeper
from bot.services.validation import clean_prompt

_LONGEST_PAGE: Final = 100
_MOST_CHILDREN: Final = 50


@dataclass(frozen=True, slots=True)
class Family:
    """What a job was made from, and what was made from it, oldest first; only what the asking person may see."""

    parent: Job | None
    children: tuple[Job, ...]


class History:
    """What was asked and made."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, keeper: PictureKeeper, clock: Clock) -> None:
        self._open_unit = open_unit
        self._keeper = keeper
        self._clock = clock

    async def recent(self, actor: Actor, *, limit: int) -> Sequence[Job]:
        """The actor's latest jobs, newest first; none for somebody never seen."""
        return (await self.page(actor, limit=limit)).jobs

    async def page(
        self,
        actor: Actor,
        *,
        words: str = "",
        only_favourites: bool = False,
        before: int | None = None,
        limit: int = 20,
    ) -> Page:
        """One page of the actor's jobs, newest first, at most 100; empty for somebody never seen.

        All `words` occur in the prompt; `before` is the `older` of the page before.
        """
        async with self._open_unit() as unit:
            owner = await unit.users.find(actor)
            if owner is None:
                return Page((), None)
            search = Search(
                owner,
                words=tuple(clean_prompt(words).split()),
                only_favourites=only_favourites,
                before=before,
                limit=max(1, min(limit, _LONGEST_PAGE)),
            )
            return await unit.history.search(search)

    async def job(self, actor: Actor, job_id: JobId) -> Job:
        """One job that the actor may see. Raises `Rejected`."""
        async with self._open_unit() as unit:
            return await visible_job(unit, actor, job_id)

    async def drawn(self, actor: Actor, job_id: JobId, index: int) -> tuple[Job, int]:
        """Job and index of a picture as it was drawn: of an enlarged one, what it was enlarged from.

        Raises `Rejected`, also where that is not known.
        """
        async with self._open_unit() as unit:
            return await drawn_job(unit, actor, job_id, index)

    async def picture(self, actor: Actor, job_id: JobId, index: int) -> ResultPicture:
        """One finished picture of a job that the actor may see. Raises `Rejected`, also if its file was let go."""
        picture = picture_of(await self.job(actor, job_id), index)
        if not picture.is_kept:
            raise Rejected(Rejection.RESULT_GONE)
        return picture

    async def lineage(self, actor: Actor, job_id: JobId) -> Family:
        """Where a job came from and what came of it. Raises `Rejected` if the actor may not see the job itself."""
        async with self._open_unit() as unit:
            job = await visible_job(unit, actor, job_id)
            asking = await unit.users.find(actor)
            ids = [job.lineage.parent] if job.lineage is not None else []
            ids += await unit.history.children(job_id, limit=_MOST_CHILDREN)
            found = {one: await unit.jobs.get(one) for one in ids}
        seen = {
            one: relative
            for one, relative in found.items()
            if relative is not None
            and relative.hidden_at is None
            and (relative.owner == asking or not relative.request.private)
        }
        parent = seen.pop(job.lineage.parent, None) if job.lineage is not None else None
        return Family(parent, tuple(seen.values()))

    async def favourite(self, actor: Actor, job_id: JobId, index: int, *, is_on: bool) -> None:
        """Mark or unmark a picture that the actor may see, their own or a public one. Raises `Rejected`."""
        now = self._clock.now()
        async with self._open_unit() as unit:
            picture_of(await visible_job(unit, actor, job_id), index)
            user_id = await unit.users.resolve(actor, now=now)
            await unit.history.set_favourite(user_id, job_id, index, is_on=is_on, now=now)
            await unit.commit()

    async def toggle_favourite(self, actor: Actor, job_id: JobId, index: int) -> bool:
        """Mark a picture that the actor may see, or unmark it if it was; returns whether it is one now.

        Raises `Rejected`.
        """
        now = self._clock.now()
        async with self._open_unit() as unit:
            picture_of(await visible_job(unit, actor, job_id), index)
            user_id = await unit.users.resolve(actor, now=now)
            is_on = not await unit.history.is_favourite(user_id, job_id, index)
            await unit.history.set_favourite(user_id, job_id, index, is_on=is_on, now=now)
            await unit.commit()
        return is_on

    async def deletable(self, actor: Actor, job_id: JobId) -> Job:
        """The job, if the actor may delete it: to be asked before they are asked whether they are sure.

        Raises `Rejected` as `delete` does.
        """
        async with self._open_unit() as unit:
            return await _deletable(unit, actor, job_id)

    async def delete(self, actor: Actor, job_id: JobId) -> None:
        """Hide an ended job from everybody at once, then remove its files where nothing else needs them.

        For its owner and for moderators of the server it was asked in; what these delete goes into the audit log.
        Raises `Rejected`.
        """
        now = self._clock.now()
        async with self._open_unit() as unit:
            job = await _deletable(unit, actor, job_id)
            if not await unit.history.hide(job_id, now=now):
                raise Rejected(Rejection.JOB_UNKNOWN)
            if job.owner != await unit.users.find(actor):
                await unit.audit.add(AuditEntry(now, actor.key, AuditAction.DELETE, job_id))
            await unit.commit()
        await self._keeper.release({*job.request.references, *(one.picture for one in job.pictures)})


async def _deletable(unit: UnitOfWork, actor: Actor, job_id: JobId) -> Job:
    job = await unit.jobs.get(job_id)
    if job is None or job.hidden_at is not None:
        raise Rejected(Rejection.JOB_UNKNOWN)
    if not actor.moderates(job.server) and job.owner != await unit.users.find(actor):
        raise Rejected(Rejection.JOB_NOT_YOURS)
    if not job.state.is_final:
        raise Rejected(Rejection.JOB_NOT_DONE)
    return job


def picture_of(job: Job, index: int) -> ResultPicture:
    """The picture of that index. Raises `Rejected`."""
    for picture in job.pictures:
        if picture.index == index:
            return picture
    raise Rejected(Rejection.PICTURE_UNKNOWN)
