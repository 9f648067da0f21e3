"""What the gateway tells of the bot's server: all of it at first, then what is new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.servers.discord.channels import Channel
from tests.servers.discord.people import Role
from tests.servers.discord.world import World

Event = tuple[str, dict[str, Any]]


class Announcing:
    """Remembers what has been told."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._told: dict[int, dict[str, Any]] = {}

    def guild(self) -> dict[str, Any]:
        """The GUILD_CREATE event."""
        world = self._world
        ours = [one for one in world.channels.values() if one.guild_id == world.guild_id]
        channels = {one.id: one.payload() for one in ours if one.parent is None}
        threads = {one.id: one.payload() for one in ours if one.parent is not None}
        roles = {one.id: self._role(one) for one in world.roles.values()}
        self._told |= {**channels, **threads, **roles}
        return {
            "id": str(world.guild_id),
            "name": "The test server",
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "description": None,
            "banner": None,
            "owner_id": str(world.bot.id),
            "application_id": None,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "large": False,
            "member_count": 2,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "roles": [one["role"] for one in roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "channels": list(channels.values()),
            "members": [],
            "presences": [],
            "voice_states": [],
            "threads": list(threads.values()),
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "widget_enabled": False,
            "vanity_url_code": None,
            "preferred_locale": "en-US",
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "nsfw": False,
            "incidents_data": None,
            "unavailable": False,
        }

    def news(self, channel: Channel) -> Iterator[Event]:
        """Roles of the server, and a channel of it with its parent, that are new or changed since they were told of."""
        for role in self._world.roles.values():
            yield from self._new("GUILD_ROLE", role.id, self._role(role))
        if channel.parent is not None:
            yield from self.news(channel.parent)
        if channel.guild_id == self._world.guild_id:
            kind = "CHANNEL" if channel.parent is None else "THREAD"
            yield from self._new(kind, channel.id, channel.payload())

    def _new(self, kind: str, number: int, payload: dict[str, Any]) -> Iterator[Event]:
        before = self._told.get(number)
        if before != payload:
            self._told[number] = payload
            yield f"{kind}_CREATE" if before is None else f"{kind}_UPDATE", payload

    def _role(self, role: Role) -> dict[str, Any]:
        return {"guild_id": str(self._world.guild_id), "role": role.payload()}
