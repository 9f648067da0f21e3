"""What handlers of the interface have in common: reading JSON, and answering with it."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from aiohttp import web

from adapters.web.forms import event_key_of
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.views import CardView, card_view, encode
from adapters.web.visitors import Visitor
from bot.application import Application
from bot.domain.cards import Card
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId
from bot.services.submit import Origin, Submitted

Body = TypeVar("Body", bound=msgspec.Struct)


async def read_json(request: web.Request, kind: type[Body]) -> Body:
    """The body of a request. Raises `Refused`."""
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # text that is no UTF-8 is the latter
        raise Refused(WebRefusal.BAD_REQUEST) from error


def json_answer(view: msgspec.Struct, status: int = 200) -> web.Response:
    """JSON that nothing keeps."""
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=encode(view), status=status, content_type="application/json", headers=headers)


def origin_of(request: web.Request, visitor: Visitor) -> Origin:
    """Who asks, and the key that makes a repeated request one job. Raises `Refused`."""
    return Origin(visitor.actor, event_key_of(request))


def job_id_of(request: web.Request) -> JobId:
    """The job in the path."""
    return request.match_info["job_id"]


async def card_of(application: Application, job_id: JobId) -> Card:
    """The card of a job, whoever asks. Raises `Rejected`."""
    card = await application.board.card(job_id)
    if card is None:
        raise Rejected(Rejection.JOB_UNKNOWN)
    return card


async def submitted_view(application: Application, submitted: Submitted, visitor: Visitor) -> CardView:
    """The card of what was taken in, with what was rounded."""
    card = await card_of(application, submitted.job.id)
    return card_view(card, visitor.catalog, submitted.rounded)


async def submitted_answer(application: Application, submitted: Submitted, visitor: Visitor) -> web.Response:
    """201 with the card of a new job, 200 when the same key came before."""
    view = await submitted_view(application, submitted, visitor)
    return json_answer(view, status=201 if submitted.is_new else 200)
