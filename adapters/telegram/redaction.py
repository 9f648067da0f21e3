"""Keeps the bot's token out of the logs: it stands in every address that the HTTP client logs."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

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


class TokenRedaction(logging.Filter):
    """Replaces the token in the records of the libraries and of this adapter, between `install` and `remove`."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

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
        if not self._token:
            return True
        message = record.getMessage()
        if self._token in message:
            record.msg, record.args = message.replace(self._token, _SHOWN), None
        if record.exc_info and record.exc_info[1] is not None:
            # The text is made here, once, because handlers would render the exception with the token in it.
            text = logging.Formatter().formatException(record.exc_info)
            if self._token in text:
                record.exc_text, record.exc_info = text.replace(self._token, _SHOWN), None
        return True
