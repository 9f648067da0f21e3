"""The words about lists of words, and about reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.reports import Report
from bot.messages.catalogs import Catalog

_LIST_CHARS: Final = 1_500
"""So that it fits into one message of any chat."""


def words_text(words: Sequence[str], catalog: Catalog) -> str:
    """The list of a server; a long one ends with how many more there are."""
    if not words:
        return catalog.text("words-none")
    told: list[str] = []
    for word in words:
        told.append(catalog.text("words-one", word=word))
        if sum(len(one) + 2 for one in told) > _LIST_CHARS:
            break
    listed = catalog.text("words-listed", count=len(words), words=", ".join(told))
    left = len(words) - len(told)
    return f"{listed} {catalog.text('words-more', count=left)}" if left else listed


def report_text(report: Report, catalog: Catalog, *, waiting: int = 0) -> str:
    """What operators read of a report, and how many more of them wait."""
    lines = [
        catalog.text("report-told", number=str(report.id), picture=f"{report.job_id}-{report.index + 1}"),
        catalog.text("report-reason", reason=report.reason),
        catalog.text("report-by", person=report.by),
    ]
    if waiting:
        lines.append(catalog.text("reports-waiting", count=waiting))
    return "\n".join(lines)
