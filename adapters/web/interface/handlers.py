"""Serves the description of the interface, for programs and for people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import msgspec
from aiohttp import web

from adapters.web.clients import client_of
from adapters.web.interface.declared import Answer, Operation, described
from adapters.web.interface.document import described_routes, openapi
from adapters.web.refusals import status_of
from adapters.web.templates import Templates
from adapters.web.views import ProblemView
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.messages.cards import rejection_text


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One route as the page lists it."""

    method: str
    path: str
    summary: str
    scope: str


class InterfaceHandlers:
    """The document is made when it is first asked for: by then every route is registered."""

    def __init__(self, application: Application, templates: Templates, *, demands_login: bool) -> None:
        self._application = application
        self._templates = templates
        self._demands_login = demands_login
        self._router: web.UrlDispatcher

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        self._router = router
        router.add_get("/api", self.page)
        router.add_get("/api/openapi.json", self.document)

    @described(
        Operation(
            "Describe this interface",
            (Answer(200, "This document (OpenAPI 3.1).", media="application/json"),),
            "Interface",
        )
    )
    async def document(self, _request: web.Request) -> web.Response:
        """The OpenAPI document."""
        return web.Response(body=self._document, content_type="application/json")

    async def page(self, request: web.Request) -> web.Response:
        """How to begin, and all there is, on one page."""
        visitor = visitor_of(request, self._application.catalogs)
        client = client_of(request)
        sentence = rejection_text(Rejected(Rejection.TOO_MANY_WAITING, limit=10), visitor.catalog)
        problem = ProblemView.of(status_of(Rejection.TOO_MANY_WAITING), Rejection.TOO_MANY_WAITING.value, sentence)
        html = self._templates.render(
            "interface.html",
            visitor,
            current="interface",
            base=f"{'https' if client.is_https else 'http'}://{client.host}",
            groups=self._groups(),
            problem=msgspec.json.format(msgspec.json.encode(problem)).decode(),
        )
        return web.Response(text=html, content_type="text/html", headers={"Vary": "Accept-Language"})

    def _groups(self) -> list[tuple[str, list[OperationLine]]]:
        groups: dict[str, list[OperationLine]] = defaultdict(list)
        for route in described_routes(self._router):
            operation = route.operation
            line = OperationLine(route.method, route.path, operation.summary, operation.scope.value)
            groups[operation.tag].append(line)
        return list(groups.items())

    @cached_property
    def _document(self) -> bytes:
        document = openapi(self._router, self._application.limits, demands_login=self._demands_login)
        return msgspec.json.encode(document)
