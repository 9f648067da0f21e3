"""/history, /queue and /cancel: looking back and looking on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardButton

from adapters.telegram.calls import DATA_BYTES, Call, Reply, Row, button, keyboard
from adapters.telegram.commands import Command
from adapters.telegram.handlers.tools import Tools
from bot.domain.histories import Page
from bot.domain.jobs import Job, JobState
from bot.messages.catalogs import Catalog
from bot.messages.histories import page_text, queue_text, title_text

_LISTED: Final = 8
_LOOKED_THROUGH: Final = 100
_LABEL_CHARS: Final = 48
# “/history f 9999999999 ” goes before them in a button.
_WORDS_BYTES: Final = DATA_BYTES - 24
_ALL: Final = "a"
_FAVOURITES: Final = "f"
_FROM_THE_NEWEST: Final = 0


@dataclass(frozen=True, slots=True)
class _View:
    """What is looked at: which requests, and from where on; `before` of None is the newest page."""

    words: str = ""
    only_favourites: bool = False
    before: int | None = None

    def button(self, label: str) -> InlineKeyboardButton:
        """The button that leads here."""
        which = _FAVOURITES if self.only_favourites else _ALL
        return button(label, Command.HISTORY, which, self.before or _FROM_THE_NEWEST, self.words)


async def history(tools: Tools, call: Call) -> Reply:
    """A page of one's requests, and the ways on: newer, older, favourites only, open a result."""
    view = _read_view(call)
    if len(view.words.encode()) > _WORDS_BYTES:
        return Reply(call.catalog.text("telegram-search-too-long", words=view.words[:_WORDS_BYTES]))
    page = await tools.application.history.page(
        call.actor, words=view.words, only_favourites=view.only_favourites, before=view.before, limit=_LISTED
    )
    return Reply(
        _text(page, view, call.catalog), keyboard(*_openers(page, call.catalog), *_ways(page, view, call.catalog))
    )


async def queue(tools: Tools, call: Call) -> Reply:
    """How many requests wait."""
    waiting = await tools.application.waiting(call.actor)
    return Reply(queue_text(waiting.total, waiting.own, call.catalog))


async def cancel(tools: Tools, call: Call) -> Reply:
    """Stop a request by its id; without one, buttons for what is not done yet."""
    if call.words:
        await tools.application.cancel(call.actor, call.words.lower())
        return Reply(call.catalog.text("cancel-done"))
    page = await tools.application.history.page(call.actor, limit=_LOOKED_THROUGH)
    open_jobs = [job for job in page.jobs if not job.state.is_final and _may_be_told(job, call)]
    if not open_jobs:
        return Reply(call.catalog.text("telegram-cancel-nothing"))
    rows = [[button(_label(job, call.catalog), Command.CANCEL, job.id)] for job in open_jobs]
    return Reply(call.catalog.text("telegram-cancel-which"), keyboard(*rows))


def _may_be_told(job: Job, call: Call) -> bool:
    """In a group only what was asked there, for all to see."""
    return call.is_private or (job.server == call.actor.server and not job.request.private)


def _read_view(call: Call) -> _View:
    if call.pressed_id is None:
        return _View(" ".join(call.words.split()))
    which, before, words = (*call.words.split(" ", 2), "", "", "")[:3]
    return _View(words, which == _FAVOURITES, int(before) or None if before.isdecimal() else None)


def _text(page: Page, view: _View, catalog: Catalog) -> str:
    if not page.jobs and view.only_favourites and not view.words:
        return catalog.text("history-no-favourites")
    return page_text(page, view.words, catalog, can_turn=True)


def _openers(page: Page, catalog: Catalog) -> list[Row]:
    """A button for each result on the page."""
    done = [job for job in page.jobs if job.state is JobState.DONE]
    return [[button(_label(job, catalog), Command.SHOW, job.id)] for job in done]


def _ways(page: Page, view: _View, catalog: Catalog) -> list[Row]:
    turning = []
    if view.before is not None:
        turning.append(replace(view, before=None).button(catalog.text("button-newest")))
    if page.older is not None:
        turning.append(replace(view, before=page.older).button(catalog.text("button-older")))
    other = replace(view, only_favourites=not view.only_favourites, before=None)
    if not page.jobs and not view.only_favourites:
        return [turning]
    label = "telegram-button-all" if view.only_favourites else "telegram-button-favourites"
    return [turning, [other.button(catalog.text(label))]]


def _label(job: Job, catalog: Catalog) -> str:
    return title_text(job, catalog)[:_LABEL_CHARS]
