"""Keeps secrets out of everything that is logged: those we know, and whatever looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

HIDDEN: Final = "[hidden]"
_SHORTEST: Final = 6
_SHAPES: Final = (
    # A bot's token on Discord: three parts in base64url, the first one is its id.
    re.compile(r"()\b[\w-]{18,}\.[\w-]{6,7}\.[\w-]{27,}"),
    # A bot's token on Telegram, also as it stands in addresses.
    re.compile(r"()\d{6,}(?::|%3A)[\w-]{30,}"),
    # Hugging Face, and our own interface.
    re.compile(r"()\bhf_[A-Za-z0-9]{16,}"),
    re.compile(r"()\buso_[\w-]{40,}"),
    # The signature of a link to an original.
    re.compile(r"([?&]s=)[\w-]{20,}"),
    # Whoever has the token of an interaction or a webhook can write as the bot.
    re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?\s'\"\\]+"),
    re.compile(r"(hooks\.slack\.com/services/)[^\s'\"\\]+"),
    re.compile(r"(?i)(\b(?:bearer|bot) )[\w.~+/-]{20,}=*"),
    re.compile(r"(?i)(\b(?:set-)?cookie['\"]?: ?['\"]?)[^\s'\"\\]+"),
    # A password in an address, such as that of a database.
    re.compile(r"(\b\w[\w+.-]*://[^\s/:@'\"\\]*:)[^\s/@'\"\\]+(?=@)"),
)


class Redactor:
    """Replaces secrets in a text; `secrets` are the values that are known, in any order."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets if len(secret) >= _SHORTEST for form in (secret, quote(secret, safe=""))}
        # The longest first: one may be a part of another.
        self._known = sorted(known, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        for shape in _SHAPES:
            text = shape.sub(rf"\g<1>{HIDDEN}", text)
        return text
