"""Channels and their messages, as the bot reaches them with its own token."""

from __future__ import annotations

from tests.servers.discord import errors
from tests.servers.discord.channels import Channel
from tests.servers.discord.interactions import TEN_MIB
from tests.servers.discord.messages import Message
from tests.servers.discord.people import Permission, may
from tests.servers.discord.posting import Posting
from tests.servers.discord.rest import Answer, Call, Handler
from tests.servers.discord.world import NONCE_LIFE, World


class ChannelRoads:
    """One method an operation."""

    def __init__(self, world: World, posting: Posting) -> None:
        self._world = world
        self._posting = posting

    def by_operation(self) -> dict[str, Handler]:
        """All of them."""
        return {
            "create_dm": self.create_dm,
            "list_messages": self.list_messages,
            "get_message": self.get_message,
            "create_message": self.create_message,
            "update_message": self.update_message,
            "delete_message": self.delete_message,
        }

    async def create_dm(self, call: Call) -> Answer:
        person = self._world.people.get(int(call.body.data["recipient_id"]))
        if person is None:
            raise errors.ApiError(400, 50033, "Invalid Recipient(s)", is_fault=True)
        channel = self._world.direct_channel(person)
        return 200, {"id": str(channel.id), "type": 1, "flags": 0, "recipients": [person.payload()]}

    async def list_messages(self, call: Call) -> Answer:
        channel = self._channel(call)
        after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 50))
        found = [one for one in self._world.posted_in(channel) if one.id > after][:limit]
        return 200, [one.payload() for one in reversed(found)]

    async def get_message(self, call: Call) -> Answer:
        return 200, self._message(call).payload()

    async def create_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        is_enough = not call.body.uploads or may(channel.bot_permissions, Permission.ATTACH_FILES)
        if not (channel.bot_may_send and is_enough):
            raise errors.missing_permissions()
        if channel.recipient is not None and channel.recipient.id in self._world.blocked_by:
            raise errors.cannot_message_user()
        nonce = call.body.data.get("nonce")
        if nonce is not None and call.body.data.get("enforce_nonce"):
            for earlier in self._world.posted_in(channel):
                is_recent = self._world.clock.now() - earlier.created_at < NONCE_LIFE
                if earlier.nonce == str(nonce) and is_recent:
                    return 200, earlier.payload()
        message = self._posting.new_message(channel)
        message.nonce = None if nonce is None else str(nonce)
        self._posting.write(message, call.body, limit_bytes=TEN_MIB, by="channel", is_new=True)
        return 200, message.payload()

    async def update_message(self, call: Call) -> Answer:
        message = self._message(call)
        if message.author is not self._world.bot:
            raise errors.not_your_message()
        self._posting.write(message, call.body, limit_bytes=TEN_MIB, by="channel", is_new=False)
        return 200, message.payload()

    async def delete_message(self, call: Call) -> Answer:
        message = self._message(call)
        is_own = message.author is self._world.bot
        if not (is_own or may(message.channel.bot_permissions, Permission.MANAGE_MESSAGES)):
            raise errors.missing_permissions()
        self._world.delete(message)
        return 204, None

    def _message(self, call: Call) -> Message:
        channel = self._channel(call)
        message = self._world.messages.get(int(call.ids["message_id"]))
        if message is None or message.is_deleted or message.is_ephemeral or message.channel is not channel:
            raise errors.unknown_message()
        return message

    def _channel(self, call: Call) -> Channel:
        channel = self._world.channels.get(int(call.ids["channel_id"]))
        if channel is None:
            raise errors.unknown_channel()
        if not channel.bot_may_view:
            raise errors.missing_access()
        return channel
