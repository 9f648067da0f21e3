"""Who may come in: this machine's own browser, whoever signed in, programs with a token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, assert_never
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.web.clients import client_of
from adapters.web.interface.declared import route_operation
from adapters.web.passes import PASS, Entry, Pass, check_form, keep_form_secret, session_secret
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.routes import API_PREFIX, METRICS_ROUTE, PUBLIC_ROUTES, SAFE_METHODS, route_name
from bot.domain.access import Scope
from bot.ports.storage import StorageUnavailable
from bot.services.api_tokens import ApiTokens
from bot.services.sign_in import SignIn

LOGIN_PATH: Final = "/login"
_BEARER: Final = "bearer "


class Gate:
    """Lets a request in as somebody, or refuses it.

    Nothing is open that is not listed in `PUBLIC_ROUTES`: a route that a later hand adds is closed by itself. A token
    that is shown is looked at even where none is needed, and opens what its scope allows and no page. What takes long,
    such as a stream, is cut off when the session or the token it was begun with has ended, looked at every `recheck_s`.
    """

    def __init__(self, sign_in: SignIn, tokens: ApiTokens, *, demands_login: bool, recheck_s: float) -> None:
        self._sign_in = sign_in
        self._tokens = tokens
        self._demands_login = demands_login
        self._recheck_s = recheck_s

    @property
    def middleware(self) -> Middleware:
        """The check, behind that of hosts and sites, in front of every handler."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            admitted = await self._admit(request)
            request[PASS] = admitted
            if request.method not in SAFE_METHODS:
                await _check_change(request, admitted)
            async with self._watched(request, admitted):
                response = await handler(request)
            keep_form_secret(request, response)
            return response

        return check

    async def _admit(self, request: web.Request) -> Pass:
        name = route_name(request)
        if name in PUBLIC_ROUTES:
            return Pass()
        authorization = request.headers.get("Authorization", "")
        if authorization.lower().startswith(_BEARER):
            return await self._by_token(request, authorization[len(_BEARER) :].strip())
        if not self._demands_login:
            return Pass()
        if (secret := session_secret(request)) and await self._sign_in.recognise(secret) is not None:
            return Pass(entry=Entry.SESSION, secret=secret)
        if name == METRICS_ROUTE and client_of(request).is_local:
            return Pass()
        raise _to_login(request)

    async def _by_token(self, request: web.Request, secret: str) -> Pass:
        token = await self._tokens.recognise(secret)
        if token is None:
            raise Refused(WebRefusal.TOKEN_WRONG)
        # Where there is nothing, the answer is that there is nothing.
        if request.match_info.http_exception is None:
            needed = _needed_scope(request)
            if needed is None or not token.scope.allows(needed):
                raise Refused(WebRefusal.SCOPE_TOO_SMALL)
        return Pass(token.holder, Entry.TOKEN, secret)

    @asynccontextmanager
    async def _watched(self, request: web.Request, admitted: Pass) -> AsyncIterator[None]:
        """Hang up on whoever is not let in any more; the handler sees a browser that left."""
        if admitted.entry is Entry.OPEN:
            yield
            return
        watch = asyncio.create_task(self._hang_up_when_over(request, admitted))
        try:
            yield
        finally:
            watch.cancel()

    async def _hang_up_when_over(self, request: web.Request, admitted: Pass) -> None:
        is_over = False
        while not is_over:
            await asyncio.sleep(self._recheck_s)
            try:
                is_over = not await self._still_lasts(admitted)
            except StorageUnavailable:
                continue  # nothing is known: look again
        if request.transport is not None:
            request.transport.abort()

    async def _still_lasts(self, admitted: Pass) -> bool:
        match admitted.entry:
            case Entry.SESSION:
                return await self._sign_in.recognise(admitted.secret) is not None
            case Entry.TOKEN:
                return await self._tokens.lasts(admitted.secret)
            case Entry.OPEN:
                return True
            case entry:
                assert_never(entry)


def _needed_scope(request: web.Request) -> Scope | None:
    """What a token must be good for; None for pages, which are for people."""
    if route_name(request) == METRICS_ROUTE:
        return Scope.METRICS
    operation = route_operation(request)
    return operation.scope if operation is not None else None


def _to_login(request: web.Request) -> Exception:
    """People are led to the login and back; programs are told."""
    is_page = request.method in SAFE_METHODS and not request.path.startswith(API_PREFIX)
    if not is_page or route_name(request) == METRICS_ROUTE:
        return Refused(WebRefusal.SIGN_IN_NEEDED)
    back = "" if request.path == "/" else "?" + urlencode({"next": request.raw_path})
    return web.HTTPSeeOther(LOGIN_PATH + back)


async def _check_change(request: web.Request, admitted: Pass) -> None:
    """Cookies go along with what other sites send, so what changes something has to show that it comes from us."""
    if request.match_info.http_exception is not None or admitted.entry is Entry.TOKEN:
        return
    if not request.path.startswith(API_PREFIX):
        await check_form(request)
    elif admitted.entry is Entry.SESSION and not {"Origin", "Sec-Fetch-Site"} & request.headers.keys():
        raise Refused(WebRefusal.CROSS_SITE)
