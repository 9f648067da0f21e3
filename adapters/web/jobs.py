"""The HTTP interface: ask for pictures, follow them, fetch them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, assert_never

import msgspec
from aiohttp import web

from adapters.web.answers import (
    card_of,
    job_id_of,
    json_answer,
    origin_of,
    read_json,
    submitted_answer,
)
from adapters.web.form_schema import FORM_REFUSALS, QUEUE_REFUSALS, form_content
from adapters.web.forms import read_draft
from adapters.web.interface.declared import (
    IDEMPOTENCY_KEY,
    Answer,
    FormBody,
    JsonBody,
    Operation,
    Parameter,
    described,
)
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.streams import CardStreams
from adapters.web.views import CardListView, CardView, card_view, encode
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.cards import Card
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId
from bot.ports.images import PictureMissing
from bot.services.follow_up import Strength

DEFAULT_LIST_LIMIT: Final = 24
_MAX_LIST_LIMIT: Final = 200
_MAX_STREAM_JOBS: Final = 64
_MAX_ID_CHARS: Final = 32


class _StrengthName(StrEnum):
    SUBTLE = "subtle"
    STRONG = "strong"


class VaryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which picture to vary, counted from 0, and how much."""

    strength: _StrengthName
    picture: Annotated[int, msgspec.Meta(ge=0, le=9999)] = 0


_JOBS: Final = "Pictures"
_ONE: Final = (Rejection.JOB_UNKNOWN, Rejection.JOB_NOT_YOURS)
_AGAIN: Final = (*_ONE, Rejection.JOB_NOT_DONE, Rejection.PICTURE_GONE, *QUEUE_REFUSALS)
_NEW: Final = (
    Answer(201, "It waits in the queue.", CardView),
    Answer(200, "The same key came before; this is the job it made.", CardView),
)
_STREAM: Final = (
    Answer(200, "The cards as they change, until all are final.", CardView, "text/event-stream", event="card"),
)


