"""The one way every error of a handler goes: into one sentence, as JSON or as a page."""

from __future__ import annotations

import logging
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.web.refusals import Refused, WebRefusal, status_of, waiting_headers, web_refusal_text
from adapters.web.routes import API_PREFIX, METRICS_ROUTE, route_name
from adapters.web.views import PROBLEM_TYPE, ProblemView, encode
from adapters.web.visitors import visitor_of
from bot.domain.errors import Rejected
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog, Catalogs
from bot.services.job_context import working_on

log = logging.getLogger(__name__)


class ErrorPage(Protocol):
    """Draws a page with one sentence on it."""

    def __call__(self, catalog: Catalog, sentence: str) -> str:
        """The page as HTML."""
        ...


class Funnel:
    """Turns refusals and faults into answers; only faults are logged."""

    def __init__(self, catalogs: Catalogs, error_page: ErrorPage) -> None:
        self._catalogs = catalogs
        self._error_page = error_page

    @property
    def middleware(self) -> Middleware:
        """The outermost middleware."""

        @web.middleware
        async def catch(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                with working_on(request.match_info.get("job_id", "")):
                    return await handler(request)
            except Rejected as rejected:
                sentence = rejection_text(rejected, self._catalog(request))
                answer = self._answer(request, rejected.rejection.value, sentence, status_of(rejected.rejection))
                answer.headers.update(waiting_headers(rejected))
                return answer
            except Refused as refused:
                return self._refuse(request, refused.refusal)
            except web.HTTPException as error:
                return self._http_error(request, error)
            except ConnectionError:  # the browser went away: there is nobody to tell, and nothing is wrong here
                return self._refuse(request, WebRefusal.BAD_REQUEST)
            except Exception:
                log.exception("%s %s failed", request.method, request.path)
                return self._refuse(request, WebRefusal.INTERNAL)

        return catch

    def _http_error(self, request: web.Request, error: web.HTTPException) -> web.StreamResponse:
        match error.status:
            case 404:
                return self._refuse(request, WebRefusal.NOT_FOUND)
            case 405:
                answer = self._refuse(request, WebRefusal.METHOD_NOT_ALLOWED)
                answer.headers["Allow"] = error.headers.get("Allow", "")
                return answer
            case 413:
                return self._refuse(request, WebRefusal.TOO_LARGE)
            case status if 400 <= status < 500:
                return self._refuse(request, WebRefusal.BAD_REQUEST)
            case _:
                raise error

    def _refuse(self, request: web.Request, refusal: WebRefusal) -> web.Response:
        sentence = web_refusal_text(refusal, self._catalog(request))
        answer = self._answer(request, refusal.value, sentence, status_of(refusal))
        if answer.status == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    def _answer(self, request: web.Request, code: str, sentence: str, status: int) -> web.Response:
        if request.path.startswith(API_PREFIX) or route_name(request) == METRICS_ROUTE:
            problem = ProblemView.of(status, code, sentence)
            return web.Response(body=encode(problem), status=status, content_type=PROBLEM_TYPE)
        page = self._error_page(self._catalog(request), sentence)
        return web.Response(text=page, status=status, content_type="text/html")

    def _catalog(self, request: web.Request) -> Catalog:
        return visitor_of(request, self._catalogs).catalog
