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
class Server:
    """A community on a platform: a Discord server, a Telegram group."""

    platform: Platform
    external_id: str

    @property
    def key(self) -> str:
        """The server on one line, such as `discord:80351110224678912`."""
        return f"{self.platform.value}:{self.external_id}"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as one platform knows them, and where they stand; `locale` is a BCP 47 tag such as `de` or `en-GB`.

    `server` is where they ask from (None in private), `roles` are the ids of their roles there, `channels` the
    id of the channel asked in and, for a thread, that of its parent.
    """

    platform: Platform
    external_id: str
    name: str = ""
    locale: str = "en"
    server: Server | None = None
    roles: tuple[str, ...] = ()
    is_moderator: bool = False
    channels: tuple[str, ...] = ()

    def moderates(self, server: Server | None) -> bool:
        """Whether they are a moderator of that server; nobody is where there is none."""
        return self.is_moderator and server is not None and self.server == server

    @property
    def key(self) -> str:
        """The person on one line, such as `discord:80351110224678912`."""
        return f"{self.platform.value}:{self.external_id}"


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where a job's card lives: JSON-ready data that only the platform's own adapter reads."""

    platform: Platform
    data: Mapping[str, str | int | None] = field(default_factory=dict)
