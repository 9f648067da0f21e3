"""The page itself: the form with its words, and what the script needs to begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from aiohttp import web
from markupsafe import Markup

from adapters.web.grids import FEWEST_STYLES, MOST_STYLES
from adapters.web.jobs import DEFAULT_LIST_LIMIT, JobHandlers
from adapters.web.library.style_actions import StyleView, style_view
from adapters.web.templates import Templates
from adapters.web.tray import TrayView, tray_view
from adapters.web.views import CardListView
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.requests import Aspect, Draft
from bot.messages.catalogs import Catalog
from bot.messages.settings import language_text
from bot.services.own_styles import UsedStyle

_SHAPE_SIDE: Final = 18
_GRID_STYLES: Final = (FEWEST_STYLES, MOST_STYLES)
_SCRIPT_TEXTS: Final = (
    "web-not-reachable",
    "web-connection-lost",
    "web-try-again",
    "web-too-many-dropped",
    "web-not-a-picture",
    "button-reroll",
    "card-starting",
    "create-nothing-to-swap",
    "create-used-subject",
    "create-used-style",
    "create-settings-saved",
)
# Sentences with places, which the script fills in: `%name%` stands for the value of that name.
_SCRIPT_SENTENCES: Final = {
    "create-grid": ("count",),
    "create-grid-bounds": ("low", "high"),
    "form-keep-size": ("width", "height"),
    "reject-not-a-number": ("given", "name"),
}


@dataclass(frozen=True, slots=True)
class AspectChoice:
    """One aspect of the form in pixels, with the width and height of its little drawing."""

    value: str
    width: int
    height: int
    draw_width: float
    draw_height: float


@dataclass(frozen=True, slots=True)
class Language:
    """A language that can be chosen, by its tag and by what it calls itself."""

    tag: str
    name: str


class _Opening(msgspec.Struct, frozen=True):
    """What the script begins with; `grid_styles` are the fewest and the most styles of a grid.

    `style` is a card that was chosen elsewhere, to be drawn with.
    """

    texts: dict[str, str]
    cards: CardListView
    tray: TrayView
    max_file_bytes: int
    grid_styles: tuple[int, int]
    style: StyleView | None


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
        tray = tray_view(await self._application.tray.show(visitor.actor), visitor)
        chosen = await self._application.preferences.of_user(visitor.actor)
        info = self._application.engine.status.info
        html = self._templates.render(
            "create.html",
            visitor,
            current="create",
            aspects=aspect_choices(),
            limits=self._application.limits,
            defaults=Draft(),
            chosen_aspect=chosen.aspect or Aspect.SQUARE.value,
            locales=self._languages(),
            grid_styles=_GRID_STYLES,
            is_empty=not cards.jobs,
            is_toy=(info is not None and info.is_toy) or any(card.is_toy for card in cards.jobs),
            opening=_for_script(self._opening(visitor.catalog, cards, tray, await self._style(visitor, request))),
        )
        return web.Response(text=html, content_type="text/html", headers={"Vary": "Accept-Language, Cookie"})

    async def _style(self, visitor: Visitor, request: web.Request) -> StyleView | None:
        """The card that the address names. Raises `Rejected` if it is not the visitor's."""
        style_id = request.query.get("style")
        if not style_id:
            return None
        return style_view(UsedStyle(await self._application.own_styles.card(visitor.actor, style_id), 0))

    def _opening(self, catalog: Catalog, cards: CardListView, tray: TrayView, style: StyleView | None) -> _Opening:
        limits = self._application.limits
        texts = {key: catalog.text(key) for key in _SCRIPT_TEXTS}
        for key, names in _SCRIPT_SENTENCES.items():
            texts[key] = catalog.text(key, **{name: f"%{name}%" for name in names})
        texts["web-file-too-large"] = catalog.text("reject-file-too-large", limit_mb=limits.max_file_bytes // 2**20)
        return _Opening(texts, cards, tray, limits.max_file_bytes, _GRID_STYLES, style)

    def _languages(self) -> list[Language]:
        catalogs = self._application.catalogs
        return [Language(tag, language_text(tag, catalogs.for_locale(tag))) for tag in catalogs.locales]


def aspect_choices() -> list[AspectChoice]:
    """Every aspect, drawn so that the longer side fills its place."""
    choices = []
    for aspect in Aspect:
        width, height = aspect.size_px
        scale = _SHAPE_SIDE / max(width, height)
        choices.append(AspectChoice(aspect.value, width, height, round(width * scale, 1), round(height * scale, 1)))
    return choices


def _for_script(opening: _Opening) -> Markup:
    """JSON that can stand inside a script element: nothing in it can end the element."""
    text = msgspec.json.encode(opening).decode()
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))  # noqa: S704 -- so it is markup now
