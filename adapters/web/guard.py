"""What may talk to the page at all: requests under its own names, and changes from pages of its own.

Foreign names for our address are refused (DNS rebinding), and so is what other sites' pages send (cross-site request
forgery). Who comes in is decided behind this, in `adapters.web.gate`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.web.clients import client_of, is_ip_address
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.routes import SAFE_METHODS, SIGNED_LINK_ROUTE, route_name

_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_HSTS: Final = "max-age=31536000"
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
    # Not `no-referrer`: with that, browsers say of our own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Refuses foreign hosts and cross-site changes; `names` are allowed beside the loopback ones.

    `public_name` leads to signed links and to nothing else; empty where there are none. Where `takes_addresses`,
    numeric addresses are fine as well: a foreign page needs a name to lead a browser astray.
    """

    def __init__(self, names: Iterable[str], public_name: str = "", *, takes_addresses: bool = False) -> None:
        self._public_name = public_name.lower()
        self._takes_addresses = takes_addresses
        self._names = _LOOPBACK_NAMES | {name.strip("[]").lower() for name in names}

    @property
    def middleware(self) -> Middleware:
        """The check, in front of every handler."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._check_host(request)
            if request.method not in SAFE_METHODS:
                _check_site(request)
            return await handler(request)

        return check

    def _check_host(self, request: web.Request) -> None:
        name = host_name(client_of(request).host)
        is_public = name != "" and name == self._public_name and _is_signed_link(request)
        is_address = self._takes_addresses and is_ip_address(name)
        if not (name in self._names or is_public or is_address):
            raise Refused(WebRefusal.FOREIGN_HOST)


def _is_signed_link(request: web.Request) -> bool:
    return route_name(request) == SIGNED_LINK_ROUTE and request.method in SAFE_METHODS


def host_name(host: str) -> str:
    """The name in a `Host` header, lower case, without port and brackets; empty when it is malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower() if "@" not in host else ""
    except ValueError:
        return ""


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on a response; nothing is kept without asking again, and nothing by proxies."""
    response.headers.update(_HEADERS)
    if client_of(request).is_https:
        response.headers["Strict-Transport-Security"] = _HSTS
    response.headers.setdefault("Cache-Control", "private, no-cache")


def _check_site(request: web.Request) -> None:
    """Browsers say where a request comes from; programs that say nothing are not driven by a foreign page."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in _OWN_SITES:
        raise Refused(WebRefusal.CROSS_SITE)
    if origin is not None and _place_of(origin) != client_of(request).host.lower():
        raise Refused(WebRefusal.CROSS_SITE)


def _place_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
