"""The tray on the page: what the next request works from where it names nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, assert_never

import msgspec
from aiohttp import web

from adapters.web.answers import json_answer
from adapters.web.interface.declared import Answer, Operation, Parameter, described
from adapters.web.stored import thumbnail, whole
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import PictureHash
from bot.domain.styles import Tray
from bot.messages.styles import tray_text
from bot.services.tray import TrayPlace


class Place(StrEnum):
    """The places of the tray, as they are on the form."""

    SUBJECT = "subject"
    STYLE = "style"
    STYLE_2 = "style-2"


class LyingView(msgspec.Struct, frozen=True, kw_only=True):
    """A picture in the tray; the addresses change with it."""

    place: str
    url: str
    thumbnail_url: str


class TrayView(msgspec.Struct, frozen=True):
    """What lies there, the subject first, and the same in words."""

    words: str
    pictures: list[LyingView]


_TRAY: Final = "Tray"
_AS_IT_IS: Final = (Answer(200, "The tray as it is now.", TrayView),)
_PLACE: Final = "{place:" + "|".join(Place) + "}"  # so that no other address is taken for a place
_PATH: Final = {"place": "Where it lies."}
_FILE: Final = (Rejection.PICTURE_UNKNOWN, Rejection.PICTURE_GONE)
_VERSION: Final = (Parameter("v", "Anything; browsers keep what an address with it leads to."),)
_UNCHANGED: Final = Answer(304, "It is the one that `If-None-Match` names.")


class TrayHandlers:
    """Handlers over the tray of whoever asks."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/api/tray", self.show)
        router.add_delete("/api/tray", self.clear)
        router.add_post("/api/tray/swap", self.swap)
        router.add_get(f"/api/tray/{_PLACE}.png", self.picture)
        router.add_get(f"/api/tray/{_PLACE}.webp", self.small)
        router.add_delete(f"/api/tray/{_PLACE}", self.remove)

    async def view(self, visitor: Visitor) -> TrayView:
        """The visitor's tray."""
        return tray_view(await self._application.tray.show(visitor.actor), visitor)

    @described(Operation("Show your tray", _AS_IT_IS, _TRAY))
    async def show(self, request: web.Request) -> web.Response:
        """What lies there."""
        return json_answer(await self.view(self._visitor(request)))

    @described(Operation("Empty your tray", _AS_IT_IS, _TRAY))
    async def clear(self, request: web.Request) -> web.Response:
        """Take everything out."""
        visitor = self._visitor(request)
        return json_answer(tray_view(await self._application.tray.clear(visitor.actor), visitor))

    @described(Operation("Swap subject and first style", _AS_IT_IS, _TRAY, refusals=(Rejection.NOTHING_TO_SWAP,)))
    async def swap(self, request: web.Request) -> web.Response:
        """The subject becomes the first style, and the other way round."""
        visitor = self._visitor(request)
        return json_answer(tray_view(await self._application.tray.swap(visitor.actor), visitor))

    @described(
        Operation(
            "Take a picture out of your tray",
            _AS_IT_IS,
            _TRAY,
            refusals=(Rejection.PICTURE_UNKNOWN,),
            path_words=_PATH,
        )
    )
    async def remove(self, request: web.Request) -> web.Response:
        """Take one out; an empty place stays empty."""
        visitor = self._visitor(request)
        match _place(request):
            case Place.SUBJECT:
                tray = await self._application.tray.remove(visitor.actor, TrayPlace.SUBJECT)
            case Place.STYLE:
                tray = await self._application.tray.remove(visitor.actor, TrayPlace.STYLE, 0)
            case Place.STYLE_2:
                tray = await self._application.tray.remove(visitor.actor, TrayPlace.STYLE, 1)
            case place:
                assert_never(place)
        return json_answer(tray_view(tray, visitor))

    @described(
        Operation(
            "Fetch a picture in your tray",
            (Answer(200, "A PNG.", media="image/png"), _UNCHANGED),
            _TRAY,
            refusals=_FILE,
            parameters=_VERSION,
            path_words=_PATH,
        )
    )
    async def picture(self, request: web.Request) -> web.Response:
        """The whole picture."""
        return await whole(request, self._application, await self._lying(request))

    @described(
        Operation(
            "Fetch the thumbnail of a picture in your tray",
            (Answer(200, "A small WebP.", media="image/webp"), _UNCHANGED),
            _TRAY,
            refusals=_FILE,
            parameters=_VERSION,
            path_words=_PATH,
        )
    )
    async def small(self, request: web.Request) -> web.Response:
        """The same, small."""
        return await thumbnail(request, self._application, await self._lying(request))

    async def _lying(self, request: web.Request) -> PictureHash:
        tray = await self._application.tray.show(self._visitor(request).actor)
        picture = _places(tray).get(_place(request))
        if picture is None:
            raise Rejected(Rejection.PICTURE_UNKNOWN)
        return picture

    def _visitor(self, request: web.Request) -> Visitor:
        return visitor_of(request, self._application.catalogs)


def tray_view(tray: Tray, visitor: Visitor) -> TrayView:
    """A tray as JSON."""
    pictures = [
        LyingView(
            place=place.value,
            url=f"/api/tray/{place.value}.png?v={picture[:8]}",
            thumbnail_url=f"/api/tray/{place.value}.webp?v={picture[:8]}",
        )
        for place, picture in _places(tray).items()
    ]
    return TrayView(tray_text(tray, visitor.catalog), pictures)


def _places(tray: Tray) -> Mapping[Place, PictureHash]:
    styles = dict(zip((Place.STYLE, Place.STYLE_2), tray.styles, strict=False))
    return {Place.SUBJECT: tray.subject, **styles} if tray.subject is not None else styles


def _place(request: web.Request) -> Place:
    return Place(request.match_info["place"])
