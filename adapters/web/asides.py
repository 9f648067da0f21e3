"""Beside a card: how a picture was made, it and its references in one picture, and its references swapped."""

from __future__ import annotations

from typing import Final

import msgspec
from aiohttp import web

from adapters.web.answers import job_id_of, json_answer, origin_of, submitted_answer
from adapters.web.form_schema import QUEUE_REFUSALS
from adapters.web.interface.declared import IDEMPOTENCY_KEY, Answer, Operation, described
from adapters.web.views import CardView
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.errors import Rejection
from bot.messages.recipes import info_text
from bot.services.history import picture_of


class InfoView(msgspec.Struct, frozen=True):
    """How a picture was made, a line each, and the id that repeats it."""

    lines: list[str]
    recipe: str


_ONE: Final = (Rejection.JOB_UNKNOWN, Rejection.JOB_NOT_YOURS)
_INDEX: Final = {"index": "Which picture of the job, counted from 0."}


class AsideHandlers:
    """Handlers over the services."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        picture = r"/api/jobs/{job_id}/pictures/{index:\d{1,4}}"
        router.add_get(f"{picture}/info", self.info)
        router.add_get(f"{picture}/triptych.png", self.triptych)
        router.add_post("/api/jobs/{job_id}/swap", self.swap)

    @described(
        Operation(
            "Tell how a picture was made",
            (Answer(200, "Everything to repeat it.", InfoView),),
            "Pictures",
            refusals=(*_ONE, Rejection.PICTURE_UNKNOWN),
            path_words=_INDEX,
        )
    )
    async def info(self, request: web.Request) -> web.Response:
        """The lines of Info in the visitor's language."""
        visitor = visitor_of(request, self._application.catalogs)
        job = await self._application.history.job(visitor.actor, job_id_of(request))
        picture = picture_of(job, int(request.match_info["index"]))
        lines = info_text(job, picture, visitor.catalog).split("\n")
        return json_answer(InfoView(lines, f"{job.id}-{picture.index + 1}"))

    @described(
        Operation(
            "Fetch a picture beside what it was made from",
            (Answer(200, "Subject, styles and result from left to right, as PNG.", media="image/png"),),
            "Pictures",
            refusals=(
                *_ONE,
                Rejection.PICTURE_UNKNOWN,
                Rejection.RESULT_GONE,
                Rejection.PICTURE_GONE,
                Rejection.TRIPTYCH_WITHOUT_REFERENCES,
            ),
            path_words=_INDEX,
        )
    )
    async def triptych(self, request: web.Request) -> web.Response:
        """One picture to share."""
        job_id, index = job_id_of(request), int(request.match_info["index"])
        actor = visitor_of(request, self._application.catalogs).actor
        png = await self._application.triptych(actor, job_id, index)
        # The service has found the job, so its id is ours: letters and digits.
        headers = {"Content-Disposition": f'attachment; filename="uso-{job_id}-{index + 1}-triptych.png"'}
        return web.Response(body=png, content_type="image/png", headers=headers)

    @described(
        Operation(
            "Ask for the same with subject and first style swapped",
            (
                Answer(201, "It waits in the queue; the first one no longer does, if it did.", CardView),
                Answer(200, "The same key came before; this is the job it made.", CardView),
            ),
            "Pictures",
            refusals=(*_ONE, Rejection.NOTHING_TO_SWAP, Rejection.PICTURE_GONE, *QUEUE_REFUSALS),
            parameters=(IDEMPOTENCY_KEY,),
        )
    )
    async def swap(self, request: web.Request) -> web.Response:
        """The other way round."""
        visitor = visitor_of(request, self._application.catalogs)
        submitted = await self._application.swap_roles(origin_of(request, visitor), job_id_of(request))
        return await submitted_answer(self._application, submitted, visitor)
