"""What the tokens of the platforms look like, and what they give away by themselves."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

_DISCORD: Final = re.compile(r"[A-Za-z0-9_-]{4,40}\.[A-Za-z0-9_-]{4,40}\.[A-Za-z0-9_-]{10,100}")
_TELEGRAM: Final = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{20,60}")


def discord_token(text: str) -> str:
    """The token in `text`. Raises `ValueError` with one sentence that does not repeat it."""
    token = text.strip().removeprefix("Bot ").strip()
    if not _DISCORD.fullmatch(token):
        raise ValueError("That is no Discord token; it has three parts with dots between them. Copy it from *Bot*.")
    return token


def telegram_token(text: str) -> str:
    """The token in `text`. Raises `ValueError` with one sentence that does not repeat it."""
    token = text.strip()
    if not _TELEGRAM.fullmatch(token):
        raise ValueError("That is no Telegram token; it is a number, a colon and letters. Copy it from @BotFather.")
    return token


def application_id(token: str) -> str | None:
    """The id of the Discord application, which the token's first part spells in base64; None if it does not."""
    first = token.partition(".")[0]
    try:
        digits = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return digits if digits.isdecimal() else None
