"""As whom a request was let in, and the cookies that carry it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from aiohttp import web

from adapters.web.clients import client_of
from adapters.web.refusals import Refused, WebRefusal
from bot.domain.access import SESSION_LIFE
from bot.domain.actors import Actor, Platform

PAGE_ACTOR: Final = Actor(Platform.WEB, "local")
"""Whoever is at the page: it has one person, who runs the bot."""
FORM_FIELD: Final = "form_token"
_SESSION_COOKIE: Final = "uso-session"
_FORM_COOKIE: Final = "uso-form"
_SECURE_PREFIX: Final = "__Host-"


class Entry(StrEnum):
    """How somebody got in."""

    OPEN = "open"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 -- a kind of entry


@dataclass(frozen=True, slots=True)
class Pass:
    """Who asks, and how they got in; `secret` is that of their session or their token."""

    actor: Actor = PAGE_ACTOR
    entry: Entry = Entry.OPEN
    secret: str = field(default="", repr=False)


PASS: Final = web.RequestKey("pass", Pass)
_NEW_FORM_SECRET: Final = web.RequestKey("new form secret", str)


def pass_of(request: web.Request) -> Pass:
    """As whom the gate let a request in."""
    return request[PASS] if PASS in request else Pass()


def was_recognised(request: web.Request) -> bool:
    """Whether whoever asks has signed in or shown a token that is good for this."""
    return pass_of(request).entry is not Entry.OPEN


def session_secret(request: web.Request) -> str:
    """What the browser brought as its session; empty if nothing."""
    return request.cookies.get(_cookie_name(request, _SESSION_COOKIE), "")


def begin_session(request: web.Request, response: web.Response, secret: str) -> None:
    """Have the browser keep a session."""
    life_s = int(SESSION_LIFE.total_seconds())
    _set_cookie(request, response, _SESSION_COOKIE, secret, max_age_s=life_s, same_site="Lax")


def end_session(request: web.Request, response: web.Response) -> None:
    """Have the browser forget its session."""
    _set_cookie(request, response, _SESSION_COOKIE, "", max_age_s=0, same_site="Lax")


def form_token(request: web.Request) -> str:
    """What a form has to bring back in the field `FORM_FIELD`: other sites can not know it.

    It is derived from the session or, where there is none, from a cookie that the answer sets.
    """
    return _derived(_form_secret(request))


async def check_form(request: web.Request) -> None:
    """Refuse a form that was not made for this browser; raises `Refused`."""
    try:
        given = (await request.post()).get(FORM_FIELD)
    except (ValueError, LookupError, EOFError) as error:
        raise Refused(WebRefusal.BAD_REQUEST) from error
    secret = _known_secret(request)
    is_ours = isinstance(given, str) and hmac.compare_digest(
        given.encode("utf-8", "replace"), _derived(secret).encode()
    )
    if not secret or not is_ours:
        raise Refused(WebRefusal.PAGE_STALE)


def keep_form_secret(request: web.Request, response: web.StreamResponse) -> None:
    """Set the cookie that a form on this answer is checked with, if the browser has none."""
    secret = request.get(_NEW_FORM_SECRET)
    if secret is not None:
        _set_cookie(request, response, _FORM_COOKIE, secret, max_age_s=None, same_site="Strict")


def _form_secret(request: web.Request) -> str:
    secret = _known_secret(request)
    if not secret:
        secret = request.get(_NEW_FORM_SECRET) or secrets.token_urlsafe(32)
        request[_NEW_FORM_SECRET] = secret
    return secret


def _known_secret(request: web.Request) -> str:
    return pass_of(request).secret or request.cookies.get(_cookie_name(request, _FORM_COOKIE), "")


def _derived(secret: str) -> str:
    digest = hmac.new(secret.encode("utf-8", "replace"), b"form", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _cookie_name(request: web.Request, name: str) -> str:
    """Under `__Host-`, browsers take a cookie from nobody but this very host, over HTTPS."""
    return _SECURE_PREFIX + name if client_of(request).is_https else name


def _set_cookie(
    request: web.Request, response: web.StreamResponse, name: str, value: str, *, max_age_s: int | None, same_site: str
) -> None:
    response.set_cookie(
        _cookie_name(request, name),
        value,
        max_age=max_age_s,
        path="/",
        secure=client_of(request).is_https,
        httponly=True,
        samesite=same_site,
    )
