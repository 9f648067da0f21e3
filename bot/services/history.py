"""Looking back: jobs and pictures, for those who may see them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobId, ResultPicture
from bot.ports.storage import UnitOfWorkFactory
from bot.services.follow_up import visible_job


class History:
    """What was asked and made."""

    def __init__(self, open_unit: UnitOfWorkFactory) -> None:
        self._open_unit = open_unit

    async def recent(self, actor: Actor, *, limit: int) -> Sequence[Job]:
        """The actor's latest jobs, newest first; none for somebody never seen."""
        async with self._open_unit() as unit:
            owner = await unit.users.find(actor)
            return await unit.jobs.recent(owner, limit=limit) if owner is not None else ()

    async def job(self, actor: Actor, job_id: JobId) -> Job:
        """One job that the actor may see. Raises `Rejected`."""
        async with self._open_unit() as unit:
            return await visible_job(unit, actor, job_id)

    async def picture(self, actor: Actor, job_id: JobId, index: int) -> ResultPicture:
        """One finished picture of a job that the actor may see. Raises `Rejected`."""
        job = await self.job(actor, job_id)
        for picture in job.pictures:
            if picture.index == index:
                return picture
        raise Rejected(Rejection.PICTURE_UNKNOWN)
