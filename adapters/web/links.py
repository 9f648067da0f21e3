"""Originals behind signed links: the one thing on the page that may be opened from outside."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from adapters.web.refusals import WebRefusal, web_refusal_text
from adapters.web.routes import SIGNED_LINK_ROUTE
from adapters.web.visitors import visitor_of
from bot.messages.catalogs import Catalogs
from bot.services.links import OpenLink

_HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


class LinkHandler:
    """Serves `GET /o/{job}/{index}?e=...&s=...`."""

    def __init__(self, open_link: OpenLink, catalogs: Catalogs) -> None:
        self._open_link = open_link
        self._catalogs = catalogs

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Take the route."""
        router.add_get("/o/{job}/{index}", self._original, name=SIGNED_LINK_ROUTE)

    async def _original(self, request: web.Request) -> web.Response:
        """The picture to save; whatever is wrong with the link, the answer is the same."""
        job_id = request.match_info["job"]
        index = request.match_info["index"]
        data = await self._open_link(job_id, index, request.query.get("e", ""), request.query.get("s", ""))
        if data is None:
            # Plain: the page's own style sheets are not served to the outside.
            sentence = web_refusal_text(WebRefusal.LINK_DEAD, visitor_of(request, self._catalogs).catalog)
            return web.Response(text=sentence, status=404, headers=_HEADERS)
        # A job id that has been signed is ours: letters and digits.
        name = f"uso-{job_id}-{int(index) + 1}.png"
        disposition = f'attachment; filename="{name}"'
        return web.Response(
            body=data, content_type="image/png", headers={**_HEADERS, "Content-Disposition": disposition}
        )
