"""The page of style cards."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from adapters.web.library.gallery import html_page, script_texts
from adapters.web.library.style_actions import picture_url, thumbnail_url
from adapters.web.library.wishes import gallery_address
from adapters.web.templates import Templates
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.styles import STYLE_NAME_CHARS
from bot.services.gallery import Wish
from bot.services.own_styles import UsedStyle


@dataclass(frozen=True, slots=True)
class StylePicture:
    """A picture of a card, where it is whole and small."""

    address: str
    thumb_url: str


@dataclass(frozen=True, slots=True)
class StyleTile:
    """A card as the page shows it."""

    id: str
    name: str
    is_shared: bool
    uses: int
    pictures: tuple[StylePicture, ...]
    used_address: str
    draw_address: str


class StylePages:
    """Draws the page in the visitor's language."""

    def __init__(self, application: Application, templates: Templates) -> None:
        self._application = application
        self._templates = templates

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the route."""
        router.add_get("/styles", self.index, name="styles")

    async def index(self, request: web.Request) -> web.Response:
        """All cards of the visitor whose name holds what was typed."""
        visitor = visitor_of(request, self._application.catalogs)
        words = request.query.get("q", "").strip()
        listed = await self._application.own_styles.listed(visitor.actor, words)
        return html_page(
            self._templates.render(
                "styles.html",
                visitor,
                current="styles",
                words=words,
                styles=[_tile(used) for used in listed],
                name_chars=STYLE_NAME_CHARS,
                limits=self._application.limits,
                script_texts=script_texts(visitor.catalog),
            )
        )


def _tile(used: UsedStyle) -> StyleTile:
    card = used.card
    return StyleTile(
        id=card.id,
        name=card.name,
        is_shared=card.is_shared,
        uses=used.uses,
        pictures=tuple(
            StylePicture(picture_url(card, index), thumbnail_url(card, index)) for index in range(len(card.pictures))
        ),
        used_address=gallery_address(Wish(style=card.id)),
        draw_address=f"/?style={card.id}",
    )
