"""Names of the routes that are open to everybody; whatever is not listed here demands a login beyond loopback."""

from __future__ import annotations

from typing import Final

from aiohttp import web

LOGIN_ROUTE: Final = "login"
STATIC_ROUTE: Final = "static"
SIGNED_LINK_ROUTE: Final = "signed-link"
HEALTH_ROUTE: Final = "healthz"
READY_ROUTE: Final = "readyz"
PUBLIC_ROUTES: Final = frozenset({LOGIN_ROUTE, STATIC_ROUTE, SIGNED_LINK_ROUTE, HEALTH_ROUTE, READY_ROUTE})

METRICS_ROUTE: Final = "metrics"
"""Name of the route that this machine reads without a token, and others with one of the scope `metrics`."""

API_PREFIX: Final = "/api/"
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


def route_name(request: web.Request) -> str:
    """The name of the route that a request is going to; empty where it has none."""
    resource = request.match_info.route.resource
    return (resource.name or "") if resource is not None else ""
