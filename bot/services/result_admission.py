"""Results that become references: for a style card, for the tray."""

from __future__ import annotations

import asyncio

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId
from bot.domain.limits import Limits
from bot.domain.pictures import AdmittedPicture
from bot.ports.images import ImageStore, PictureMissing
from bot.services.admission import admit_picture
from bot.services.history import History


class ResultAdmission:
    """Makes reference pictures of results."""

    def __init__(self, *, images: ImageStore, history: History, limits: Limits) -> None:
        self._images = images
        self._history = history
        self._limits = limits

    async def __call__(self, actor: Actor, job_id: JobId, index: int) -> AdmittedPicture:
        """A finished picture that the actor may see, without the recipe in its file. Raises `Rejected`.

        Kept as it is, it would carry the words of whoever asked for it wherever it is used.
        """
        result = await self._history.picture(actor, job_id, index)
        try:
            data = await self._images.get(result.picture)
        except PictureMissing as error:
            raise Rejected(Rejection.RESULT_GONE) from error
        return await asyncio.to_thread(admit_picture, data, self._limits)
