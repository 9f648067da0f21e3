"""What Discord knows: people, channels, messages, interactions, files; and its clock."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.discord.channels import Channel
from tests.servers.discord.interactions import TEN_MIB, Interaction
from tests.servers.discord.messages import Message, StoredFile
from tests.servers.discord.people import MEMBER, Permission, Person, Role

__all__ = [
    "TEN_MIB",
    "Channel",
    "DiscordClock",
    "Interaction",
    "Message",
    "Permission",
    "Person",
    "Role",
    "StoredFile",
    "World",
]

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
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
        self.roles: dict[int, Role] = {self.guild_id: Role(self.guild_id, "@everyone", MEMBER)}
        self.commands: list[dict[str, Any]] = []
        self.blocked_by: set[int] = set()
        self.violations: list[str] = []
        self._increments = itertools.count()
        self._changed = asyncio.Event()

    def snowflake(self) -> int:
        """A fresh id that tells Discord's present time."""
        passed_ms = int((self.clock.now() - _EPOCH).total_seconds() * 1000)
        return (passed_ms << 22) | (next(self._increments) & 0x3FFFFF)

    def add_person(
        self,
        name: str,
        *,
        locale: str = "en-US",
        permissions: Permission = MEMBER,
        roles: tuple[Role, ...] = (),
        is_bot: bool = False,
    ) -> Person:
        """Somebody new; what their roles permit comes on top of `permissions`."""
        for role in roles:
            permissions |= role.permissions
        person = Person(self.snowflake(), name, locale, is_bot, permissions, roles)
        self.people[person.id] = person
        return person

    def add_role(self, name: str, permissions: Permission = Permission.NONE) -> Role:
        """A new role of the bot's server."""
        role = Role(self.snowflake(), name, permissions)
        self.roles[role.id] = role
        return role

    def add_channel(self, *, in_guild: bool = True, recipient: Person | None = None, is_nsfw: bool = False) -> Channel:
        """A text channel of the bot's server, of a server it is not in, or a direct channel."""
        guild_id = None if recipient is not None else self.guild_id if in_guild else self.snowflake()
        channel = Channel(self.snowflake(), guild_id, recipient, is_nsfw=is_nsfw)
        if guild_id is not None and not in_guild:
            channel.bot_may_view = channel.bot_may_send = False
        return self._added(channel)

    def add_thread(self, parent: Channel) -> Channel:
        """A public thread, with what its channel permits."""
        thread = Channel(self.snowflake(), parent.guild_id, parent=parent, bot_permissions=parent.bot_permissions)
        return self._added(thread)

    def add_private_channel(self, *friends: Person) -> Channel:
        """Where people talk without the bot; they may bring the app along."""
        return self._added(Channel(self.snowflake(), friends=friends, bot_permissions=Permission.NONE))

    def direct_channel(self, person: Person) -> Channel:
        """The one between the bot and a person."""
        for channel in self.channels.values():
            if channel.recipient == person:
                return channel
        return self.add_channel(recipient=person)

    def add_file(self, channel_id: int, filename: str, data: bytes, content_type: str) -> StoredFile:
        """Put a file on the CDN, under whatever type its sender claims."""
        file = StoredFile(self.snowflake(), channel_id, filename, data, content_type, self.base_url)
        self.files[file.id] = file
        return file

    def add_message(
        self,
        author: Person,
        channel: Channel,
        content: str = "",
        *,
        files: Sequence[StoredFile] = (),
        embeds: Sequence[dict[str, Any]] = (),
        components: Sequence[dict[str, Any]] = (),
        forwards: Sequence[Message] = (),
        flags: int = 0,
    ) -> Message:
        """A message of anybody's, another bot's too."""
        message = Message(
            self.snowflake(),
            channel,
            author,
            self.clock.now(),
            content,
            components=list(components),
            files=list(files),
            embeds=list(embeds),
            snapshots=list(forwards),
            flags=flags,
        )
        self.messages[message.id] = message
        return message

    def delete(self, message: Message) -> None:
        """Take a message away, whoever it is that does."""
        message.is_deleted = True
        self.touch()

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

    async def until(self, holds: Callable[[], bool], what: str = "", *, patience_s: float = PATIENCE_S) -> None:
        """Wait until `holds()`; raises AssertionError once patience is at an end."""
        try:
            async with asyncio.timeout(patience_s):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            shown = [(one.text, one.is_deleted) for one in self.messages.values()]
            raise AssertionError(f"never happened: {what}; messages: {shown}; {self.violations}") from None

    def _added(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel
