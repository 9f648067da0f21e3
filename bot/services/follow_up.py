"""What can be done with an earlier result: re-roll it, vary it, remix it, repeat it.

The request of an enlarged picture says nothing to draw: re-rolled, varied and remixed is the picture that it was
enlarged from (`drawn_job`); repeated, it is enlarged again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobId, Lineage, LineageKind
from bot.domain.limits import DRAW_SEED
from bot.domain.requests import Draft, GenerationRequest, Stored
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.cancel import Cancel
from bot.services.submit import Origin, Submit, Submitted
from bot.services.validation import concrete_seed, draw_variation

_RECIPE_ID: Final = re.compile(r"([0-9a-z]+)(?:-([1-9][0-9]?))?")


class Strength(Enum):
    """How far a variation goes from its picture."""

    SUBTLE = 0.15
    STRONG = 0.5


@dataclass(frozen=True, slots=True)
class RemixChanges:
    """What a remix changes; None leaves it as it was. `aspect` wins over width and height, a `seed` of -1 draws one.

    Naming a size switches `keep_size` off; naming another seed gives up the variation toward a second one.
    `styles` of None leaves them as they were.
    """

    prompt: str | None = None
    seed: int | None = None
    aspect: str | None = None
    width: int | None = None
    height: int | None = None
    guidance: float | None = None
    steps: int | None = None
    count: int | None = None
    subject_size: int | None = None
    keep_size: bool = False
    private: bool | None = None
    spoiler: bool | None = None
    styles: tuple[Stored, ...] | None = None

    @property
    def names_size(self) -> bool:
        """Whether another size is asked for."""
        return any(one is not None for one in (self.aspect, self.width, self.height))


class Reroll:
    """The same request with a new seed."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, submit: Submit) -> None:
        self._open_unit = open_unit
        self._submit = submit

    async def __call__(self, origin: Origin, job_id: JobId) -> Submitted:
        """Queue the request of `job_id` again. A varied one gets a new second seed. Raises `Rejected`."""
        async with self._open_unit() as unit:
            job, _ = await drawn_job(unit, origin.actor, job_id, 0)
        request = job.request
        if request.variation is not None:
            request = replace(request, variation=draw_variation(request.variation.strength))
        else:
            request = replace(request, seed=concrete_seed(DRAW_SEED))
        return await self._submit.enter(origin, request, lineage=Lineage(LineageKind.REROLL, job.id, 0))


class Vary:
    """Pictures near a finished one."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, submit: Submit) -> None:
        self._open_unit = open_unit
        self._submit = submit

    async def __call__(self, origin: Origin, job_id: JobId, picture_index: int, strength: float) -> Submitted:
        """Queue a variation of one finished picture of `job_id`; strength above 0, up to 1. Raises `Rejected`.

        A variation of a variation starts from the first one's plain seed and goes toward a fresh one.
        """
        variation = draw_variation(strength)
        async with self._open_unit() as unit:
            job, picture_index = await drawn_job(unit, origin.actor, job_id, picture_index)
        picture = next((one for one in job.pictures if one.index == picture_index), None)
        if picture is None:
            raise Rejected(Rejection.PICTURE_UNKNOWN if job.pictures else Rejection.JOB_NOT_DONE)
        request = replace(job.request, seed=picture.seed, variation=variation)
        lineage = Lineage(LineageKind.VARIATION, job.id, picture_index)
        return await self._submit.enter(origin, request, lineage=lineage)


class Remix:
    """An earlier request with some of it changed."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, submit: Submit) -> None:
        self._open_unit = open_unit
        self._submit = submit

    async def __call__(
        self, origin: Origin, job_id: JobId, changes: RemixChanges, *, picture_index: int = 0
    ) -> Submitted:
        """Queue the request of `job_id` with `changes`, starting from the seed of one of its pictures.

        Everything is checked as for a fresh request. Raises `Rejected`.
        """
        async with self._open_unit() as unit:
            job, picture_index = await drawn_job(unit, origin.actor, job_id, picture_index)
        request = job.request
        if not 0 <= picture_index < request.count:
            raise Rejected(Rejection.PICTURE_UNKNOWN)
        seed, variation = request.seeds_of(picture_index)
        is_same_seed = changes.seed is None or changes.seed == seed
        return await self._submit(
            origin,
            _changed(replace(request, seed=seed), changes),
            lineage=Lineage(LineageKind.REMIX, job.id, picture_index),
            variation=variation if is_same_seed else None,
        )


