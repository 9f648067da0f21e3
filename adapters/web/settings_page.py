"""*Settings*: tokens for programs, and who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from adapters.web.passes import form_token, pass_of
from adapters.web.refusals import status_of
from adapters.web.templates import Templates
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.access import ApiToken, Scope, WebSession
from bot.domain.errors import Rejected, Rejection
from bot.messages.cards import rejection_text
from bot.messages.catalogs import Catalog
from bot.services.api_tokens import MAX_TOKEN_NAME_CHARS, IssuedToken
from bot.services.sign_in import digest_of

SETTINGS_PATH: Final = "/settings"
TOKEN_DAYS: Final = (30, 90, 365)
_DATE: Final = "%Y-%m-%d"
_BROWSERS: Final = ("Firefox", "Edg", "OPR", "Chrome", "Safari", "curl")  # as they call themselves, the vague ones last
_BROWSER_NAMES: Final = {"Edg": "Edge", "OPR": "Opera"}


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as it is listed."""

    id: str
    name: str
    notes: tuple[str, ...]
    revoke_label: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One signed-in browser as it is listed."""

    title: str
    seen: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class _News:
    """What came of the last press: a new token, a sentence, or a refusal."""

    issued: IssuedToken | None = None
    done: str = ""
    error: str = ""
    status: int = 200


class SettingsHandlers:
    """Draws the page; every form on it is answered with the page as it is afterwards."""

    def __init__(self, application: Application, templates: Templates) -> None:
        self._application = application
        self._templates = templates

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get(SETTINGS_PATH, self.show)
        router.add_post(f"{SETTINGS_PATH}/tokens", self.create_token)
        router.add_post(f"{SETTINGS_PATH}/tokens/revoke", self.revoke_token)
        router.add_post(f"{SETTINGS_PATH}/sessions/end", self.end_sessions)
        for path in ("tokens", "tokens/revoke", "sessions/end"):  # what a reload, or a link to such a page, asks for
            router.add_get(f"{SETTINGS_PATH}/{path}", _back)

    async def show(self, request: web.Request) -> web.Response:
        """The page."""
        return await self._page(request, _News())

    async def create_token(self, request: web.Request) -> web.Response:
        """Make a token that acts as whoever is at the page, and show it."""
        form = await request.post()
        visitor = self._visitor(request)
        try:
            scope, days = _choices(str(form.get("scope", "")), str(form.get("days", "")))
            name = str(form.get("name", ""))
            issued = await self._application.api_tokens.create(
                visitor.actor, name, scope, by=visitor.actor.key, days=days
            )
        except Rejected as rejected:
            return await self._page(request, _refused(rejected, visitor.catalog))
        return await self._page(request, _News(issued))

    async def revoke_token(self, request: web.Request) -> web.Response:
        """End a token."""
        form = await request.post()
        visitor = self._visitor(request)
        try:
            token = await self._application.api_tokens.revoke(str(form.get("token", "")), by=visitor.actor.key)
        except Rejected as rejected:
            return await self._page(request, _refused(rejected, visitor.catalog))
        return await self._page(
            request, _News(done=visitor.catalog.text("web-settings-token-revoked", name=token.name))
        )

    async def end_sessions(self, request: web.Request) -> web.Response:
        """Sign out all other browsers."""
        ended = await self._application.sign_in.leave_elsewhere(pass_of(request).secret)
        sentence = self._visitor(request).catalog.text("web-settings-sessions-ended", count=ended)
        return await self._page(request, _News(done=sentence))

    def _visitor(self, request: web.Request) -> Visitor:
        return visitor_of(request, self._application.catalogs)

    async def _page(self, request: web.Request, news: _News) -> web.Response:
        visitor = self._visitor(request)
        tokens, sessions = await self._application.api_tokens.all(), await self._application.sign_in.sessions()
        html = self._templates.render(
            "settings.html",
            visitor,
            current="settings",
            tokens=[self._token_line(token, visitor.catalog) for token in tokens],
            sessions=_session_lines(sessions, pass_of(request).secret, visitor.catalog),
            scopes=tuple(Scope),
            token_days=TOKEN_DAYS,
            max_name_chars=MAX_TOKEN_NAME_CHARS,
            form_token=form_token(request),
            news=news,
        )
        headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
        return web.Response(text=html, status=news.status, content_type="text/html", headers=headers)

    def _token_line(self, token: ApiToken, catalog: Catalog) -> TokenLine:
        if token.expires_at is None:
            until = catalog.text("web-settings-token-lasting")
        else:
            key = "expired" if self._application.api_tokens.is_over(token) else "expires"
            until = catalog.text(f"web-settings-token-{key}", date=f"{token.expires_at:{_DATE}}")
        if token.used_at is None:
            used = catalog.text("web-settings-token-unused")
        else:
            used = catalog.text("web-settings-token-used", date=f"{token.used_at:{_DATE}}")
        scope = catalog.text(f"web-settings-scope-{token.scope.value}")
        holder = catalog.text("web-settings-token-holder", holder=token.holder.key)
        label = catalog.text("web-settings-token-revoke-named", name=token.name)
        return TokenLine(token.id, token.name, (scope, holder, until, used), label)


async def _back(_request: web.Request) -> web.Response:
    raise web.HTTPSeeOther(SETTINGS_PATH)


def _choices(scope: str, days: str) -> tuple[Scope, int | None]:
    """What the form chose. Raises `Rejected`."""
    if scope not in {one.value for one in Scope}:
        raise Rejected(Rejection.UNKNOWN_CHOICE, name="scope", given=scope[:40], choices=", ".join(Scope))
    if days == "":
        return Scope(scope), None
    if days not in {str(one) for one in TOKEN_DAYS}:
        raise Rejected(Rejection.UNKNOWN_CHOICE, name="days", given=days[:40], choices=", ".join(map(str, TOKEN_DAYS)))
    return Scope(scope), int(days)


def _refused(rejected: Rejected, catalog: Catalog) -> _News:
    return _News(error=rejection_text(rejected, catalog), status=status_of(rejected.rejection))


def _session_lines(sessions: Sequence[WebSession], secret: str, catalog: Catalog) -> list[SessionLine]:
    if not secret:
        return []
    here = digest_of(secret)
    return [
        SessionLine(
            catalog.text("web-settings-session-line", agent=_browser(one, catalog), address=one.visit.address),
            catalog.text("web-settings-session-seen", date=f"{one.seen_at:{_DATE}}"),
            is_here=one.digest == here,
        )
        for one in sessions
    ]


def _browser(session: WebSession, catalog: Catalog) -> str:
    """What people call the browser; its own words go on for a line and mislead."""
    agent = session.visit.agent
    found = next((name for name in _BROWSERS if f"{name}/" in agent), None)
    if found is None:
        return catalog.text("web-settings-session-unknown-browser")
    return _BROWSER_NAMES.get(found, found)
