"""The last errors that were logged, kept in memory for whoever runs the bot."""

from __future__ import annotations

import logging
from collections import deque
from datetime import UTC, datetime
from typing import Final

from bot.domain.oversight import ErrorNote

_KEPT: Final = 50
_LONGEST_WORDS: Final = 500


class RecentErrors:
    """A ring of errors; written from any thread, as logging does."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._notes: deque[ErrorNote] = deque(maxlen=kept)

    def add(self, note: ErrorNote) -> None:
        """Keep one more; the oldest makes room."""
        self._notes.append(note)

    def newest(self, limit: int) -> tuple[ErrorNote, ...]:
        """The latest, newest first."""
        return tuple(reversed(self._notes))[:limit]


def note_of(record: logging.LogRecord, words: str) -> ErrorNote:
    """What is kept of a record; `words` are its own, with the error's, secrets removed."""
    at = datetime.fromtimestamp(record.created, UTC)
    return ErrorNote(at, record.name, str(getattr(record, "job", "")), words[:_LONGEST_WORDS])
