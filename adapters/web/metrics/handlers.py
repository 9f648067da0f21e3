"""`/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, GCCollector, ProcessCollector, generate_latest

from adapters.web.clients import client_of
from adapters.web.metrics.counted import CountedMetrics
from adapters.web.metrics.present import PresentMetrics
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.routes import HEALTH_ROUTE, METRICS_ROUTE, READY_ROUTE
from bot.application import Application
from bot.domain.engines import EngineState
from bot.services.readiness import Readiness


class HealthView(msgspec.Struct, frozen=True):
    """The process runs and answers; `engine` is what the engine does."""

    status: str
    engine: EngineState


class ReadyView(msgspec.Struct, frozen=True):
    """Whether a picture could be drawn now; `fraction` 0 to 1 and `seconds_left` are those of the warm-up."""

    is_ready: bool
    engine: EngineState
    fraction: float
    seconds_left: float | None
    has_database: bool


class WatchHandlers:
    """For whoever watches over the process: a service manager, a load balancer, Prometheus.

    `may_measure` says who may read the measurements, beside programs on this machine.
    """

    def __init__(
        self, application: Application, may_measure: Callable[[web.Request], bool] = lambda _request: False
    ) -> None:
        self._application = application
        self._may_measure = may_measure
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._present = PresentMetrics(application, self._registry)
        application.measuring.add(CountedMetrics(self._registry))

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/healthz", self.health, name=HEALTH_ROUTE)
        router.add_get("/readyz", self.ready, name=READY_ROUTE)
        router.add_get("/metrics", self.metrics, name=METRICS_ROUTE)

    async def health(self, _request: web.Request) -> web.Response:
        """Say that the process answers, whatever the engine is doing: restarting would not mend that."""
        return _json(HealthView("ok", self._application.engine.status.state))

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when a request would be drawn at once, else 503 with `Retry-After` in seconds."""
        readiness = await self._application.readiness()
        if readiness.is_ready:
            return _json(_ready_view(readiness))
        headers = {"Retry-After": str(readiness.retry_after_s)}
        return _json(_ready_view(readiness), status=503, headers=headers)

    async def metrics(self, request: web.Request) -> web.Response:
        """Everything measured, in the text format of Prometheus."""
        if not (client_of(request).is_local or self._may_measure(request)):
            raise Refused(WebRefusal.SIGN_IN_NEEDED)
        await self._present.look()
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _ready_view(readiness: Readiness) -> ReadyView:
    return ReadyView(
        is_ready=readiness.is_ready,
        engine=readiness.engine,
        fraction=readiness.fraction,
        seconds_left=readiness.seconds_left,
        has_database=readiness.has_database,
    )


def _json(view: msgspec.Struct, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(view),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
