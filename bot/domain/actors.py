"""Who asks, and where the answer goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

UserId = str


class Platform(StrEnum):
    """Where people talk to the bot."""

    DISCORD = "discord"
    TELEGRAM = "telegram"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as one platform knows them; `locale` is a BCP 47 tag such as `de` or `en-GB`."""

    platform: Platform
    external_id: str
    name: str = ""
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where a job's card lives: JSON-ready data that only the platform's own adapter reads."""

    platform: Platform
    data: Mapping[str, str | int | None] = field(default_factory=dict)
