"""The HTTP interface of what can be done with one's earlier jobs, beside re-rolling and varying them."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from aiohttp import web

from adapters.web.answers import job_id_of, json_answer, origin_of, read_json, submitted_answer
from adapters.web.form_schema import NUMBER_REFUSALS, QUEUE_REFUSALS
from adapters.web.interface.declared import IDEMPOTENCY_KEY, Answer, JsonBody, Operation, described
from adapters.web.views import CardView
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.errors import Rejection
from bot.services.follow_up import RemixChanges
from bot.services.tray import TrayPlace

_Index = Annotated[int, msgspec.Meta(ge=0, le=9999)]


class PictureBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which picture of the job, counted from 0."""

    picture: _Index = 0


class RemixBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to change; whatever is missing stays as it was. `aspect` is a ratio such as `3:2`, a seed of -1 new."""

    picture: _Index = 0
    prompt: str | None = None
    seed: int | None = None
    aspect: str | None = None
    guidance: float | None = None
    steps: int | None = None


class FavouriteBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which picture, and whether it is to be a favourite."""

    is_on: bool
    picture: _Index = 0


class TrayBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which picture, and what it is for."""

    place: TrayPlace
    picture: _Index = 0


class DoneView(msgspec.Struct, frozen=True):
    """What was done, in one sentence for people."""

    words: str


_GALLERY: Final = "Gallery"
_NEW: Final = (
    Answer(201, "It waits in the queue.", CardView),
    Answer(200, "The same key came before; this is the job it made.", CardView),
)
_DONE: Final = (Answer(200, "Done.", DoneView),)
_AGAIN: Final = (Rejection.JOB_UNKNOWN, Rejection.JOB_NOT_DONE, Rejection.PICTURE_GONE, *QUEUE_REFUSALS)


class ActionHandlers:
    """Handlers over the services, for one's own jobs only; errors leave as exceptions."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        one = "/api/jobs/{job_id}"
        router.add_post(f"{one}/repeat", self.repeat)
        router.add_post(f"{one}/remix", self.remix)
        router.add_post(f"{one}/upscale", self.upscale)
        router.add_post(f"{one}/favourite", self.favourite)
        router.add_post(f"{one}/tray", self.put_into_tray)
        router.add_delete(one, self.delete)

    @described(
        Operation(
            "Ask for exactly the same again",
            _NEW,
            _GALLERY,
            refusals=(*_AGAIN, Rejection.RECIPE_UNKNOWN),
            parameters=(IDEMPOTENCY_KEY,),
        )
    )
    async def repeat(self, request: web.Request) -> web.Response:
        """All pictures of a job once more, the same to the last pixel."""
        visitor = await self._owner(request)
        submitted = await self._application.repeat(origin_of(request, visitor), job_id_of(request))
        return await submitted_answer(self._application, submitted, visitor)

    @described(
        Operation(
            "Ask for it again with some of it changed",
            _NEW,
            _GALLERY,
            refusals=(
                *_AGAIN,
                Rejection.PICTURE_UNKNOWN,
                Rejection.UPSCALE_WITHOUT_REQUEST,
                Rejection.PROMPT_EMPTY,
                *NUMBER_REFUSALS,
            ),
            parameters=(IDEMPOTENCY_KEY,),
            body=JsonBody(RemixBody),
        )
    )
    async def remix(self, request: web.Request) -> web.Response:
        """An earlier request with changes, from the seed of one of its pictures."""
        visitor = await self._owner(request)
        body = await read_json(request, RemixBody)
        changes = RemixChanges(
            prompt=body.prompt, seed=body.seed, aspect=body.aspect, guidance=body.guidance, steps=body.steps
        )
        submitted = await self._application.remix(
            origin_of(request, visitor), job_id_of(request), changes, picture_index=body.picture
        )
        return await submitted_answer(self._application, submitted, visitor)

    @described(
        Operation(
            "Enlarge a finished picture",
            _NEW,
            _GALLERY,
            refusals=(
                *_AGAIN,
                Rejection.PICTURE_UNKNOWN,
                Rejection.RESULT_GONE,
                Rejection.UPSCALE_SIZE_OUT_OF_RANGE,
            ),
            parameters=(IDEMPOTENCY_KEY,),
            body=JsonBody(PictureBody),
        )
    )
    async def upscale(self, request: web.Request) -> web.Response:
        """One picture at twice its sides."""
        visitor = await self._owner(request)
        body = await read_json(request, PictureBody)
        submitted = await self._application.upscale(origin_of(request, visitor), job_id_of(request), body.picture)
        return await submitted_answer(self._application, submitted, visitor)

    @described(
        Operation(
            "Mark a picture as a favourite, or unmark it",
            _DONE,
            _GALLERY,
            refusals=(Rejection.JOB_UNKNOWN, Rejection.PICTURE_UNKNOWN),
            body=JsonBody(FavouriteBody),
        )
    )
    async def favourite(self, request: web.Request) -> web.Response:
        """Mark or unmark; doing it again changes nothing."""
        visitor = await self._owner(request)
        body = await read_json(request, FavouriteBody)
        await self._application.history.favourite(visitor.actor, job_id_of(request), body.picture, is_on=body.is_on)
        return done(visitor.catalog.text("gallery-favourite-on" if body.is_on else "gallery-favourite-off"))

    @described(
        Operation(
            "Put a finished picture into the tray",
            _DONE,
            _GALLERY,
            refusals=(
                Rejection.JOB_UNKNOWN,
                Rejection.PICTURE_UNKNOWN,
                Rejection.RESULT_GONE,
                Rejection.PICTURE_TOO_NARROW,
            ),
            body=JsonBody(TrayBody),
        )
    )
    async def put_into_tray(self, request: web.Request) -> web.Response:
        """A result becomes the subject or a style of the next request."""
        visitor = await self._owner(request)
        body = await read_json(request, TrayBody)
        await self._application.tray.put_result(visitor.actor, job_id_of(request), body.picture, body.place)
        return done(visitor.catalog.text(f"gallery-in-tray-{body.place.value}"))

    @described(
        Operation(
            "Delete a job and its pictures",
            _DONE,
            _GALLERY,
            refusals=(Rejection.JOB_UNKNOWN, Rejection.JOB_NOT_DONE),
        )
    )
    async def delete(self, request: web.Request) -> web.Response:
        """For good; the files go where nothing else needs them."""
        visitor = await self._owner(request)
        await self._application.history.delete(visitor.actor, job_id_of(request))
        return done(visitor.catalog.text("delete-done"))

    async def _owner(self, request: web.Request) -> Visitor:
        """Who asks, who owns the job. Raises `Rejected`: of others' jobs nothing is told, not even that they are."""
        visitor = visitor_of(request, self._application.catalogs)
        await self._application.gallery.job(visitor.actor, job_id_of(request))
        return visitor


def done(words: str) -> web.Response:
    """Tell that it was done."""
    return json_answer(DoneView(words))
