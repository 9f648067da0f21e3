"""Keeps interaction tokens out of the log: whoever has one can write as the bot for 15 minutes."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LOGGERS: Final = ("discord.http", "discord.gateway", "discord.webhook.async_", "discord.client")
_IN_ADDRESS: Final = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?\s'\"]+")
_IN_EVENT: Final = re.compile(r"(['\"]token['\"]: ?['\"])[^'\"]+")


class TokenFilter(logging.Filter):
    """Replaces every token in a record's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without its secrets."""
        text = record.getMessage()
        hidden = hide_tokens(text)
        if hidden != text:
            record.msg, record.args = hidden, None
        return True


def hide_tokens(text: str) -> str:
    """The text with tokens in addresses and events replaced."""
    return _IN_EVENT.sub(r"\1[hidden]", _IN_ADDRESS.sub(r"\1[hidden]", text))


@contextmanager
def tokens_hidden() -> Iterator[None]:
    """Filter discord.py's loggers while the block runs."""
    token_filter = TokenFilter()
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(token_filter)
    try:
        yield
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(token_filter)
