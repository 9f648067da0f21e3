"""Setting up the log of a process."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import assert_never

from bot.config.log import LogFormat, LogSection
from bot.logs.error_webhook import ErrorWebhook
from bot.logs.handlers import KeepErrors
from bot.logs.lines import JsonLines, TextLines, add_job
from bot.logs.redaction import Redactor
from bot.services.recent_errors import RecentErrors


def set_up_log(section: LogSection, *, secrets: Iterable[str], webhook_url: str | None, errors: RecentErrors) -> None:
    """Log to standard error as `section` says, keep `errors`, and post them where there is a `webhook_url`.

    `secrets` are the values that must not appear. Raises ValueError when errors can not be posted to that address.
    """
    redact = Redactor(secrets)
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(_formatter(section.format, redact))
    handlers: list[logging.Handler] = [lines, KeepErrors(errors, redact)]
    if webhook_url is not None:
        handlers.append(ErrorWebhook(webhook_url, redact))
    for handler in handlers:
        handler.addFilter(add_job)
    logging.basicConfig(level=section.level, handlers=handlers)
    logging.captureWarnings(capture=True)
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)
    logging.getLogger("storage.sql.failures").setLevel(logging.WARNING)  # each opening and closing of a pool


def _formatter(log_format: LogFormat, redact: Redactor) -> logging.Formatter:
    match log_format:
        case "text":
            return TextLines(redact)
        case "json":
            return JsonLines(redact)
        case _:
            assert_never(log_format)
