"""What Discord knows: people, channels, messages, interactions, files; and its clock."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.discord.rules import COMPONENTS_V2, EPHEMERAL, LOADING, walk

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
TEN_MIB = 10 * 1024 * 1024
FIRST_ANSWER_S = 3.0
TOKEN_LIFE = timedelta(minutes=15)
NONCE_LIFE = timedelta(minutes=5)  # “the past few minutes”
PATIENCE_S = 20.0


class DiscordClock:
    """Discord's time; `advance` makes minutes pass at once."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """The present on Discord's side."""
        return datetime.now(UTC) + self._offset

    def advance(self, **durations: float) -> None:
        """Move on (or back) by so many `minutes`, `seconds`, ..."""
        self._offset += timedelta(**durations)


@dataclass(frozen=True)
class Person:
    """A user of Discord."""

    id: int
    name: str
    locale: str = "en-US"
    is_bot: bool = False

    def payload(self) -> dict[str, Any]:
        """As Discord tells of them."""
        return {
            "id": str(self.id),
            "username": self.name.lower(),
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }


@dataclass
class Channel:
    """A text channel of the server (`guild_id`) or a direct channel with one person."""

    id: int
    guild_id: int | None = None
    recipient: Person | None = None
    bot_may_view: bool = True
    bot_may_send: bool = True

    @property
    def type(self) -> int:
        """Discord's channel type."""
        return 0 if self.guild_id is not None else 1

    def payload(self) -> dict[str, Any]:
        """As Discord tells of it."""
        told: dict[str, Any] = {"id": str(self.id), "type": self.type, "flags": 0, "last_message_id": None}
        if self.recipient is not None:
            return {**told, "recipients": [self.recipient.payload()]}
        named = {"name": f"channel-{self.id}", "position": 0, "permission_overwrites": [], "parent_id": None}
        return {**told, **named, "guild_id": str(self.guild_id), "nsfw": False, "permissions": "0"}


@dataclass(frozen=True)
class StoredFile:
    """A file on the CDN."""

    id: int
    channel_id: int
    filename: str
    data: bytes
    content_type: str
    base_url: str

    @property
    def url(self) -> str:
        """Signed, as Discord's are."""
        return f"{self.base_url}/attachments/{self.channel_id}/{self.id}/{self.filename}?ex=1&is=1&hm=1"

    def payload(self) -> dict[str, Any]:
        """As Discord tells of it."""
        return {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }


@dataclass
class Message:
    """One message as it stands, and every face it had (`faces`: components and who changed it how)."""

    id: int
    channel: Channel
    author: Person
    created_at: datetime
    content: str = ""
    components: list[dict[str, Any]] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    only_for: int | None = None
    pinged: list[int] = field(default_factory=list)
    is_deleted: bool = False
    edited_at: datetime | None = None
    faces: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def is_loading(self) -> bool:
        """Whether it still says “thinking…”."""
        return bool(self.flags & LOADING)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def is_v2(self) -> bool:
        """Whether it is made of components of version 2."""
        return bool(self.flags & COMPONENTS_V2)

    @property
    def texts(self) -> list[str]:
        """Everything written on it."""
        return [self.content] * bool(self.content) + [
            one["content"] for one in walk(self.components) if one["type"] == 10
        ]

    @property
    def text(self) -> str:
        """All of it in one."""
        return "\n".join(self.texts)

    @property
    def buttons(self) -> dict[str, str]:
        """Custom ids by label."""
        return {one["label"]: one["custom_id"] for one in walk(self.components) if one["type"] == 2}

    @property
    def gallery(self) -> list[tuple[StoredFile, bool]]:
        """The pictures shown, and whether each is a spoiler."""
        items = [item for one in walk(self.components) if one["type"] == 12 for item in one["items"]]
        by_id = {file.id: file for file in self.files}
        return [(by_id[int(item["media"]["attachment_id"])], bool(item.get("spoiler"))) for item in items]

    def payload(self) -> dict[str, Any]:
        """As Discord tells of it."""
        edited = self.edited_at.isoformat() if self.edited_at else None
        return {
            "id": str(self.id),
            "type": 0,
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "content": self.content,
            "components": self.components,
            "attachments": [file.payload() for file in self.files],
            "embeds": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "flags": self.flags,
            "pinned": False,
            "tts": False,
            "timestamp": self.created_at.isoformat(),
            "edited_timestamp": edited,
        }


