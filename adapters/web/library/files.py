"""Picture files and their thumbnails: results, what they were made from, and style cards; one's own only."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from aiohttp import web

from adapters.web.answers import job_id_of
from adapters.web.interface.declared import Answer, Operation, Parameter, described
from adapters.web.stored import thumbnail, whole
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import GenerationRequest, PictureHash
from bot.services.history import picture_of

_THUMBNAIL: Final = (
    Answer(200, "A small WebP, without its recipe.", media="image/webp"),
    Answer(304, "It is the one that `If-None-Match` names."),
)
_WHOLE: Final = (Answer(200, "A PNG.", media="image/png"), Answer(304, "It is the one that `If-None-Match` names."))
_VERSION: Final = (Parameter("v", "Anything; browsers keep what an address with it leads to."),)
_GONE: Final = (Rejection.PICTURE_UNKNOWN, Rejection.PICTURE_GONE)
_INDEX: Final = {"index": "Which picture, counted from 0."}
_PLACE: Final = {"place": "`subject`, `style`, `style-2`, or `enlarged` for what was enlarged."}
_STYLE: Final = {"style_id": "The id of a style card."}


class Place(StrEnum):
    """What a reference picture was for."""

    SUBJECT = "subject"
    STYLE = "style"
    STYLE_2 = "style-2"
    ENLARGED = "enlarged"


def references_of(request: GenerationRequest) -> dict[Place, PictureHash]:
    """The reference pictures of a request by their places, in the order in which they are shown."""
    first, second = (*request.styles, None, None)[:2]
    given = {
        Place.SUBJECT: request.subject,
        Place.STYLE: first,
        Place.STYLE_2: second,
        Place.ENLARGED: request.upscale_of,
    }
    return {place: picture for place, picture in given.items() if picture is not None}


class FileHandlers:
    """Serves pictures by what they belong to; never by their hash, which would show anybody's to anybody."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        job, style = "/api/jobs/{job_id}", "/api/styles/{style_id}"
        router.add_get(job + r"/pictures/{index:\d{1,4}}.webp", self.result_thumbnail)
        router.add_get(job + "/references/{place}.png", self.reference)
        router.add_get(job + "/references/{place}.webp", self.reference_thumbnail)
        router.add_get(style + r"/pictures/{index:\d{1,4}}.png", self.style_picture)
        router.add_get(style + r"/pictures/{index:\d{1,4}}.webp", self.style_thumbnail)

    @described(
        Operation(
            "Fetch the thumbnail of a finished picture",
            _THUMBNAIL,
            "Gallery",
            refusals=(Rejection.JOB_UNKNOWN, *_GONE),
            parameters=_VERSION,
            path_words=_INDEX,
        )
    )
    async def result_thumbnail(self, request: web.Request) -> web.Response:
        """The thumbnail of a result."""
        job = await self._application.gallery.job(self._actor(request), job_id_of(request))
        return await thumbnail(request, self._application, picture_of(job, int(request.match_info["index"])).picture)

    @described(
        Operation(
            "Fetch a reference picture of a job",
            _WHOLE,
            "Gallery",
            refusals=(Rejection.JOB_UNKNOWN, *_GONE),
            parameters=_VERSION,
            path_words=_PLACE,
        )
    )
    async def reference(self, request: web.Request) -> web.Response:
        """What a job was made from."""
        return await whole(request, self._application, await self._reference(request))

    @described(
        Operation(
            "Fetch the thumbnail of a reference picture",
            _THUMBNAIL,
            "Gallery",
            refusals=(Rejection.JOB_UNKNOWN, *_GONE),
            parameters=_VERSION,
            path_words=_PLACE,
        )
    )
    async def reference_thumbnail(self, request: web.Request) -> web.Response:
        """The same, small."""
        return await thumbnail(request, self._application, await self._reference(request))

    @described(
        Operation(
            "Fetch a picture of a style card",
            _WHOLE,
            "Styles",
            refusals=(Rejection.STYLE_UNKNOWN, *_GONE),
            parameters=_VERSION,
            path_words=_INDEX | _STYLE,
        )
    )
    async def style_picture(self, request: web.Request) -> web.Response:
        """A picture of a style card."""
        return await whole(request, self._application, await self._style(request))

    @described(
        Operation(
            "Fetch the thumbnail of a picture of a style card",
            _THUMBNAIL,
            "Styles",
            refusals=(Rejection.STYLE_UNKNOWN, *_GONE),
            parameters=_VERSION,
            path_words=_INDEX | _STYLE,
        )
    )
    async def style_thumbnail(self, request: web.Request) -> web.Response:
        """The same, small."""
        return await thumbnail(request, self._application, await self._style(request))

    async def _reference(self, request: web.Request) -> PictureHash:
        job = await self._application.gallery.job(self._actor(request), job_id_of(request))
        for place, picture in references_of(job.request).items():
            if place.value == request.match_info["place"]:
                return picture
        raise Rejected(Rejection.PICTURE_UNKNOWN)

    async def _style(self, request: web.Request) -> PictureHash:
        card = await self._application.own_styles.card(self._actor(request), request.match_info["style_id"])
        index = int(request.match_info["index"])
        if index >= len(card.pictures):
            raise Rejected(Rejection.PICTURE_UNKNOWN)
        return card.pictures[index]

    def _actor(self, request: web.Request) -> Actor:
        return visitor_of(request, self._application.catalogs).actor
