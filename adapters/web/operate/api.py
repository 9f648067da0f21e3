"""What operators do, for the page and for programs."""

from __future__ import annotations

from typing import Final, TypeVar, assert_never

import msgspec
from aiohttp import web

from adapters.web.interface.declared import Answer, JsonBody, Operation, described
from adapters.web.operate.views import (
    BlockBody,
    CloseBody,
    DoneView,
    DrawnView,
    GrantBody,
    MeasurementsView,
    ModeBody,
    SampleView,
    StateView,
    UnblockBody,
)
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.access import Scope
from bot.domain.actors import Actor, Platform
from bot.domain.credits import CREDIT
from bot.domain.errors import Rejected, Rejection
from bot.domain.operations import RunMode
from bot.messages.cards import credits_number

Body = TypeVar("Body", bound=msgspec.Struct)

_TAG: Final = "Operating"
_OPERATORS: Final = (Rejection.OPERATORS_ONLY,)
_DONE: Final = (Answer(200, "It is done.", DoneView),)
_CREDITS: Final = (*_OPERATORS, Rejection.CREDITS_OUT_OF_RANGE, Rejection.PERSON_UNKNOWN)


class OperateApi:
    """Handlers over the services for operators; who is none is refused by those."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/api/operate", self.state)
        router.add_get("/api/operate/measurements", self.measurements)
        router.add_post("/api/operate/mode", self.turn)
        router.add_post("/api/operate/restart-engine", self.restart)
        router.add_post("/api/operate/people/block", self.block)
        router.add_post("/api/operate/people/unblock", self.unblock)
        router.add_post("/api/operate/people/grant", self.grant)
        router.add_post(r"/api/operate/reports/{report_id:\d{1,9}}/close", self.close_report)

    @described(
        Operation(
            "Tell how the bot is doing",
            (Answer(200, "At this moment.", StateView),),
            _TAG,
            Scope.OPERATE,
            refusals=_OPERATORS,
        )
    )
    async def state(self, request: web.Request) -> web.Response:
        """The bot at this moment."""
        stats = await self._application.operations.stats(self._visitor(request).actor)
        return _json(StateView.of(stats, self._application.engine.status))

    @described(
        Operation(
            "Tell what was measured",
            (Answer(200, "Memory, queue and speed over time.", MeasurementsView),),
            _TAG,
            Scope.OPERATE,
            refusals=_OPERATORS,
        )
    )
    async def measurements(self, request: web.Request) -> web.Response:
        """The points of the plots."""
        if not self._application.operations.is_operator(self._visitor(request).actor):
            raise Rejected(Rejection.OPERATORS_ONLY)
        measured = self._application.measurements
        samples = [SampleView.of(sample) for sample in measured.samples]
        return _json(MeasurementsView(samples, [DrawnView.of(drawn) for drawn in measured.pictures]))

    @described(
        Operation(
            "Pause, drain or go on",
            _DONE,
            _TAG,
            Scope.OPERATE,
            refusals=_OPERATORS,
            body=JsonBody(ModeBody),
        )
    )
    async def turn(self, request: web.Request) -> web.Response:
        """Change the mode."""
        visitor = self._visitor(request)
        mode = (await _read(request, ModeBody)).mode
        match mode:
            case RunMode.RUNNING:
                await self._application.operations.resume(visitor.actor)
            case RunMode.PAUSED:
                await self._application.operations.pause(visitor.actor)
            case RunMode.DRAINING:
                await self._application.operations.drain(visitor.actor)
            case _:
                assert_never(mode)
        return _done(visitor, f"run-mode-{mode.value}")

    @described(
        Operation("End the engine and start a fresh one", _DONE, _TAG, Scope.OPERATE, refusals=_OPERATORS),
    )
    async def restart(self, request: web.Request) -> web.Response:
        """Restart the engine; the picture in work goes back to the queue."""
        visitor = self._visitor(request)
        await self._application.operations.restart_engine(visitor.actor)
        return _done(visitor, "operate-restarted")

    @described(
        Operation("Shut a person out", _DONE, _TAG, Scope.OPERATE, refusals=_CREDITS[::2], body=JsonBody(BlockBody)),
    )
    async def block(self, request: web.Request) -> web.Response:
        """Shut a person out of the whole bot."""
        visitor = self._visitor(request)
        body = await _read(request, BlockBody)
        await self._application.operations.block(visitor.actor, person_of(body.person), body.reason.strip())
        return _done(visitor, "operate-blocked", person=body.person)

    @described(
        Operation(
            "Let a person in again", _DONE, _TAG, Scope.OPERATE, refusals=_CREDITS[::2], body=JsonBody(UnblockBody)
        ),
    )
    async def unblock(self, request: web.Request) -> web.Response:
        """Let a person in again."""
        visitor = self._visitor(request)
        body = await _read(request, UnblockBody)
        await self._application.operations.unblock(visitor.actor, person_of(body.person))
        return _done(visitor, "operate-unblocked", person=body.person)

    @described(
        Operation("Give a person credits", _DONE, _TAG, Scope.OPERATE, refusals=_CREDITS, body=JsonBody(GrantBody)),
    )
    async def grant(self, request: web.Request) -> web.Response:
        """Give a person credits, or take some away."""
        visitor = self._visitor(request)
        body = await _read(request, GrantBody)
        amount = round(body.credits * CREDIT)
        balance = await self._application.operations.grant(visitor.actor, person_of(body.person), amount)
        left = credits_number(balance.account.left)
        return _done(visitor, "operate-granted", person=body.person, amount=credits_number(amount), left=left)

    @described(
        Operation(
            "Decide about a report",
            _DONE,
            "Reports",
            Scope.OPERATE,
            refusals=(*_OPERATORS, Rejection.REPORT_UNKNOWN, Rejection.JOB_NOT_DONE),
            path_words={"report_id": "The number of the report."},
            body=JsonBody(CloseBody),
        )
    )
    async def close_report(self, request: web.Request) -> web.Response:
        """Leave the picture, or delete the request with all its pictures."""
        visitor = self._visitor(request)
        body = await _read(request, CloseBody)
        report_id = int(request.match_info["report_id"])
        await self._application.reports.close(visitor.actor, report_id, delete_picture=body.delete_picture)
        return _done(visitor, "operate-report-deleted" if body.delete_picture else "operate-report-kept")

    def _visitor(self, request: web.Request) -> Visitor:
        return visitor_of(request, self._application.catalogs)


def person_of(text: str) -> Actor:
    """The person behind a key such as `telegram:42`. Raises `Rejected` for what is none."""
    platform, _, external_id = text.strip().partition(":")
    if platform not in {Platform.DISCORD.value, Platform.TELEGRAM.value}:
        raise Rejected(Rejection.PERSON_UNKNOWN)
    if not (external_id.isascii() and external_id.isdigit() and len(external_id) <= 32):
        raise Rejected(Rejection.PERSON_UNKNOWN)
    return Actor(Platform(platform), external_id)


async def _read(request: web.Request, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except msgspec.DecodeError as error:
        raise Refused(WebRefusal.BAD_REQUEST) from error


def _done(visitor: Visitor, key: str, **arguments: str | int | float) -> web.Response:
    return _json(DoneView(visitor.catalog.text(key, **arguments)))


def _json(view: msgspec.Struct) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=msgspec.json.encode(view), content_type="application/json", headers=headers)
