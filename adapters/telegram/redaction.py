"""Keeps the bot's token out of the logs: it stands in every address that the HTTP client logs."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self
from urllib.parse import quote

_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "telegram.Bot",
    "telegram.BaseRequest",
    "telegram.HTTPXRequest",
    "telegram.ext.ExtBot",
    "telegram.ext.Application",
    "adapters.telegram.bot",
    "adapters.telegram.errors",
    "adapters.telegram.intake",
)
_SHOWN = "<token>"
_SECRET_CHARS = 20


class TokenRedaction(logging.Filter):
    """Replaces the token in the records of the libraries and of this adapter, between `install` and `remove`."""

    def __init__(self, token: str) -> None:
        super().__init__()
        # Addresses of files carry it with its colon escaped; its second half alone is the secret.
        secret = token.rpartition(":")[2]
        forms = (token, quote(token, safe=""), secret if len(secret) >= _SECRET_CHARS else "")
        self._forms = tuple(form for form in forms if form)

    def __enter__(self) -> Self:
        self.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.remove()

    def install(self) -> None:
        """Begin to watch."""
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self)

    def remove(self) -> None:
        """Leave the loggers as they were found."""
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without the token."""
        message = record.getMessage()
        if (redacted := self._redact(message)) != message:
            record.msg, record.args = redacted, None
        if record.exc_info and record.exc_info[1] is not None:
            # The text is made here, once, because handlers would render the exception with the token in it.
            text = logging.Formatter().formatException(record.exc_info)
            if (redacted := self._redact(text)) != text:
                record.exc_text, record.exc_info = redacted, None
        return True

    def _redact(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, _SHOWN)
        return text
