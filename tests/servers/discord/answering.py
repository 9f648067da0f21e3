"""Answers to interactions: the first one, and what their token allows for a quarter of an hour."""

from __future__ import annotations

from typing import Any

from tests.servers.discord import errors
from tests.servers.discord.interactions import AUTOCOMPLETE, MODAL_SUBMIT, Interaction
from tests.servers.discord.messages import Message
from tests.servers.discord.posting import Posting
from tests.servers.discord.rest import Answer, Call, Handler
from tests.servers.discord.rules import EPHEMERAL, LOADING, faults_in_choices, faults_in_modal
from tests.servers.discord.world import FIRST_ANSWER_S, TOKEN_LIFE, World

_DEFERRED, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 5, 6, 7, 8, 9
_MOST_FOLLOW_UPS_OF_A_USER_INSTALL = 5


class Answering:
    """One method an operation."""

    def __init__(self, world: World, posting: Posting) -> None:
        self._world = world
        self._posting = posting

    def by_operation(self) -> dict[str, Handler]:
        """All of them."""
        return {
            "create_interaction_response": self.create_interaction_response,
            "update_original_webhook_message": self.update_webhook_message,
            "update_webhook_message": self.update_webhook_message,
            "get_original_webhook_message": self.get_webhook_message,
            "get_webhook_message": self.get_webhook_message,
            "delete_original_webhook_message": self.delete_webhook_message,
            "delete_webhook_message": self.delete_webhook_message,
            "execute_webhook": self.follow_up,
        }

    async def create_interaction_response(self, call: Call) -> Answer:
        interaction = self._world.interactions.get(call.ids["interaction_token"])
        if interaction is None or str(interaction.id) != call.ids["interaction_id"]:
            raise errors.unknown_interaction()
        now = self._world.clock.now()
        if (now - interaction.created_at).total_seconds() > FIRST_ANSWER_S:
            raise errors.unknown_interaction()
        if interaction.is_acknowledged:
            raise errors.already_acknowledged()
        kind, data = call.body.data["type"], call.body.data.get("data") or {}
        self._check(kind, data, interaction)
        resource = self._take(kind, data, call, interaction)
        interaction.answer_type = kind
        told = {"interaction": self._told(interaction)}
        return 200, told if resource is None else {**told, "resource": resource}

    async def update_webhook_message(self, call: Call) -> Answer:
        interaction = self._live(call)
        message = self._wanted(call, interaction)
        self._write(message, call, interaction, data=call.body.data, is_new=False)
        return 200, message.payload()

    async def get_webhook_message(self, call: Call) -> Answer:
        return 200, self._wanted(call, self._live(call)).payload()

    async def delete_webhook_message(self, call: Call) -> Answer:
        self._world.delete(self._wanted(call, self._live(call)))
        return 204, None

    async def follow_up(self, call: Call) -> Answer:
        interaction = self._live(call)
        promised = interaction.response
        if promised is not None and promised.is_loading and not promised.is_deleted:
            # Discord gives the first follow-up the place of the promised message, visibility included.
            message = promised
        else:
            is_full = len(interaction.followups) >= _MOST_FOLLOW_UPS_OF_A_USER_INSTALL
            if interaction.is_by_user_install_only and is_full:
                raise errors.too_many_follow_ups()
            message = self._new_message(interaction, call.body.data.get("flags", 0))
            interaction.followups.append(message)
        self._write(message, call, interaction, data=call.body.data, is_new=True)
        return 200, message.payload()

    def _check(self, kind: int, data: Any, interaction: Interaction) -> None:
        if (kind == _CHOICES) != (interaction.kind == AUTOCOMPLETE):
            raise errors.invalid_form("choices answer autocompletion, and nothing else does")
        if kind in {_DEFERRED_UPDATE, _UPDATE} and interaction.source is None:
            raise errors.invalid_form("only components update their message")
        if kind == _MODAL and interaction.kind == MODAL_SUBMIT:
            raise errors.invalid_form("a form does not answer a form")
        if kind == _DEFERRED and data.get("flags", 0) & ~EPHEMERAL:
            raise errors.invalid_form("a promised message has no flag but EPHEMERAL")
        faults = faults_in_choices(data.get("choices") or []) if kind == _CHOICES else []
        faults += faults_in_modal(data) if kind == _MODAL else []
        if faults:
            raise errors.invalid_form("; ".join(faults))

    def _take(self, kind: int, data: Any, call: Call, interaction: Interaction) -> dict[str, Any] | None:
        """Do what the answer says; returns the resource that Discord tells of."""
        match kind:
            case 4:
                interaction.response = self._new_message(interaction, data.get("flags", 0))
                self._write(interaction.response, call, interaction, data=data, is_new=True)
                return {"type": 4, "message": interaction.response.payload()}
            case 5:
                interaction.response = self._new_message(interaction, data.get("flags", 0))
                interaction.response.flags |= LOADING
            case 6:
                interaction.response = interaction.source
            case 7:
                assert interaction.source is not None
                if interaction.source.is_deleted:
                    raise errors.unknown_message()
                self._write(interaction.source, call, interaction, data=data, is_new=False)
                interaction.response = interaction.source
                return {"type": 7, "message": interaction.source.payload()}
            case 8:
                interaction.choices = data.get("choices") or []
            case 9:
                interaction.modal = data
            case _:
                raise errors.invalid_form(f"answers of type {kind} are not known here")
        return None

    def _new_message(self, interaction: Interaction, flags: int) -> Message:
        is_private = bool(flags & EPHEMERAL) or interaction.must_be_private
        message = self._posting.new_message(
            interaction.channel,
            flags=EPHEMERAL if is_private else 0,
            only_for=interaction.person.id if is_private else None,
        )
        message.owners = interaction.owners
        return message

    def _write(self, message: Message, call: Call, interaction: Interaction, *, data: Any, is_new: bool) -> None:
        call.body.data = data
        self._posting.write(message, call.body, limit_bytes=interaction.file_limit_bytes, by="token", is_new=is_new)

    def _wanted(self, call: Call, interaction: Interaction) -> Message:
        """The message that the path names, which must be an answer to the interaction and still be there."""
        wanted = call.ids.get("message_id")
        message = interaction.response if wanted is None else self._world.messages.get(int(wanted))
        ours = [interaction.response, *interaction.followups]
        if message is None or message.is_deleted or message not in ours:
            raise errors.unknown_message()
        return message

    def _live(self, call: Call) -> Interaction:
        """The interaction behind a webhook's token, acknowledged and not older than 15 minutes."""
        interaction = self._world.interactions.get(call.ids["webhook_token"])
        if interaction is None or self._world.clock.now() >= interaction.created_at + TOKEN_LIFE:
            raise errors.invalid_webhook_token()
        if not interaction.is_acknowledged:
            raise errors.unknown_webhook()
        return interaction

    def _told(self, interaction: Interaction) -> dict[str, Any]:
        told: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
        response = interaction.response
        if response is None:
            return told
        return {
            **told,
            "response_message_id": str(response.id),
            "response_message_loading": response.is_loading,
            "response_message_ephemeral": response.is_ephemeral,
        }
