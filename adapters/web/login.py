"""Signing in and out."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from adapters.web.clients import visit_of
from adapters.web.gate import LOGIN_PATH
from adapters.web.passes import begin_session, end_session, form_token, pass_of, session_secret
from adapters.web.refusals import status_of, waiting_headers
from adapters.web.routes import LOGIN_ROUTE
from adapters.web.templates import Templates
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.errors import Rejected
from bot.messages.cards import rejection_text

_HOME: Final = "/"
_WITHIN: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # a path of ours, which no browser takes for another host


class LoginHandlers:
    """The page that asks for the password, what it sends, and the way out."""

    def __init__(self, application: Application, templates: Templates, *, demands_login: bool) -> None:
        self._application = application
        self._templates = templates
        self._demands_login = demands_login

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get(LOGIN_PATH, self.ask, name=LOGIN_ROUTE)
        router.add_post(LOGIN_PATH, self.enter, name=LOGIN_ROUTE)
        router.add_post("/logout", self.leave)

    async def ask(self, request: web.Request) -> web.Response:
        """The form; whoever needs none is led on."""
        onward = _within(request.query.get("next", ""))
        secret = session_secret(request)
        is_known = bool(secret) and await self._application.sign_in.recognise(secret) is not None
        if is_known or not self._demands_login:
            raise web.HTTPSeeOther(onward)
        return self._form(request, onward)

    async def enter(self, request: web.Request) -> web.Response:
        """Look at the password and begin a session."""
        if not self._demands_login:
            raise web.HTTPSeeOther(_HOME)
        form = await request.post()
        onward = _within(str(form.get("next", "")))
        try:
            secret = await self._application.sign_in.enter(str(form.get("password", "")), visit_of(request))
        except Rejected as rejected:
            sentence = rejection_text(rejected, visitor_of(request, self._application.catalogs).catalog)
            refused = self._form(request, onward, sentence, status=status_of(rejected.rejection))
            refused.headers.update(waiting_headers(rejected))
            return refused
        response = web.Response(status=303, headers={"Location": onward})
        begin_session(request, response, secret)
        return response

    async def leave(self, request: web.Request) -> web.Response:
        """End the session; nothing of it stays in the browser."""
        if secret := pass_of(request).secret:
            await self._application.sign_in.leave(secret)
        response = web.Response(status=303, headers={"Location": LOGIN_PATH, "Clear-Site-Data": '"cache"'})
        end_session(request, response)
        return response

    def _form(self, request: web.Request, onward: str, error: str = "", *, status: int = 200) -> web.Response:
        visitor = visitor_of(request, self._application.catalogs)
        html = self._templates.render(
            "login.html", visitor, current=None, onward=onward, error=error, form_token=form_token(request)
        )
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
        return web.Response(text=html, status=status, content_type="text/html", headers=headers)


def _within(path: str) -> str:
    """The path if it leads to this page, else the beginning."""
    return path if _WITHIN.fullmatch(path) and not path.startswith(LOGIN_PATH) else _HOME
