"""What can be done with an earlier result: re-roll it, vary it."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobId, Lineage, LineageKind
from bot.domain.limits import DRAW_SEED
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.submit import Origin, Submit, Submitted
from bot.services.validation import concrete_seed, draw_variation


class Strength(Enum):
    """How far a variation goes from its picture."""

    SUBTLE = 0.15
    STRONG = 0.5


class Reroll:
    """The same request with a new seed."""

    def __init__(self, open_unit: UnitOfWorkFactory, submit: Submit) -> None:
        self._open_unit = open_unit
        self._submit = submit

    async def __call__(self, origin: Origin, job_id: JobId) -> Submitted:
        """Queue the request of `job_id` again. A varied one gets a new second seed. Raises `Rejected`."""
        async with self._open_unit() as unit:
            job = await visible_job(unit, origin.actor, job_id)
        request = job.request
        if request.variation is not None:
            request = replace(request, variation=draw_variation(request.variation.strength))
        else:
            request = replace(request, seed=concrete_seed(DRAW_SEED))
        return await self._submit.enter(origin, request, lineage=Lineage(LineageKind.REROLL, job.id, 0))


class Vary:
    """Pictures near a finished one."""

    def __init__(self, open_unit: UnitOfWorkFactory, submit: Submit) -> None:
        self._open_unit = open_unit
        self._submit = submit

    async def __call__(self, origin: Origin, job_id: JobId, picture_index: int, strength: float) -> Submitted:
        """Queue a variation of one finished picture of `job_id`; strength above 0, up to 1. Raises `Rejected`.

        A variation of a variation starts from the first one's plain seed and goes toward a fresh one.
        """
        variation = draw_variation(strength)
        async with self._open_unit() as unit:
            job = await visible_job(unit, origin.actor, job_id)
        picture = next((one for one in job.pictures if one.index == picture_index), None)
        if picture is None:
            raise Rejected(Rejection.PICTURE_UNKNOWN if job.pictures else Rejection.JOB_NOT_DONE)
        request = replace(job.request, seed=picture.seed, variation=variation)
        lineage = Lineage(LineageKind.VARIATION, job.id, picture_index)
        return await self._submit.enter(origin, request, lineage=lineage)


async def visible_job(unit: UnitOfWork, actor: Actor, job_id: JobId) -> Job:
    """The job, if there is one that `actor` may see: public ones, and private ones of their own. Raises `Rejected`."""
    job = await unit.jobs.get(job_id)
    if job is None:
        raise Rejected(Rejection.JOB_UNKNOWN)
    if job.request.private and job.owner != await unit.users.find(actor):
        raise Rejected(Rejection.JOB_NOT_YOURS)
    return job
