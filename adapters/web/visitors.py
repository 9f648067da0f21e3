"""Who is at the page, or whom a program acts for, in the language that they chose or their browser asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aiohttp import web

from adapters.web.passes import Entry, form_token, pass_of
from bot.domain.actors import Actor
from bot.messages.catalogs import FALLBACK_LOCALE, Catalog, Catalogs

LOCALE_COOKIE = "uso-locale"
"""Holds the language that somebody chose for this page."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, and the words to answer with.

    `sign_out_token` is what the form that ends their session carries; empty where nobody had to sign in.
    """

    actor: Actor
    catalog: Catalog
    sign_out_token: str = ""


def visitor_of(request: web.Request, catalogs: Catalogs) -> Visitor:
    """Tell who sent `request`, as the gate let them in; everybody at the page is the same person."""
    locale = request.cookies.get(LOCALE_COOKIE, "")
    if locale not in catalogs.locales:
        locale = preferred_locale(request.headers.get("Accept-Language", ""), catalogs.locales)
    admitted = pass_of(request)
    return Visitor(
        replace(admitted.actor, locale=locale),
        catalogs.for_locale(locale),
        sign_out_token=form_token(request) if admitted.entry is Entry.SESSION else "",
    )


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
