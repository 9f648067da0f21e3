"""Who is at the other end of the line, and what trusted proxies say of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import web

from bot.domain.access import Visit

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@dataclass(frozen=True, slots=True)
class Client:
    """`host` is what they called us; `is_local` says that they are on this machine, with no proxy between."""

    address: str
    host: str
    is_https: bool
    is_local: bool


class Proxies:
    """The proxies whose word is taken: addresses or networks. What anybody else forwards is not looked at."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._networks = [ip_network(one, strict=False) for one in trusted]

    def client(self, request: web.Request) -> Client:
        """Tell who sent a request: the last one in the chain that is no trusted proxy."""
        peer = request.remote or ""
        host = request.headers.get("Host", "")
        if not self._is_trusted(peer):
            is_direct = not any(name in request.headers for name in _FORWARDED)
            return Client(peer, host, request.secure, is_local=is_direct and is_loopback(peer))
        return Client(
            self._origin(peer, _listed(request, "X-Forwarded-For")),
            _last(request, "X-Forwarded-Host") or host,
            _last(request, "X-Forwarded-Proto").lower() == "https",
            is_local=False,
        )

    def _origin(self, peer: str, chain: list[str]) -> str:
        address = peer
        while chain and self._is_trusted(address) and is_ip_address(chain[-1]):
            address = chain.pop()
        return address

    def _is_trusted(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._networks)


PROXIES: Final = web.AppKey("proxies", Proxies)


def client_of(request: web.Request) -> Client:
    """Who sent this request."""
    return request.app[PROXIES].client(request)


def visit_of(request: web.Request) -> Visit:
    """From where it comes, as sessions remember it."""
    return Visit(client_of(request).address, request.headers.get("User-Agent", ""))


def is_loopback(host: str) -> bool:
    """Whether an address, or a name to listen on, is this machine only."""
    if host.lower() == "localhost":
        return True
    parsed = _parsed(host)
    return parsed is not None and parsed.is_loopback


def is_ip_address(text: str) -> bool:
    """Whether it is a numeric address, of either version."""
    return _parsed(text) is not None


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address; one of version 4 that a socket of version 6 tells as such, as version 4."""
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed


def _listed(request: web.Request, name: str) -> list[str]:
    return [item.strip() for value in request.headers.getall(name, []) for item in value.split(",")]


def _last(request: web.Request, name: str) -> str:
    """What the proxy next to us added; what stands before it may come from anybody."""
    listed = _listed(request, name)
    return listed[-1] if listed else ""
