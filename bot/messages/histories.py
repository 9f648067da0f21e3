"""The words about earlier and waiting requests, the same on every platform."""

from __future__ import annotations

from typing import Final

from bot.domain.histories import Page
from bot.domain.jobs import Job, JobState
from bot.messages.cards import mode_text
from bot.messages.catalogs import Catalog

_PROMPT_CHARS: Final = 60
_STATE_KEYS: Final = {
    JobState.QUEUED: "card-queued",
    JobState.RUNNING: "card-starting",
    JobState.DONE: "card-done",
    JobState.FAILED: "card-failed",
    JobState.CANCELLED: "card-cancelled",
}


def page_text(page: Page, words: str, catalog: Catalog, *, can_turn: bool = False) -> str:
    """A page of the history, a line a request; what to do next where it is empty, or goes on and can not be turned."""
    if not page.jobs:
        return catalog.text("history-nothing-found" if words else "history-empty", words=words[:_PROMPT_CHARS])
    starred = {job_id for job_id, _ in page.favourites}
    lines = [_line(job, catalog, is_starred=job.id in starred) for job in page.jobs]
    if page.older is not None and not can_turn:
        lines.append(catalog.text("history-more"))
    return "\n".join(lines)


def title_text(job: Job, catalog: Catalog) -> str:
    """One request among others: its day, and what was asked."""
    return f"{job.created_at:%Y-%m-%d} · {_asked(job, catalog)}"


def _line(job: Job, catalog: Catalog, *, is_starred: bool) -> str:
    state = catalog.text(_STATE_KEYS[job.state])
    star = "★ " if is_starred else ""
    return f"{star}{job.id} · {job.created_at:%Y-%m-%d} · {state} · {_asked(job, catalog)}"


def _asked(job: Job, catalog: Catalog) -> str:
    """The prompt, shortened; the mode where there is none."""
    prompt = " ".join(job.request.prompt.split()) or mode_text(job.request, catalog)
    return prompt if len(prompt) <= _PROMPT_CHARS else prompt[: _PROMPT_CHARS - 1] + "…"


def queue_text(waiting: int, own: int, catalog: Catalog) -> str:
    """How many requests wait, and how many of them are the asking person's."""
    return catalog.text("queue-waiting", count=waiting, own=own) if waiting else catalog.text("queue-nobody")
