"""Serves the description of the interface."""

from __future__ import annotations

from functools import cached_property

import msgspec
from aiohttp import web

from adapters.web.interface.declared import Answer, Operation, described
from adapters.web.interface.document import openapi
from bot.application import Application


class InterfaceHandlers:
    """The document is made when it is first asked for: by then every route is registered."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._router: web.UrlDispatcher

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        self._router = router
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

    @cached_property
    def _document(self) -> bytes:
        return msgspec.json.encode(openapi(self._router, self._application.limits))
