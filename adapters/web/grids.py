"""One subject or prompt in several saved styles, a job each, all with the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final

import msgspec
from aiohttp import web

from adapters.web.answers import json_answer, origin_of, submitted_view
from adapters.web.form_schema import FORM_REFUSALS, form_content
from adapters.web.forms import read_draft
from adapters.web.interface.declared import IDEMPOTENCY_KEY, Answer, FormBody, Operation, Parameter, described
from adapters.web.refusals import Refused, WebRefusal
from adapters.web.views import CardView
from adapters.web.visitors import visitor_of
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import Draft, Stored
from bot.domain.styles import StyleCard
from bot.messages.cards import rejection_text
from bot.services.submit import Origin, Submitted
from bot.services.validation import concrete_seed

FEWEST_STYLES: Final = 2
MOST_STYLES: Final = 5


class GridView(msgspec.Struct, frozen=True):
    """The cards of what was taken in, and a sentence about what was not; empty where all was."""

    jobs: list[CardView]
    left_out: str


class GridHandlers:
    """Takes a grid in; what refuses the first refuses all, what refuses a later one leaves the earlier."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the route."""
        router.add_post("/api/grids", self.submit)

    @described(
        Operation(
            "Ask for the same in several saved styles",
            (
                Answer(201, "One job for each style waits in the queue.", GridView),
                Answer(200, "The same key came before; these are the jobs it made.", GridView),
            ),
            "Pictures",
            refusals=(*FORM_REFUSALS, Rejection.STYLE_UNKNOWN, Rejection.PICTURE_GONE),
            parameters=(
                IDEMPOTENCY_KEY,
                Parameter(
                    "card",
                    "The id of a style card; two to five different ones. Styles in the form are not looked at.",
                    Annotated[list[str], msgspec.Meta(min_length=FEWEST_STYLES, max_length=MOST_STYLES)],
                    is_required=True,
                ),
            ),
            body=FormBody(form_content),
        )
    )
    async def submit(self, request: web.Request) -> web.Response:
        """Queue one after the other. The event keys hold their numbers, so that a repetition makes none twice."""
        visitor = visitor_of(request, self._application.catalogs)
        origin = origin_of(request, visitor)
        names = tuple(dict.fromkeys(request.query.getall("card", [])))
        if not FEWEST_STYLES <= len(names) <= MOST_STYLES:
            raise Refused(WebRefusal.BAD_REQUEST)
        cards = [await self._application.styles.find(visitor.actor, name) for name in names]
        draft = await read_draft(request, self._application.limits, visitor.catalog)
        taken, rejected = await self._take(origin, draft, cards)
        left_out = ""
        if rejected is not None:
            missing = ", ".join(card.name for card in cards[len(taken) :])
            reason = rejection_text(rejected, visitor.catalog)
            left_out = visitor.catalog.text("grid-left-out", names=missing, reason=reason)
        views = [await submitted_view(self._application, one, visitor) for one in taken]
        return json_answer(GridView(views, left_out), status=201 if any(one.is_new for one in taken) else 200)

    async def _take(
        self, origin: Origin, draft: Draft, cards: Sequence[StyleCard]
    ) -> tuple[list[Submitted], Rejected | None]:
        draft = replace(draft, seed=concrete_seed(draft.seed))
        taken: list[Submitted] = []
        for number, card in enumerate(cards):
            styles = tuple(Stored(picture) for picture in card.pictures)
            numbered = replace(origin, event_key=f"{origin.event_key}/{number}")
            try:
                taken.append(await self._application.submit(numbered, replace(draft, styles=styles)))
            except Rejected as rejected:
                if not taken:
                    raise
                return taken, rejected
            # From here on the subject is stored; the tray it may have come from is empty by now.
            subject = taken[0].job.request.subject
            draft = replace(draft, subject=Stored(subject) if subject is not None else None, use_tray=False)
        return taken, None
