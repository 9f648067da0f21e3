"""Lists that can be turned: the ids of their buttons say which page comes next, so they work at any age."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from discord import ButtonStyle, SelectOption, ui

from adapters.discord.telling import Reply, Words
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.histories import Page
from bot.domain.jobs import Job, JobState
from bot.messages.catalogs import Catalog
from bot.messages.histories import page_text, title_text
from bot.messages.styles import cards_text

HISTORY_ID: Final = r"uso:history:(?P<only>[af]):(?P<before>[0-9]{0,19}):(?P<words>.*)"
STYLES_ID: Final = r"uso:styles:(?P<start>[0-9]{1,6})"
OPEN_ID: Final = "uso:open"
LONGEST_WORDS_CHARS: Final = 60
"""So that an id of 100 characters holds them beside a cursor of 19."""

_HISTORY_LINES: Final = 10
_STYLES_LINES: Final = 20
_OPTION_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What is looked at: which requests, and from where on; `before` of None is the latest page."""

    words: str = ""
    only_favourites: bool = False
    before: int | None = None

    @property
    def custom_id(self) -> str:
        """The id of a button that leads here."""
        return f"uso:history:{'f' if self.only_favourites else 'a'}:{self.before or ''}:{self.words}"


def read_history_id(match: re.Match[str]) -> HistoryView:
    """What `HistoryView.custom_id` wrote."""
    before = int(match["before"]) if match["before"] else None
    return HistoryView(match["words"], match["only"] == "f", before)


async def list_history(application: Application, actor: Actor, view: HistoryView, catalog: Catalog) -> Reply:
    """A page of the actor's history, a menu that opens its results, and the ways on."""
    page = await application.history.page(
        actor, words=view.words, only_favourites=view.only_favourites, before=view.before, limit=_HISTORY_LINES
    )
    rows = _rows()
    if results := [job for job in page.jobs if job.state is JobState.DONE]:
        rows.add_item(_open_menu(results, catalog))
    if view.before is not None:
        rows.add_item(_turn("button-newest", replace(view, before=None).custom_id, catalog))
    if page.older is not None:
        rows.add_item(_turn("button-older", replace(view, before=page.older).custom_id, catalog))
    return Words(_history_text(page, view, catalog), rows)


async def list_styles(application: Application, actor: Actor, start: int, catalog: Catalog) -> Reply:
    """The actor's and the server's style cards from the one at `start` on, counted from 0, and the ways on."""
    cards = await application.styles.listed(actor, start=start, limit=_STYLES_LINES + 1)
    rows = _rows()
    if start > 0:
        earlier = max(0, start - _STYLES_LINES)
        rows.add_item(_turn("button-page-back", f"uso:styles:{earlier}", catalog))
    if len(cards) > _STYLES_LINES:
        rows.add_item(_turn("button-page-on", f"uso:styles:{start + _STYLES_LINES}", catalog))
    return Words(cards_text(cards[:_STYLES_LINES], catalog), rows)


def _history_text(page: Page, view: HistoryView, catalog: Catalog) -> str:
    if not page.jobs and view.only_favourites and not view.words:
        return catalog.text("history-no-favourites")
    return page_text(page, view.words, catalog, can_turn=True)


def _open_menu(results: list[Job], catalog: Catalog) -> ui.Select[Any]:
    options = [SelectOption(label=title_text(job, catalog)[:_OPTION_CHARS], value=job.id) for job in results]
    return ui.Select(custom_id=OPEN_ID, placeholder=catalog.text("history-open"), options=options)


def _turn(label: str, custom_id: str, catalog: Catalog) -> ui.Button[Any]:
    return ui.Button(label=catalog.text(label), style=ButtonStyle.secondary, custom_id=custom_id)


def _rows() -> ui.View:
    """Pressed by their ids: discord.py need not remember the view."""
    view = ui.View(timeout=None)
    view.stop()
    return view
