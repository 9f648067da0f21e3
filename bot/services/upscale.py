"""Enlarging pictures: finished ones, and any that somebody has."""

from __future__ import annotations

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId, Lineage, LineageKind
from bot.domain.limits import UPSCALE_FACTOR, Limits
from bot.domain.people import UserSettings
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Given, upscale_request
from bot.ports.storage import UnitOfWorkFactory
from bot.services.admission import Admission
from bot.services.history import History
from bot.services.result_admission import ResultAdmission
from bot.services.submit import Origin, Submit, Submitted


class Upscale:
    """The same picture at twice its sides, charged and queued like any other request."""

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        submit: Submit,
        history: History,
        admit: Admission,
        admit_result: ResultAdmission,
        limits: Limits,
    ) -> None:
        self._open_unit = open_unit
        self._submit = submit
        self._history = history
        self._admit = admit
        self._admit_result = admit_result
        self._limits = limits

    async def __call__(self, origin: Origin, job_id: JobId, picture_index: int) -> Submitted:
        """Enlarge one finished picture of `job_id`; prompt, privacy and spoiler stay as they are.

        Raises `Rejected`, also if the picture was let go or is too large or too small.
        """
        job = await self._history.job(origin.actor, job_id)
        if not job.pictures:
            raise Rejected(Rejection.JOB_NOT_DONE)
        result = await self._history.picture(origin.actor, job_id, picture_index)
        self._check_size(result.width, result.height)
        # A copy without the recipe in its file: this request may outlive the one that it is of.
        picture = await self._admit_result(origin.actor, job_id, picture_index)
        request = upscale_request(
            picture.sha256,
            _enlarged(picture),
            prompt=job.request.prompt,
            private=job.request.private,
            spoiler=job.request.spoiler,
        )
        lineage = Lineage(LineageKind.UPSCALE, job.id, picture_index)
        return await self._submit.enter(origin, request, lineage=lineage, pictures=(picture,))

    async def of_picture(
        self, origin: Origin, picture: Given, *, private: bool | None = None, spoiler: bool | None = None
    ) -> Submitted:
        """Enlarge any picture, admitted like other uploads; None is as the person's settings have it.

        Raises `Rejected`.
        """
        admitted = await self._admit(picture)
        self._check_size(admitted.width, admitted.height)
        chosen = await self._chosen(origin.actor)
        request = upscale_request(
            admitted.sha256,
            _enlarged(admitted),
            private=chosen.private if private is None else private,
            spoiler=chosen.spoiler if spoiler is None else spoiler,
        )
        return await self._submit.enter(origin, request, pictures=(admitted,))

    async def _chosen(self, actor: Actor) -> UserSettings:
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            return UserSettings() if user_id is None else await unit.settings.of_user(user_id)

    def _check_size(self, width: int, height: int) -> None:
        low, high = self._limits.min_upscaled_side_px, self._limits.max_upscaled_side_px
        most = self._limits.max_upscaled_pixels
        if low <= min(width, height) and max(width, height) <= high and width * height <= most:
            return
        raise Rejected(
            Rejection.UPSCALE_SIZE_OUT_OF_RANGE,
            low=low,
            high=high,
            limit_mpx=round(most / 1_000_000, 2),
            width=width,
            height=height,
        )


def _enlarged(picture: AdmittedPicture) -> tuple[int, int]:
    return picture.width * UPSCALE_FACTOR, picture.height * UPSCALE_FACTOR
