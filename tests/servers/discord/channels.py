"""Where people talk: channels of a server, threads, direct and private channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.servers.discord.people import MEMBER, Permission, Person

IN_SERVER, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
_TEXT, _DM, _GROUP, _PUBLIC_THREAD = 0, 1, 3, 11
_OF_DIRECT_MESSAGES = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE


@dataclass
class Channel:
    """A channel of a server (`guild_id`), a thread in one (`parent`), a direct or a private channel.

    `recipient` is whom the bot talks to in a direct channel; `friends` are those who talk in a private one, where the
    bot is not. `bot_permissions` is what the bot may do there; without any it can only answer interactions.
    """

    id: int
    guild_id: int | None = None
    recipient: Person | None = None
    is_nsfw: bool = False
    parent: Channel | None = None
    friends: tuple[Person, ...] = ()
    bot_permissions: Permission = MEMBER

    @property
    def type(self) -> int:
        """Discord's channel type."""
        if self.friends:
            return _GROUP
        if self.guild_id is None:
            return _DM
        return _TEXT if self.parent is None else _PUBLIC_THREAD

    @property
    def context(self) -> int:
        """Discord's interaction context type."""
        if self.guild_id is not None:
            return IN_SERVER
        return PRIVATE_CHANNEL if self.friends else BOT_DM

    @property
    def bot_may_view(self) -> bool:
        """Whether the bot sees the channel at all."""
        return bool(self.bot_permissions & Permission.VIEW_CHANNEL)

    @bot_may_view.setter
    def bot_may_view(self, value: bool) -> None:
        self._permit(Permission.VIEW_CHANNEL, value)

    @property
    def bot_may_send(self) -> bool:
        """Whether the bot may write there of its own accord."""
        wanted = Permission.SEND_MESSAGES if self.parent is None else Permission.SEND_MESSAGES_IN_THREADS
        return bool(self.bot_permissions & wanted)

    @bot_may_send.setter
    def bot_may_send(self, value: bool) -> None:
        self._permit(Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS, value)

    @property
    def app_permissions(self) -> Permission:
        """What an interaction says that the app may do there."""
        match self.context:
            case 0:
                return self.bot_permissions
            case 1:
                return _OF_DIRECT_MESSAGES | Permission.USE_EXTERNAL_EMOJIS
            case _:
                return _OF_DIRECT_MESSAGES

    def payload(self, person: Person | None = None) -> dict[str, Any]:
        """As Discord tells of it; with `person`, as an interaction of theirs does."""
        told: dict[str, Any] = {"id": str(self.id), "type": self.type, "flags": 0, "last_message_id": None}
        if self.guild_id is None:
            told["recipients"] = [one.payload() for one in self.friends or (self.recipient,) if one is not None]
            return {**told, "name": None, "icon": None, "owner_id": str(self.friends[0].id)} if self.friends else told
        told |= {"name": f"channel-{self.id}", "guild_id": str(self.guild_id), "rate_limit_per_user": 0}
        if person is not None:
            told["permissions"] = str(person.permissions.value)
            told["app_permissions"] = str(self.app_permissions.value)
        if self.parent is None:
            return {
                **told,
                "nsfw": self.is_nsfw,
                "position": 0,
                "permission_overwrites": [],
                "parent_id": None,
                "topic": None,
            }
        return {**told, **self._thread_payload(self.parent)}

    def _thread_payload(self, parent: Channel) -> dict[str, Any]:
        return {
            "parent_id": str(parent.id),
            "owner_id": "1",
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": "2026-01-01T00:00:00+00:00",
                "locked": False,
                "create_timestamp": "2026-01-01T00:00:00+00:00",
            },
        }

    def _permit(self, permission: Permission, value: bool) -> None:
        self.bot_permissions = self.bot_permissions | permission if value else self.bot_permissions & ~permission