class SwapRoles:
    """An earlier request with its subject as the first style and its first style as the subject."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, submit: Submit, cancel: Cancel) -> None:
        self._open_unit = open_unit
        self._submit = submit
        self._cancel = cancel

    async def __call__(self, origin: Origin, job_id: JobId) -> Submitted:
        """Queue the request of `job_id` the other way round. Raises `Rejected`.

        It takes the place of the actor's own request while that one waits, so that only one of them is charged;
        what is being drawn already, or done, stays.
        """
        async with self._open_unit() as unit:
            job = await visible_job(unit, origin.actor, job_id)
            is_own = job.owner == await unit.users.find(origin.actor)
        request = job.request
        if request.subject is None or not request.styles:
            raise Rejected(Rejection.NOTHING_TO_SWAP)
        if is_own:
            await self._cancel.withdraw(origin.actor, job_id)
        first, *others = request.styles
        draft = replace(
            _changed(request, RemixChanges()),
            subject=Stored(first),
            styles=tuple(Stored(style) for style in (request.subject, *others)),
        )
        return await self._submit(origin, draft, lineage=Lineage(LineageKind.REMIX, job.id, 0))


class Repeat:
    """The identical picture once more, by the id of its recipe."""

    def __init__(self, *, open_unit: UnitOfWorkFactory, submit: Submit) -> None:
        self._open_unit = open_unit
        self._submit = submit

    async def __call__(self, origin: Origin, recipe_id: str) -> Submitted:
        """Queue the picture of a recipe id such as `JOB-2` again, or with `JOB` alone all of the job's pictures.

        Raises `Rejected`.
        """
        parts = parse_recipe_id(recipe_id)
        if parts is None:
            raise Rejected(Rejection.RECIPE_UNKNOWN)
        job_id, asked = parts
        async with self._open_unit() as unit:
            job = await unit.jobs.get(job_id)
            if job is None or job.hidden_at is not None:
                raise Rejected(Rejection.RECIPE_UNKNOWN)
            await check_visible(unit, origin.actor, job)
        request, index = job.request, 0
        if asked is not None:
            index = asked
            request = _only(request, index)
        return await self._submit.enter(origin, request, lineage=Lineage(LineageKind.REPEAT, job.id, index))


def parse_recipe_id(recipe_id: str) -> tuple[JobId, int | None] | None:
    """Job and index of the picture in an id such as `JOB-2`, without index in `JOB`; None if it is neither."""
    parts = _RECIPE_ID.fullmatch(recipe_id.strip().lower())
    if parts is None:
        return None
    return parts[1], int(parts[2]) - 1 if parts[2] is not None else None


async def visible_job(unit: UnitOfWork, actor: Actor, job_id: JobId) -> Job:
    """The job, if there is one that `actor` may see: public ones, and private ones of their own.

    Raises `Rejected`. A deleted job is unknown to everybody.
    """
    job = await unit.jobs.get(job_id)
    if job is None or job.hidden_at is not None:
        raise Rejected(Rejection.JOB_UNKNOWN)
    await check_visible(unit, actor, job)
    return job


async def drawn_job(unit: UnitOfWork, actor: Actor, job_id: JobId, picture_index: int) -> tuple[Job, int]:
    """The job and the index of a picture as it was drawn: of an enlarged one, what it was enlarged from.

    Raises `Rejected`, also where nothing leads from an enlarged picture to a request that is still there.
    """
    job = await visible_job(unit, actor, job_id)
    while job.request.upscale_of is not None:
        lineage = job.lineage
        parent = await unit.jobs.get(lineage.parent) if lineage is not None else None
        if lineage is None or parent is None or parent.hidden_at is not None:
            raise Rejected(Rejection.UPSCALE_WITHOUT_REQUEST)
        await check_visible(unit, actor, parent)
        job, picture_index = parent, lineage.picture_index
    return job, picture_index


async def check_visible(unit: UnitOfWork, actor: Actor, job: Job) -> None:
    """Refuse to show a private job to anybody but its owner; raises `Rejected`."""
    if job.request.private and job.owner != await unit.users.find(actor):
        raise Rejected(Rejection.JOB_NOT_YOURS)


def _only(request: GenerationRequest, index: int) -> GenerationRequest:
    """The request of one of the pictures; raises `Rejected`."""
    if index >= request.count:
        raise Rejected(Rejection.RECIPE_UNKNOWN)
    seed, variation = request.seeds_of(index)
    return replace(request, seed=seed, variation=variation, count=1)


def _changed(request: GenerationRequest, changes: RemixChanges) -> Draft:
    # A kept size is worked out from the subject again: it may lie outside of what can be asked for by number.
    keeps_size = changes.keep_size or (request.keep_size and not changes.names_size)
    styles = tuple(Stored(style) for style in request.styles) if changes.styles is None else changes.styles
    return Draft(
        prompt=request.prompt if changes.prompt is None else changes.prompt,
        subject=None if request.subject is None else Stored(request.subject),
        styles=styles,
        aspect=None if keeps_size else changes.aspect,
        width=None if keeps_size else (request.width if changes.width is None else changes.width),
        height=None if keeps_size else (request.height if changes.height is None else changes.height),
        keep_size=keeps_size,
        steps=request.steps if changes.steps is None else changes.steps,
        guidance=request.guidance if changes.guidance is None else changes.guidance,
        subject_size=request.subject_size if changes.subject_size is None else changes.subject_size,
        seed=request.seed if changes.seed is None else changes.seed,
        count=request.count if changes.count is None else changes.count,
        private=request.private if changes.private is None else changes.private,
        spoiler=request.spoiler if changes.spoiler is None else changes.spoiler,
    )
