"""The page itself, its stream, and pictures that were reported."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from markupsafe import Markup

from adapters.web.operate.live import LiveSections
from adapters.web.operate.sections import Sections
from adapters.web.templates import Templates
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.ports.images import PictureMissing

_SCRIPT_TEXTS: Final = (
    "web-not-reachable",
    "web-connection-lost",
    "operate-live",
    "operate-plot-none",
    "operate-plot-memory-now",
    "operate-plot-speed-now",
    "operate-plot-queue-now",
)


class OperatePage:
    """Handlers of the page; only operators get in."""

    def __init__(self, application: Application, templates: Templates, *, every_s: float, heartbeat_s: float) -> None:
        self._application = application
        self._templates = templates
        self._sections = Sections(application, templates)
        self._live = LiveSections(self._sections, every_s, heartbeat_s)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/operate", self.index, name="operate")
        router.add_get("/operate/live", self.live, name="operate-live")
        router.add_get(r"/operate/reports/{report_id:\d{1,9}}.png", self.reported, name="operate-report")

    def close(self) -> None:
        """End the open streams."""
        self._live.close()

    async def index(self, request: web.Request) -> web.Response:
        """The page, complete without its script."""
        visitor = self._operator(request)
        drawn = await self._sections.draw(visitor)
        html = self._templates.render(
            "operate.html",
            visitor,
            current="operate",
            sections={name: Markup(section) for name, section in drawn.items()},  # noqa: S704 -- drawn by our templates
            texts={key: visitor.catalog.text(key) for key in _SCRIPT_TEXTS},
        )
        return web.Response(text=html, content_type="text/html", headers={"Vary": "Accept-Language"})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """The sections as they change."""
        return await self._live.send(request, self._operator(request))

    async def reported(self, request: web.Request) -> web.Response:
        """A picture that somebody reported: operators see it, private or not."""
        visitor = self._operator(request)
        report_id = int(request.match_info["report_id"])
        job = await self._application.reports.job(visitor.actor, report_id)
        reports = await self._application.reports.open_reports(visitor.actor)
        index = next((report.index for report in reports if report.id == report_id), 0)
        picture = next((one for one in job.pictures if one.index == index and one.is_kept), None)
        if picture is None:
            raise Rejected(Rejection.PICTURE_UNKNOWN)
        try:
            png = await self._application.images.get(picture.picture)
        except PictureMissing as error:
            raise Rejected(Rejection.PICTURE_UNKNOWN) from error
        return web.Response(body=png, content_type="image/png", headers={"Cache-Control": "no-store"})

    def _operator(self, request: web.Request) -> Visitor:
        visitor = visitor_of(request, self._application.catalogs)
        if not self._application.operations.is_operator(visitor.actor):
            raise Rejected(Rejection.OPERATORS_ONLY)
        return visitor
