"""Where errors go besides the log."""

from __future__ import annotations

import logging

from bot.logs.redaction import Redactor
from bot.services.recent_errors import RecentErrors, note_of


class KeepErrors(logging.Handler):
    """Keeps the last errors for the page *Operate*."""

    def __init__(self, errors: RecentErrors, redact: Redactor) -> None:
        super().__init__(logging.ERROR)
        self._errors = errors
        self._redact = redact

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        try:
            self._errors.add(note_of(record, self._redact(one_line(record))))
        except Exception:  # logging's own way: a fault in here must not reach whoever logs
            self.handleError(record)


def one_line(record: logging.LogRecord) -> str:
    """What was said, and what error with it, without a traceback."""
    words = " ".join(record.getMessage().split())
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return words
    return f"{words}: {type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
