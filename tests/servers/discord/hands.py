"""The hands of the people who use the bot: everything that they can do with it in Discord's client."""

from __future__ import annotations

import secrets
from typing import Any

from tests.servers.discord.channels import Channel
from tests.servers.discord.filling_in import selected, submitted
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, TEN_MIB, Interaction
from tests.servers.discord.messages import Message
from tests.servers.discord.people import Person
from tests.servers.discord.resolving import Resolving
from tests.servers.discord.rules import walk
from tests.servers.discord.typing_in import find_command, owners_of, typed_command
from tests.servers.discord.world import World

_MESSAGE_COMMAND = 3
_ROW, _BUTTON = 1, 2


class Hands:
    """Types, presses, selects and submits; raises AssertionError for what the client would not let one do."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.ada = world.add_person("Ada")
        self.channel = world.add_channel()

    async def slash(
        self,
        path: str,
        options: dict[str, Any],
        *,
        person: Person | None = None,
        channel: Channel | None = None,
        file_limit_bytes: int = TEN_MIB,
        by_user_install: bool = False,
    ) -> Interaction:
        """Type a command, such as `imagine` or `style save`.

        Values are text, numbers, people, roles and channels; bytes are attached files. `by_user_install` says that the
        person has the app installed themselves, besides the server.
        """
        interaction = self._begin(COMMAND, person, channel, file_limit_bytes, by_user_install=by_user_install)
        data = typed_command(self.world, interaction, path, options)
        return await self._tell(interaction, data)

    async def autocomplete(
        self,
        path: str,
        options: dict[str, Any],
        *,
        focused: str,
        person: Person | None = None,
        channel: Channel | None = None,
    ) -> list[dict[str, Any]]:
        """What is offered while the option `focused` is typed: choices with `name` and `value`."""
        interaction = self._begin(AUTOCOMPLETE, person, channel, TEN_MIB)
        await self._tell(interaction, typed_command(self.world, interaction, path, options, focused=focused))
        await self.world.until(lambda: interaction.choices is not None, f"choices for {focused}")
        assert interaction.choices is not None
        return interaction.choices

    async def menu(
        self,
        name: str,
        message: Message,
        *,
        person: Person | None = None,
        file_limit_bytes: int = TEN_MIB,
        by_user_install: bool = False,
    ) -> Interaction:
        """Choose a command from the menu of a message, whoever wrote it."""
        interaction = self._begin(COMMAND, person, message.channel, file_limit_bytes, by_user_install=by_user_install)
        self._check_seen(message, interaction.person)
        command = find_command(self.world, name, _MESSAGE_COMMAND, interaction)
        told = str(message.id)
        data = {
            "id": command.get("id", "1"),
            "type": _MESSAGE_COMMAND,
            "name": name,
            "target_id": told,
            "resolved": {"messages": {told: message.payload()}},
        }
        return await self._tell(interaction, data)

    async def press(
        self, message: Message, label: str, *, person: Person | None = None, file_limit_bytes: int = TEN_MIB
    ) -> Interaction:
        """Press a button that can be seen, by its label."""
        assert label in message.buttons, f"no {label!r} among {sorted(message.buttons)}"
        button = self._component(message, message.buttons[label])
        return await self._use(message, button, {}, person, file_limit_bytes)

    async def press_id(self, message: Message, custom_id: str, *, person: Person | None = None) -> Interaction:
        """Press what no button of the message says, as if Discord had let somebody write one onto it."""
        button = {"type": _BUTTON, "id": 90, "style": 2, "label": "x", "custom_id": custom_id}
        row = {"type": _ROW, "id": 91, "components": [button]}
        message.components.append(row)
        try:
            return await self._use(message, button, {}, person, TEN_MIB)
        finally:
            message.components.remove(row)

    async def select(
        self,
        message: Message,
        custom_id: str,
        values: list[Any],
        *,
        person: Person | None = None,
        file_limit_bytes: int = TEN_MIB,
    ) -> Interaction:
        """Choose from a select: its options' values, or people, roles and channels."""
        select = self._component(message, custom_id)
        resolving = Resolving(self.world, person or self.ada, message.channel)
        chosen = selected(select, values, resolving)
        more = {"values": chosen, **resolving.resolved()}
        return await self._use(message, select, more, person, file_limit_bytes)

    async def submit(self, asked: Interaction, values: dict[str, Any]) -> Interaction:
        """Send the form that an interaction was answered with; fields that `values` does not name stay as they are."""
        await self.world.until(lambda: asked.modal is not None, "a form")
        assert asked.modal is not None
        interaction = self._begin(MODAL_SUBMIT, asked.person, asked.channel, asked.file_limit_bytes)
        interaction.owners, interaction.source = asked.owners, asked.source
        resolving = Resolving(self.world, asked.person, asked.channel)
        return await self._tell(interaction, submitted(asked.modal, values, resolving))

    async def replay(self, event: dict[str, Any]) -> Interaction:
        """Send a recorded INTERACTION_CREATE; it can be answered by its own id and token."""
        interaction = self._begin(event["type"], None, None, TEN_MIB)
        del self.world.interactions[interaction.token]
        interaction.id, interaction.token = int(event["id"]), event["token"]
        self.world.interactions[interaction.token] = interaction
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        return interaction

    async def _use(
        self,
        message: Message,
        component: dict[str, Any],
        more: dict[str, Any],
        person: Person | None,
        file_limit_bytes: int,
    ) -> Interaction:
        assert not component.get("disabled"), "it is greyed out"
        interaction = self._begin(COMPONENT, person, message.channel, file_limit_bytes)
        self._check_seen(message, interaction.person)
        interaction.source = message
        if message.owners is not None:
            interaction.owners = message.owners
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"]}
        return await self._tell(interaction, {**data, **more})

    def _component(self, message: Message, custom_id: str) -> dict[str, Any]:
        found = [one for one in walk(message.components) if one.get("custom_id") == custom_id]
        assert found, f"nothing on the message has the custom id {custom_id!r}"
        return found[0]

    def _check_seen(self, message: Message, person: Person) -> None:
        assert message.only_for in {None, person.id}, "nobody uses what they can not see"
        assert not message.is_deleted, "the message is gone"

    def _begin(
        self,
        kind: int,
        person: Person | None,
        channel: Channel | None,
        file_limit_bytes: int,
        *,
        by_user_install: bool = False,
    ) -> Interaction:
        person, channel = person or self.ada, channel or self.channel
        interaction = Interaction(
            self.world.snowflake(),
            secrets.token_urlsafe(80),
            person,
            channel,
            self.world.clock.now(),
            kind=kind,
            owners=owners_of(self.world, person, channel, by_user_install=by_user_install),
            file_limit_bytes=file_limit_bytes,
        )
        self.world.interactions[interaction.token] = interaction
        return interaction

    async def _tell(self, interaction: Interaction, data: dict[str, Any]) -> Interaction:
        await self.gateway.announce(interaction.channel)
        await self.gateway.dispatch("INTERACTION_CREATE", interaction.event(self.world.application_id, data))
        return interaction
