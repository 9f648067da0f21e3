"""One record as one line: text for eyes, JSON for programs."""

from __future__ import annotations

import logging
from typing import Any, Final

from pythonjsonlogger.json import JsonFormatter

from bot.logs.redaction import Redactor
from bot.services.job_context import current_job

_FIELDS: Final = ("at", "level", "logger", "message", "job", "error")
_TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(job_prefix)s%(message)s"


def add_job(record: logging.LogRecord) -> bool:
    """A filter that lets all pass, and notes on each record which job it is about; empty for none."""
    if not hasattr(record, "job"):
        record.job = current_job()
    return True


class TextLines(logging.Formatter):
    """`2026-01-31 12:00:00,000 INFO bot.services.worker: [job 7k3m9qx2vt0a] began`."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__(_TEXT)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the lines of an error below it."""
        job = getattr(record, "job", "")
        record.job_prefix = f"[job {job}] " if job else ""
        return self._redact(super().format(record))


class JsonLines(JsonFormatter):
    """An object a line: `at` (UTC), `level`, `logger`, `message`, `job` where there is one, `error` with its traceback.

    What a library adds to its records is left out: nobody looked through it for what is private.
    """

    def __init__(self, redact: Redactor) -> None:
        super().__init__(
            ["levelname", "name", "message", "job"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "error"},
            timestamp="at",
            json_ensure_ascii=False,
        )
        self._redact = redact

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Keep what the class promises, where there is something."""
        return {name: log_data[name] for name in _FIELDS if log_data.get(name)}

    def format(self, record: logging.LogRecord) -> str:
        """The line; what replaces a secret needs no escaping in JSON."""
        return self._redact(super().format(record))
