"""What the person at the page prefers: language, visibility, shape, tray."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

import msgspec
from aiohttp import web

from adapters.web.answers import json_answer, read_json
from adapters.web.interface.declared import Answer, JsonBody, Operation, described
from adapters.web.visitors import LOCALE_COOKIE, Visitor, visitor_of
from bot.application import Application
from bot.domain.errors import Rejection
from bot.domain.people import UserSettings
from bot.messages.settings import user_settings_text

_YEAR_S: Final = 365 * 24 * 3600
_Word = Annotated[str, msgspec.Meta(max_length=40)]


class PreferencesBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the settings; `locale` and `aspect` of null are the browser's language and a square."""

    locale: _Word | None = None
    private: bool = False
    spoiler: bool = False
    aspect: _Word | None = None
    keep_tray: bool = False


class PreferencesView(msgspec.Struct, frozen=True, kw_only=True):
    """The settings, and the same in words."""

    locale: str | None
    private: bool
    spoiler: bool
    aspect: str | None
    keep_tray: bool
    words: str


_SETTINGS: Final = "Settings"
_AS_THEY_ARE: Final = (Answer(200, "The settings as they are now.", PreferencesView),)


class PreferenceHandlers:
    """Handlers over the settings of whoever asks."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/api/preferences", self.show)
        router.add_put("/api/preferences", self.change)

    async def of(self, visitor: Visitor) -> UserSettings:
        """What the visitor prefers."""
        return await self._application.preferences.of_user(visitor.actor)

    @described(Operation("Show your settings", _AS_THEY_ARE, _SETTINGS))
    async def show(self, request: web.Request) -> web.Response:
        """What is set."""
        visitor = visitor_of(request, self._application.catalogs)
        return json_answer(_view(await self.of(visitor), visitor))

    @described(
        Operation(
            "Change your settings",
            _AS_THEY_ARE,
            _SETTINGS,
            refusals=(Rejection.UNKNOWN_CHOICE,),
            body=JsonBody(PreferencesBody),
        )
    )
    async def change(self, request: web.Request) -> web.Response:
        """Set all of them; the language also goes into a cookie, for pages are drawn before anything is looked up."""
        visitor = visitor_of(request, self._application.catalogs)
        body = await read_json(request, PreferencesBody)

        def chosen(before: UserSettings) -> UserSettings:
            return replace(
                before,
                locale=body.locale,
                private=body.private,
                spoiler=body.spoiler,
                aspect=body.aspect,
                keep_tray=body.keep_tray,
            )

        answer = json_answer(_view(await self._application.preferences.change_user(visitor.actor, chosen), visitor))
        if body.locale is None:
            answer.del_cookie(LOCALE_COOKIE)
        else:
            answer.set_cookie(
                LOCALE_COOKIE, body.locale, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=request.secure
            )
        return answer


def _view(settings: UserSettings, visitor: Visitor) -> PreferencesView:
    return PreferencesView(
        locale=settings.locale,
        private=settings.private,
        spoiler=settings.spoiler,
        aspect=settings.aspect,
        keep_tray=settings.keep_tray,
        words=user_settings_text(settings, visitor.catalog),
    )
