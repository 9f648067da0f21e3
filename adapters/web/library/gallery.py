"""The pages of the gallery: what was looked for, and one job."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from aiohttp import web

from adapters.web.answers import json_answer
from adapters.web.interface.declared import Answer, Operation, Parameter, described
from adapters.web.library.detail import RemixDefaults, Shown, detail_of, kept_references, remix_defaults
from adapters.web.library.tiles import tiles_of
from adapters.web.library.wishes import gallery_address, is_everything, read_number, read_wish
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.templates import Templates
from adapters.web.views import CardView, card_view
from adapters.web.visitors import Visitor, visitor_of
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.domain.histories import Kind
from bot.domain.jobs import Job, JobState
from bot.domain.requests import Aspect
from bot.messages.catalogs import Catalog
from bot.messages.parameters import kind_text, state_text

PAGE_SIZE: Final = 24
_MOST: Final = 100
_SCRIPT_TEXTS: Final = ("web-not-reachable",)


class GalleryPageView(msgspec.Struct, frozen=True):
    """The cards found, newest first; `older` goes into `before` for those that follow, None where none do."""

    jobs: list[CardView]
    older: int | None


class GalleryHandlers:
    """Draws the gallery in the visitor's language."""

    def __init__(self, application: Application, templates: Templates) -> None:
        self._application = application
        self._templates = templates

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get("/gallery", self.index, name="gallery")
        router.add_get("/gallery/{job_id}", self.detail, name="gallery-job")
        router.add_get("/api/gallery", self.search)

    async def index(self, request: web.Request) -> web.Response:
        """A page of thumbnails."""
        visitor = self._visitor(request)
        wish = read_wish(request.query)
        before = read_number(request.query, "before")
        page = await self._application.gallery.page(visitor.actor, wish, before=before, limit=PAGE_SIZE)
        styles = await self._application.own_styles.cards(visitor.actor)
        return html_page(
            self._templates.render(
                "gallery.html",
                visitor,
                current="gallery",
                wish=wish,
                is_everything=is_everything(wish),
                is_first=before is None,
                tiles=tiles_of(page, wish, visitor.catalog),
                older=None if page.older is None else gallery_address(wish, before=page.older),
                newest=gallery_address(wish),
                kinds=[(kind.value, kind_text(kind, visitor.catalog)) for kind in Kind],
                states=[(state.value, state_text(state, visitor.catalog)) for state in JobState],
                styles=[(card.id, card.name) for card in styles],
                script_texts=script_texts(visitor.catalog),
            )
        )

    async def detail(self, request: web.Request) -> web.Response:
        """One job."""
        visitor = self._visitor(request)
        wish = read_wish(request.query)
        index = (read_number(request.query, "picture") or 1) - 1
        look = await self._application.gallery.look(visitor.actor, request.match_info["job_id"], wish)
        card = await self._application.board.card(look.job.id)
        if card is None:
            raise Rejected(Rejection.JOB_UNKNOWN)
        shown = Shown(
            look=look,
            card=card,
            index=index,
            wish=wish,
            kept=await kept_references(look.job, self._application.images),
            remix=await self._remix(visitor, look.job, index),
        )
        return html_page(
            self._templates.render(
                "gallery_job.html",
                visitor,
                current="gallery",
                job=detail_of(shown, visitor.catalog),
                aspects=[aspect.value for aspect in Aspect],
                limits=self._application.limits,
                script_texts=script_texts(visitor.catalog),
            )
        )

    @described(
        Operation(
            "Search your jobs",
            (Answer(200, "Newest first.", GalleryPageView),),
            "Gallery",
            refusals=(Rejection.STYLE_UNKNOWN,),
            parameters=(
                Parameter("q", "Words; each is looked for in prompts, names of style cards and seeds."),
                Parameter("style", "The id of a style card of yours."),
                Parameter("kind", "How the job came about.", Kind),
                Parameter("state", "Where the job stands.", JobState),
                Parameter("favourites", "With `on`, only those with a picture that you marked."),
                Parameter(
                    "before", "The `older` of the page before.", Annotated[int, msgspec.Meta(ge=0, le=10**18 - 1)]
                ),
                Parameter("limit", "How many.", Annotated[int, msgspec.Meta(ge=1, le=_MOST)]),
            ),
        )
    )
    async def search(self, request: web.Request) -> web.Response:
        """The same search for programs."""
        visitor = self._visitor(request)
        limit = read_number(request.query, "limit")
        if limit is not None and not 1 <= limit <= _MOST:
            raise Refused(WebRefusal.BAD_REQUEST)
        before = read_number(request.query, "before")
        page = await self._application.gallery.page(
            visitor.actor, read_wish(request.query), before=before, limit=limit or PAGE_SIZE
        )
        cards = [await self._application.board.card(job.id) for job in page.jobs]
        views = [card_view(card, visitor.catalog) for card in cards if card is not None]
        return json_answer(GalleryPageView(views, page.older))

    async def _remix(self, visitor: Visitor, job: Job, index: int) -> RemixDefaults | None:
        """The form of a remix; None where nothing leads from an enlarged picture to what was drawn."""
        try:
            drawn, drawn_index = await self._application.history.drawn(visitor.actor, job.id, index)
        except Rejected:
            return None
        return remix_defaults(drawn, drawn_index)

    def _visitor(self, request: web.Request) -> Visitor:
        return visitor_of(request, self._application.catalogs)


def script_texts(catalog: Catalog) -> dict[str, str]:
    """The words that scripts of these pages say by themselves."""
    return {key: catalog.text(key) for key in _SCRIPT_TEXTS}


def html_page(html: str) -> web.Response:
    """A page in the visitor's language; browsers may show it again when somebody goes back."""
    return web.Response(text=html, content_type="text/html", headers={"Vary": "Accept-Language"})
