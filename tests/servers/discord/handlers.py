"""What each REST operation does to the world."""

from __future__ import annotations

from typing import Any

from tests.servers.discord import errors
from tests.servers.discord.posting import Posting
from tests.servers.discord.rest import Answer, Call, Handler
from tests.servers.discord.rules import EPHEMERAL, LOADING, faults_in_commands
from tests.servers.discord.world import (
    FIRST_ANSWER_S,
    NONCE_LIFE,
    TEN_MIB,
    TOKEN_LIFE,
    Channel,
    Interaction,
    Message,
    World,
)

_DEFERRED_UPDATE, _UPDATE = 6, 7


class Handlers:
    """One method an operation of the description, by its `operationId`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._posting = Posting(world)

    def by_operation(self) -> dict[str, Handler]:
        """All of them."""
        return {
            "get_my_user": self.get_my_user,
            "get_my_oauth2_application": self.get_my_application,
            "bulk_set_application_commands": self.set_commands,
            "create_interaction_response": self.create_interaction_response,
            "update_original_webhook_message": self.update_webhook_message,
            "update_webhook_message": self.update_webhook_message,
            "get_original_webhook_message": self.get_original,
            "delete_original_webhook_message": self.delete_original,
            "execute_webhook": self.follow_up,
            "create_dm": self.create_dm,
            "list_messages": self.list_messages,
            "create_message": self.create_message,
            "update_message": self.update_message,
        }

    async def get_my_user(self, _call: Call) -> Answer:
        return 200, {**self._world.bot.payload(), "mfa_enabled": False, "locale": "en-US"}

    async def get_my_application(self, _call: Call) -> Answer:
        owner = {**self._world.bot.payload(), "bot": False}
        return 200, {
            "id": str(self._world.application_id),
            "name": "USO Bot",
            "icon": None,
            "description": "",
            "type": None,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "bot_public": True,
            "bot_require_code_grant": False,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": owner,
            "approximate_guild_count": 1,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": [],
        }

    async def set_commands(self, call: Call) -> Answer:
        commands: Any = call.body.data
        if faults := faults_in_commands(commands):
            raise errors.invalid_form("; ".join(faults))
        self._world.commands = commands
        answer = [self._command_payload(one) for one in commands]
        return 200, answer

    async def create_interaction_response(self, call: Call) -> Answer:
        interaction = self._interaction(call.ids["interaction_token"])
        now = self._world.clock.now()
        if (now - interaction.created_at).total_seconds() > FIRST_ANSWER_S:
            raise errors.unknown_interaction()
        if interaction.is_acknowledged:
            raise errors.already_acknowledged()
        kind, data = call.body.data["type"], call.body.data.get("data") or {}
        flags = data.get("flags", 0) & EPHEMERAL
        if kind in {_DEFERRED_UPDATE, _UPDATE} and interaction.source is None:
            raise errors.invalid_form("only components update their message")
        interaction.answer_type = kind
        resource = None
        match kind:
            case 4:
                interaction.response = self._posting.new_message(
                    interaction.channel, flags=flags, only_for=interaction.person.id if flags else None
                )
                self._write(interaction.response, call, interaction, data=data, is_new=True)
                resource = {"type": 4, "message": interaction.response.payload()}
            case 5:
                interaction.response = self._posting.new_message(
                    interaction.channel, flags=flags | LOADING, only_for=interaction.person.id if flags else None
                )
            case 6:
                interaction.response = interaction.source
            case _:
                raise errors.invalid_form(f"answers of type {kind} are not known here")
        return 200, self._callback_payload(interaction, resource)

    async def update_webhook_message(self, call: Call) -> Answer:
        interaction = self._live(call)
        wanted = call.ids.get("message_id")
        message = interaction.response if wanted is None else self._world.messages.get(int(wanted))
        ours = [interaction.response, *interaction.followups]
        if message is None or message.is_deleted or message not in ours:
            raise errors.unknown_message()
        self._write(message, call, interaction, data=call.body.data, is_new=False)
        return 200, message.payload()

    async def get_original(self, call: Call) -> Answer:
        interaction = self._live(call)
        if interaction.response is None or interaction.response.is_deleted:
            raise errors.unknown_message()
        return 200, interaction.response.payload()

    async def delete_original(self, call: Call) -> Answer:
        interaction = self._live(call)
        if interaction.response is None or interaction.response.is_deleted:
            raise errors.unknown_message()
        self._posting.delete(interaction.response)
        return 204, None

    async def follow_up(self, call: Call) -> Answer:
        interaction = self._live(call)
        promised = interaction.response
        if promised is not None and promised.is_loading and not promised.is_deleted:
            # Discord gives the first follow-up the place of the promised message, visibility included.
            message = promised
        else:
            flags = call.body.data.get("flags", 0) & EPHEMERAL
            only_for = interaction.person.id if flags else None
            message = self._posting.new_message(interaction.channel, flags=flags, only_for=only_for)
            interaction.followups.append(message)
        self._write(message, call, interaction, data=call.body.data, is_new=True)
        return 200, message.payload()

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

    async def create_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        if not channel.bot_may_send:
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
        channel = self._channel(call)
        message = self._world.messages.get(int(call.ids["message_id"]))
        if message is None or message.is_deleted or message.is_ephemeral or message.channel is not channel:
            raise errors.unknown_message()
        if message.author is not self._world.bot:
            raise errors.not_your_message()
        self._posting.write(message, call.body, limit_bytes=TEN_MIB, by="channel", is_new=False)
        return 200, message.payload()

    def _write(self, message: Message, call: Call, interaction: Interaction, *, data: Any, is_new: bool) -> None:
        call.body.data = data
        self._posting.write(message, call.body, limit_bytes=interaction.file_limit_bytes, by="token", is_new=is_new)

    def _interaction(self, token: str) -> Interaction:
        interaction = self._world.interactions.get(token)
        if interaction is None:
            raise errors.unknown_interaction()
        return interaction

    def _live(self, call: Call) -> Interaction:
        """The interaction behind a webhook's token, acknowledged and not older than 15 minutes."""
        interaction = self._world.interactions.get(call.ids["webhook_token"])
        if interaction is None or self._world.clock.now() >= interaction.created_at + TOKEN_LIFE:
            raise errors.invalid_webhook_token()
        if not interaction.is_acknowledged:
            raise errors.unknown_webhook()
        return interaction

    def _channel(self, call: Call) -> Channel:
        channel = self._world.channels.get(int(call.ids["channel_id"]))
        if channel is None:
            raise errors.unknown_channel()
        if not channel.bot_may_view:
            raise errors.missing_access()
        return channel

    def _callback_payload(self, interaction: Interaction, resource: dict[str, Any] | None) -> dict[str, Any]:
        response = interaction.response
        assert response is not None
        told = {
            "id": str(interaction.id),
            "type": 2 if interaction.source is None else 3,
            "response_message_id": str(response.id),
            "response_message_loading": response.is_loading,
            "response_message_ephemeral": response.is_ephemeral,
        }
        return {"interaction": told} if resource is None else {"interaction": told, "resource": resource}

    def _command_payload(self, command: dict[str, Any]) -> dict[str, Any]:
        return {
            **command,
            "id": str(self._world.snowflake()),
            "application_id": str(self._world.application_id),
            "version": str(self._world.snowflake()),
            "default_member_permissions": command.get("default_member_permissions"),
            "type": command.get("type", 1),
        }