@dataclass
class Interaction:
    """One thing a person did, until its token ends."""

    id: int
    token: str
    person: Person
    channel: Channel
    created_at: datetime
    source: Message | None = None
    answer_type: int | None = None
    response: Message | None = None
    followups: list[Message] = field(default_factory=list)
    file_limit_bytes: int = TEN_MIB

    @property
    def is_acknowledged(self) -> bool:
        """Whether a first answer came in time."""
        return self.answer_type is not None

    @property
    def whispers(self) -> list[str]:
        """What only its sender was told: one-sentence answers."""
        sent = ([self.response] if self.response is not None else []) + self.followups
        return [one.content for one in sent if one.is_ephemeral and one.content and not one.is_deleted]


class World:
    """All of it, and a way to wait for something to become true."""

    def __init__(self) -> None:
        self.clock = DiscordClock()
        self.base_url = ""
        self.bot = Person(9_000_000_001, "USO Bot", is_bot=True)
        self.application_id = 9_000_000_002
        self.guild_id = 7_000_000_001
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.files: dict[int, StoredFile] = {}
        self.people: dict[int, Person] = {}
        self.commands: list[dict[str, Any]] = []
        self.blocked_by: set[int] = set()
        self.violations: list[str] = []
        self._increments = itertools.count()
        self._changed = asyncio.Event()

    def snowflake(self) -> int:
        """A fresh id that tells Discord's present time."""
        passed_ms = int((self.clock.now() - _EPOCH).total_seconds() * 1000)
        return (passed_ms << 22) | (next(self._increments) & 0x3FFFFF)

    def add_person(self, name: str, *, locale: str = "en-US") -> Person:
        """Somebody new."""
        person = Person(self.snowflake(), name, locale)
        self.people[person.id] = person
        return person

    def add_channel(self, *, in_guild: bool = True, recipient: Person | None = None) -> Channel:
        """A text channel of the bot's server, of a server it is not in, or a direct channel."""
        guild_id = None if recipient is not None else self.guild_id if in_guild else self.snowflake()
        channel = Channel(self.snowflake(), guild_id, recipient)
        if guild_id is not None and not in_guild:
            channel.bot_may_view = channel.bot_may_send = False
        self.channels[channel.id] = channel
        return channel

    def direct_channel(self, person: Person) -> Channel:
        """The one between the bot and a person."""
        for channel in self.channels.values():
            if channel.recipient == person:
                return channel
        return self.add_channel(recipient=person)

    def add_file(self, channel_id: int, filename: str, data: bytes, content_type: str) -> StoredFile:
        """Put a file on the CDN."""
        file = StoredFile(self.snowflake(), channel_id, filename, data, content_type, self.base_url)
        self.files[file.id] = file
        return file

    def posted_in(self, channel: Channel) -> list[Message]:
        """What stands in a channel for everybody, oldest first."""
        return [
            one
            for one in self.messages.values()
            if one.channel is channel and not one.is_deleted and not one.is_ephemeral
        ]

    def touch(self) -> None:
        """Something changed: let those who wait look again."""
        self._changed.set()

    async def until(self, holds: Callable[[], bool], what: str = "") -> None:
        """Wait until `holds()`; raises AssertionError after 20 s."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            shown = [(one.text, one.is_deleted) for one in self.messages.values()]
            raise AssertionError(f"never happened: {what}; messages: {shown}; {self.violations}") from None
