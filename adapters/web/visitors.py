"""The person at the page: one local actor, in the language of their browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from bot.domain.actors import Actor, Platform
from bot.messages.catalogs import FALLBACK_LOCALE, Catalog, Catalogs

_LOCAL_ID = "local"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, and the words to answer with."""

    actor: Actor
    catalog: Catalog


def visitor_of(request: web.Request, catalogs: Catalogs) -> Visitor:
    """Tell who sent `request`; everybody at this machine is the same person."""
    locale = preferred_locale(request.headers.get("Accept-Language", ""), catalogs.locales)
    actor = Actor(Platform.WEB, _LOCAL_ID, locale=locale)
    return Visitor(actor, catalogs.for_locale(locale))


def preferred_locale(accept_language: str, available: Iterable[str]) -> str:
    """The available language wanted most by an `Accept-Language` header (RFC 9110, section 12.5.4); else English."""
    known = set(available)
    ranked: list[tuple[float, int, str]] = []
    for position, item in enumerate(accept_language.split(",")):
        tag, _, parameters = item.partition(";")
        language = tag.strip().split("-")[0].lower()
        weight = _weight(parameters)
        if language in known and weight > 0:
            ranked.append((-weight, position, language))
    return min(ranked)[2] if ranked else FALLBACK_LOCALE


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