class JobHandlers:
    """Handlers over the services; errors leave as exceptions and are answered in one place."""

    def __init__(self, application: Application, streams: CardStreams) -> None:
        self._application = application
        self._streams = streams

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        one = "/api/jobs/{job_id}"
        router.add_post("/api/jobs", self.submit)
        router.add_get("/api/jobs", self.list_recent)
        router.add_get("/api/events", self.follow_several)
        router.add_get(one, self.show)
        router.add_post(f"{one}/reroll", self.reroll)
        router.add_post(f"{one}/vary", self.vary)
        router.add_post(f"{one}/cancel", self.cancel)
        router.add_get(f"{one}/events", self.follow)
        router.add_get(f"{one}/preview", self.preview)
        router.add_get(one + r"/pictures/{index:\d{1,4}}.png", self.picture)

    async def recent_cards(self, visitor: Visitor, limit: int) -> CardListView:
        """The visitor's latest cards."""
        history = self._application.history
        page = await history.page(visitor.actor, limit=limit)
        jobs, favourites, older = list(page.jobs), set(page.favourites), page.older
        while older is not None and len(jobs) < limit:
            page = await history.page(visitor.actor, before=older, limit=limit - len(jobs))
            jobs, favourites, older = [*jobs, *page.jobs], favourites | page.favourites, page.older
        cards = [await self._application.board.card(job.id) for job in jobs]
        return CardListView(
            [card_view(card, visitor.catalog) for card in cards if card is not None],
            has_more=older is not None,
            favourites=sorted(f"{job_id}-{index + 1}" for job_id, index in favourites),
        )

    @described(
        Operation(
            "Ask for pictures",
            _NEW,
            _JOBS,
            refusals=FORM_REFUSALS,
            parameters=(IDEMPOTENCY_KEY,),
            body=FormBody(form_content),
        )
    )
    async def submit(self, request: web.Request) -> web.Response:
        """Take a request in: 201 with its card, 200 when the same key came before."""
        visitor = self._visitor(request)
        origin = origin_of(request, visitor)
        draft = await read_draft(request, self._application.limits, visitor.catalog)
        submitted = await self._application.submit(origin, draft)
        return await submitted_answer(self._application, submitted, visitor)

    @described(
        Operation("Ask for the same with a new seed", _NEW, _JOBS, refusals=_AGAIN, parameters=(IDEMPOTENCY_KEY,))
    )
    async def reroll(self, request: web.Request) -> web.Response:
        """The same request with a new seed."""
        visitor = self._visitor(request)
        submitted = await self._application.reroll(origin_of(request, visitor), job_id_of(request))
        return await submitted_answer(self._application, submitted, visitor)

    @described(
        Operation(
            "Ask for a variation of one picture",
            _NEW,
            _JOBS,
            refusals=(*_AGAIN, Rejection.PICTURE_UNKNOWN),
            parameters=(IDEMPOTENCY_KEY,),
            body=JsonBody(VaryBody),
        )
    )
    async def vary(self, request: web.Request) -> web.Response:
        """A variation of one picture; the body is `{"picture": 0, "strength": "subtle" | "strong"}`."""
        visitor = self._visitor(request)
        origin = origin_of(request, visitor)
        body = await read_json(request, VaryBody)
        strength = _strength(body.strength).value
        submitted = await self._application.vary(origin, job_id_of(request), body.picture, strength)
        return await submitted_answer(self._application, submitted, visitor)

    @described(
        Operation(
            "Stop a job",
            (Answer(202, "A running job ends within a step.", CardView),),
            _JOBS,
            refusals=(*_ONE, Rejection.JOB_ENDED),
        )
    )
    async def cancel(self, request: web.Request) -> web.Response:
        """Stop a job; 202, because a running one ends within a step."""
        visitor = self._visitor(request)
        job_id = job_id_of(request)
        await self._application.cancel(visitor.actor, job_id)
        return json_answer(card_view(await card_of(self._application, job_id), visitor.catalog), status=202)

    @described(
        Operation(
            "List the latest jobs",
            (Answer(200, "Newest first.", CardListView),),
            _JOBS,
            parameters=(Parameter("limit", "How many.", Annotated[int, msgspec.Meta(ge=1, le=_MAX_LIST_LIMIT)]),),
        )
    )
    async def list_recent(self, request: web.Request) -> web.Response:
        """The latest cards, newest first."""
        try:
            limit = int(request.query.get("limit", DEFAULT_LIST_LIMIT))
        except ValueError as error:
            raise Refused(WebRefusal.BAD_REQUEST) from error
        if not 1 <= limit <= _MAX_LIST_LIMIT:
            raise Refused(WebRefusal.BAD_REQUEST)
        return json_answer(await self.recent_cards(self._visitor(request), limit))

    @described(Operation("Show one job", (Answer(200, "Its card.", CardView),), _JOBS, refusals=_ONE))
    async def show(self, request: web.Request) -> web.Response:
        """One card."""
        visitor = self._visitor(request)
        return json_answer(card_view(await self._visible_card(visitor, job_id_of(request)), visitor.catalog))

    @described(Operation("Follow one job", _STREAM, _JOBS, refusals=_ONE))
    async def follow(self, request: web.Request) -> web.StreamResponse:
        """One card as it changes."""
        return await self._stream(request, [job_id_of(request)])

    @described(
        Operation(
            "Follow several jobs in one stream",
            _STREAM,
            _JOBS,
            refusals=_ONE,
            parameters=(
                Parameter(
                    "job",
                    "The id of a job; may be repeated.",
                    Annotated[
                        list[Annotated[str, msgspec.Meta(min_length=1, max_length=_MAX_ID_CHARS)]],
                        msgspec.Meta(min_length=1, max_length=_MAX_STREAM_JOBS),
                    ],
                    is_required=True,
                ),
            ),
        )
    )
    async def follow_several(self, request: web.Request) -> web.StreamResponse:
        """Several cards (`?job=ID&job=ID`) in one stream: browsers open six connections at most."""
        job_ids = request.query.getall("job", [])
        if not 1 <= len(job_ids) <= _MAX_STREAM_JOBS or not all(1 <= len(one) <= _MAX_ID_CHARS for one in job_ids):
            raise Refused(WebRefusal.BAD_REQUEST)
        return await self._stream(request, job_ids)

    @described(
        Operation(
            "Fetch the picture so far",
            (Answer(200, "A small JPEG.", media="image/jpeg"),),
            _JOBS,
            refusals=(*_ONE, Rejection.PICTURE_UNKNOWN),
            parameters=(Parameter("v", "Which one the card named; for caches only."),),
        )
    )
    async def preview(self, request: web.Request) -> web.Response:
        """The picture so far, as a small JPEG; its address tells which one it was when the card was drawn."""
        card = await self._visible_card(self._visitor(request), job_id_of(request))
        if card.progress is None or card.progress.preview is None:
            raise Rejected(Rejection.PICTURE_UNKNOWN)
        return web.Response(
            body=card.progress.preview, content_type="image/jpeg", headers={"Cache-Control": "no-store"}
        )

    @described(
        Operation(
            "Fetch a finished picture",
            (
                Answer(200, "A PNG with its recipe inside.", media="image/png"),
                Answer(304, "It is the one that `If-None-Match` names."),
            ),
            _JOBS,
            refusals=(*_ONE, Rejection.PICTURE_UNKNOWN, Rejection.RESULT_GONE),
            parameters=(Parameter("download", "With any value, browsers save it."),),
            path_words={"index": "Which picture of the job, counted from 0."},
        )
    )
    async def picture(self, request: web.Request) -> web.StreamResponse:
        """The original with its recipe inside; `?download` asks the browser to save it."""
        job_id, index = job_id_of(request), int(request.match_info["index"])
        picture = await self._application.history.picture(self._visitor(request).actor, job_id, index)
        headers = {"ETag": f'"{picture.picture}"'}
        if "download" in request.query:
            headers["Content-Disposition"] = f'attachment; filename="uso-{job_id}-{index + 1}.png"'
        if request.if_none_match and any(tag.value in {picture.picture, "*"} for tag in request.if_none_match):
            return web.Response(status=304, headers=headers)
        try:
            png = await self._application.images.get(picture.picture)
        except PictureMissing as error:
            raise Rejected(Rejection.PICTURE_UNKNOWN) from error
        return web.Response(body=png, content_type="image/png", headers=headers)

    async def _stream(self, request: web.Request, job_ids: list[JobId]) -> web.StreamResponse:
        visitor = self._visitor(request)
        for job_id in job_ids:
            await self._application.history.job(visitor.actor, job_id)
        return await self._streams.send(request, job_ids, lambda card: encode(card_view(card, visitor.catalog)))

    async def _visible_card(self, visitor: Visitor, job_id: JobId) -> Card:
        await self._application.history.job(visitor.actor, job_id)
        return await card_of(self._application, job_id)

    def _visitor(self, request: web.Request) -> Visitor:
        return visitor_of(request, self._application.catalogs)


def _strength(name: _StrengthName) -> Strength:
    match name:
        case _StrengthName.SUBTLE:
            return Strength.SUBTLE
        case _StrengthName.STRONG:
            return Strength.STRONG
        case _:
            assert_never(name)
