"""Who is there, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Any


class Permission(IntFlag):
    """Discord's bits, as far as anything here depends on them."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


MEMBER = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.USE_EXTERNAL_APPS
)
MODERATOR = MEMBER | Permission.MANAGE_MESSAGES


def may(granted: Permission, wanted: Permission) -> bool:
    """Whether all of `wanted` is granted; administrators may do everything."""
    return bool(granted & Permission.ADMINISTRATOR) or granted & wanted == wanted


@dataclass(frozen=True)
class Role:
    """A role of the server."""

    id: int
    name: str
    permissions: Permission = Permission.NONE

    def payload(self) -> dict[str, Any]:
        """As Discord tells of it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "description": None,
            "permissions": str(self.permissions.value),
            "position": 1,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass(frozen=True)
class Person:
    """A user of Discord; `permissions` and `roles` are what they have in every server."""

    id: int
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    permissions: Permission = MEMBER
    roles: tuple[Role, ...] = ()

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

    def member_payload(self) -> dict[str, Any]:
        """As Discord tells of a member among `resolved`: without the user, `deaf` and `mute`."""
        return {
            "roles": [str(one.id) for one in self.roles],
            "flags": 0,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "nick": None,
            "avatar": None,
            "premium_since": None,
            "pending": False,
            "communication_disabled_until": None,
            "permissions": str(self.permissions.value),
        }
