"""The HTTP interface of one's style cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from aiohttp import BodyPartReader, web

from adapters.web.answers import json_answer, read_json
from adapters.web.form_schema import PICTURE_REFUSALS, PICTURE_TYPES
from adapters.web.forms import UNREADABLE, read_picture, read_text
from adapters.web.interface.declared import Answer, FormBody, JsonBody, Operation, Parameter, described
from adapters.web.library.actions import DoneView, done
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.errors import Rejection
from bot.domain.limits import Limits
from bot.domain.styles import STYLE_NAME_CHARS, StyleCard
from bot.services.own_styles import UsedStyle

_MOST_PARTS: Final = 8
_MOST_PICTURES: Final = 2
_STYLES: Final = "Styles"
_PATH: Final = {"style_id": "The id of a style card."}


class StyleView(msgspec.Struct, frozen=True, kw_only=True):
    """A style card; `uses` counts the jobs that had all of its pictures."""

    id: str
    name: str
    is_shared: bool
    uses: int
    picture_urls: list[str]
    thumbnail_urls: list[str]


class StyleListView(msgspec.Struct, frozen=True):
    """Cards by name."""

    styles: list[StyleView]


class NameBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The new name."""

    name: str


_DONE: Final = (Answer(200, "Done.", DoneView),)
_NAME_REFUSALS: Final = (Rejection.STYLE_NAME_BAD, Rejection.STYLE_NAME_TAKEN)


def _upload_form(limits: Limits) -> Mapping[str, Any]:
    most = limits.max_file_bytes // 2**20
    picture = {"type": "string", "format": "binary"}
    properties = {
        "name": {"type": "string", "minLength": 1, "maxLength": STYLE_NAME_CHARS},
        "picture": {
            "type": "array",
            "items": picture,
            "minItems": 1,
            "maxItems": _MOST_PICTURES,
            "description": f"PNG, JPEG or WebP of at most {most} MB; the field is sent once for each.",
        },
    }
    schema = {"type": "object", "properties": properties, "required": ["name", "picture"]}
    return {"schema": schema, "encoding": {"picture": {"contentType": PICTURE_TYPES}}}


class StyleHandlers:
    """Handlers over the services, for one's own cards only; errors leave as exceptions."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        one = "/api/styles/{style_id}"
        router.add_get("/api/styles", self.list_own)
        router.add_post("/api/styles", self.create)
        router.add_post(f"{one}/rename", self.rename)
        router.add_post(f"{one}/tray", self.put_into_tray)
        router.add_delete(one, self.delete)

    @described(
        Operation(
            "List your style cards",
            (Answer(200, "By name.", StyleListView),),
            _STYLES,
            parameters=(Parameter("q", "Words that the name holds."),),
        )
    )
    async def list_own(self, request: web.Request) -> web.Response:
        """All cards of the visitor."""
        listed = await self._application.own_styles.listed(self._visitor(request).actor, request.query.get("q", ""))
        return json_answer(StyleListView([style_view(used) for used in listed]))

    @described(
        Operation(
            "Save a style card",
            (Answer(201, "Saved.", StyleView),),
            _STYLES,
            refusals=(
                *_NAME_REFUSALS,
                *PICTURE_REFUSALS,
                Rejection.STYLE_WITHOUT_PICTURE,
                Rejection.TOO_MANY_STYLES,
                Rejection.TOO_MANY_STYLE_CARDS,
            ),
            body=FormBody(_upload_form),
        )
    )
    async def create(self, request: web.Request) -> web.Response:
        """A card of one or two uploaded pictures."""
        visitor = self._visitor(request)
        name, pictures = await read_upload(request, self._application.limits)
        card = await self._application.styles.save(visitor.actor, name, pictures)
        return json_answer(style_view(UsedStyle(card, 0)), status=201)

    @described(
        Operation(
            "Rename a style card",
            _DONE,
            _STYLES,
            refusals=(Rejection.STYLE_UNKNOWN, *_NAME_REFUSALS),
            path_words=_PATH,
            body=JsonBody(NameBody),
        )
    )
    async def rename(self, request: web.Request) -> web.Response:
        """Another name for a card."""
        visitor = self._visitor(request)
        name = (await read_json(request, NameBody)).name
        card = await self._application.own_styles.rename(visitor.actor, _style_id(request), name)
        return done(visitor.catalog.text("styles-renamed", name=card.name))

    @described(
        Operation(
            "Put a style card into the tray",
            _DONE,
            _STYLES,
            refusals=(Rejection.STYLE_UNKNOWN, Rejection.PICTURE_GONE),
            path_words=_PATH,
        )
    )
    async def put_into_tray(self, request: web.Request) -> web.Response:
        """The next request from a chat is drawn in this style."""
        visitor = self._visitor(request)
        card = await self._application.own_styles.card(visitor.actor, _style_id(request))
        await self._application.own_styles.put_into_tray(visitor.actor, card.id)
        return done(visitor.catalog.text("styles-in-tray", name=card.name))

    @described(Operation("Delete a style card", _DONE, _STYLES, refusals=(Rejection.STYLE_UNKNOWN,), path_words=_PATH))
    async def delete(self, request: web.Request) -> web.Response:
        """For good; what was drawn with it stays."""
        visitor = self._visitor(request)
        card = await self._application.own_styles.delete(visitor.actor, _style_id(request))
        return done(visitor.catalog.text("style-deleted", name=card.name))

    def _visitor(self, request: web.Request) -> Visitor:
        return visitor_of(request, self._application.catalogs)


def style_view(used: UsedStyle) -> StyleView:
    """A card as JSON."""
    card = used.card
    return StyleView(
        id=card.id,
        name=card.name,
        is_shared=card.is_shared,
        uses=used.uses,
        picture_urls=[picture_url(card, index) for index in range(len(card.pictures))],
        thumbnail_urls=[thumbnail_url(card, index) for index in range(len(card.pictures))],
    )


def picture_url(card: StyleCard, index: int) -> str:
    """Where a picture of a card is."""
    return f"/api/styles/{card.id}/pictures/{index}.png"


def thumbnail_url(card: StyleCard, index: int) -> str:
    """Where its thumbnail is; the address changes with the picture."""
    return f"/api/styles/{card.id}/pictures/{index}.webp?v={card.pictures[index][:8]}"


async def read_upload(request: web.Request, limits: Limits) -> tuple[str, list[bytes]]:
    """Name and pictures of the form. Raises `Rejected` or `Refused`; what is beyond two pictures is only counted."""
    if not request.content_type.startswith("multipart/"):
        raise Refused(WebRefusal.BAD_REQUEST)
    name, pictures, parts = "", list[bytes](), 0
    try:
        async for part in await request.multipart():
            parts += 1
            if parts > _MOST_PARTS or not isinstance(part, BodyPartReader):
                raise Refused(WebRefusal.BAD_REQUEST)
            if part.name == "picture" and part.filename:
                pictures.append(await read_picture(part, limits) if len(pictures) < _MOST_PICTURES else b"")
            elif part.name == "name" and not part.filename:
                name = await read_text(part)
    except UNREADABLE as error:
        raise Refused(WebRefusal.BAD_REQUEST) from error
    return name, pictures


def _style_id(request: web.Request) -> str:
    return request.match_info["style_id"]
