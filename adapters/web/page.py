"""The page itself: the form with its words, and what the script needs to begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from aiohttp import web
from markupsafe import Markup

from adapters.web.jobs import DEFAULT_LIST_LIMIT, JobHandlers
from adapters.web.templates import Templates
from adapters.web.views import CardListView
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.requests import Aspect, Draft
from bot.messages.catalogs import Catalog

_SHAPE_SIDE: Final = 18
_SCRIPT_TEXTS: Final = (
    "web-not-reachable",
    "web-connection-lost",
    "web-try-again",
    "web-too-many-dropped",
    "web-not-a-picture",
    "web-file-too-large",
    "button-reroll",
    "card-starting",
)


@dataclass(frozen=True, slots=True)
class AspectChoice:
    """One aspect of the form, with the width and height of its little drawing."""

    value: str
    size: str
    draw_width: float
    draw_height: float


class _Opening(msgspec.Struct, frozen=True):
    """What the script begins with."""

    texts: dict[str, str]
    cards: CardListView
    max_file_bytes: int


class Page:
    """Draws the page in the visitor's language."""

    def __init__(self, application: Application, templates: Templates, jobs: JobHandlers) -> None:
        self._application = application
        self._jobs = jobs
        self._templates = templates

    async def index(self, request: web.Request) -> web.Response:
        """The page."""
        visitor = visitor_of(request, self._application.catalogs)
        cards = await self._jobs.recent_cards(visitor, DEFAULT_LIST_LIMIT)
        info = self._application.engine.status.info
        html = self._templates.render(
            "create.html",
            visitor,
            current="create",
            aspects=aspect_choices(),
            limits=self._application.limits,
            defaults=Draft(),
            is_empty=not cards.jobs,
            is_toy=(info is not None and info.is_toy) or any(card.is_toy for card in cards.jobs),
            opening=_for_script(self._opening(visitor.catalog, cards)),
        )
        return web.Response(text=html, content_type="text/html", headers={"Vary": "Accept-Language"})

    def _opening(self, catalog: Catalog, cards: CardListView) -> _Opening:
        limits = self._application.limits
        texts = {key: catalog.text(key) for key in _SCRIPT_TEXTS if key != "web-file-too-large"}
        texts["web-file-too-large"] = catalog.text("reject-file-too-large", limit_mb=limits.max_file_bytes // 2**20)
        return _Opening(texts, cards, limits.max_file_bytes)


def aspect_choices() -> list[AspectChoice]:
    """Every aspect, drawn so that the longer side fills its place."""
    choices = []
    for aspect in Aspect:
        width, height = aspect.size_px
        scale = _SHAPE_SIDE / max(width, height)
        choices.append(
            AspectChoice(aspect.value, f"{width} × {height}", round(width * scale, 1), round(height * scale, 1))
        )
    return choices


def _for_script(opening: _Opening) -> Markup:
    """JSON that can stand inside a script element: nothing in it can end the element."""
    text = msgspec.json.encode(opening).decode()
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))  # noqa: S704 -- so it is markup now
