"""Who may talk to the page: this machine's own browser, on pages of our own.

The page has no login. What protects it is that it listens on loopback, that foreign names for our address are
refused (DNS rebinding) and that other sites' pages can not post (cross-site request forgery).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.web.refusals import Refused, WebRefusal

PUBLIC_ROUTE: Final = "signed-link"
"""Name of the one route that is served under the public name as well."""
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Refuses foreign hosts and cross-site changes; `names` are allowed beside the loopback ones.

    `public_name` leads to signed links and to nothing else; empty where there are none.
    """

    def __init__(self, names: Iterable[str], public_name: str = "") -> None:
        self._public_name = public_name.lower()
        self._names = _LOOPBACK_NAMES | {name.strip("[]").lower() for name in names}

    @property
    def middleware(self) -> Middleware:
        """The check, in front of every handler."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._check_host(request)
            if request.method not in _SAFE_METHODS:
                _check_site(request)
            return await handler(request)

        return check

    def _check_host(self, request: web.Request) -> None:
        name = host_name(request.headers.get("Host", ""))
        is_public = name != "" and name == self._public_name and _is_signed_link(request)
        if name not in self._names and not is_public:
            raise Refused(WebRefusal.FOREIGN_HOST)


def _is_signed_link(request: web.Request) -> bool:
    resource = request.match_info.route.resource
    return resource is not None and resource.name == PUBLIC_ROUTE and request.method in _SAFE_METHODS


def host_name(host: str) -> str:
    """The name in a `Host` header, lower case, without port and brackets; empty when it is malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "") if "@" not in host else ""
    except ValueError:
        return ""


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on a response; nothing is kept by the browser without asking again."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache")


def _check_site(request: web.Request) -> None:
    """Browsers say where a request comes from; programs that say nothing are not driven by a foreign page."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in _OWN_SITES:
        raise Refused(WebRefusal.CROSS_SITE)
    if origin is not None and _place_of(origin) != request.headers.get("Host", "").lower():
        raise Refused(WebRefusal.CROSS_SITE)


def _place_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
