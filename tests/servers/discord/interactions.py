"""What a person did with the bot, and how Discord tells the bot of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tests.servers.discord.channels import Channel
from tests.servers.discord.messages import Message
from tests.servers.discord.people import Permission, Person

TEN_MIB: Final = 10 * 1024 * 1024
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
GUILD_INSTALL, USER_INSTALL = "0", "1"


@dataclass
class Interaction:
    """One thing a person did, until its token ends.

    `modal` is the form that it was answered with, `choices` what an autocompletion was; `owners` are Discord's
    `authorizing_integration_owners`: where the app is installed that made the interaction possible.
    """

    id: int
    token: str
    person: Person
    channel: Channel
    created_at: datetime
    kind: int = COMMAND
    owners: dict[str, str] = field(default_factory=dict)
    source: Message | None = None
    answer_type: int | None = None
    response: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    file_limit_bytes: int = TEN_MIB

    @property
    def is_acknowledged(self) -> bool:
        """Whether a first answer came in time."""
        return self.answer_type is not None

    @property
    def is_by_user_install_only(self) -> bool:
        """Whether only the person brought the app along; Discord then allows less."""
        return self.owners.keys() == {USER_INSTALL}

    @property
    def must_be_private(self) -> bool:
        """Whether Discord shows all answers to the person alone: apps they bring along may not speak there."""
        is_in_server = self.channel.guild_id is not None
        return (
            self.is_by_user_install_only and is_in_server and not self.person.permissions & Permission.USE_EXTERNAL_APPS
        )

    @property
    def whispers(self) -> list[str]:
        """What only its sender was told: one-sentence answers."""
        sent = ([self.response] if self.response is not None else []) + self.followups
        return [one.content for one in sent if one.is_ephemeral and one.content and not one.is_deleted]

    def event(self, application_id: int, data: dict[str, Any]) -> dict[str, Any]:
        """The INTERACTION_CREATE event."""
        channel, person = self.channel, self.person
        told: dict[str, Any] = {
            "id": str(self.id),
            "application_id": str(application_id),
            "type": self.kind,
            "token": self.token,
            "version": 1,
            "locale": person.locale,
            "attachment_size_limit": self.file_limit_bytes,
            "app_permissions": str(channel.app_permissions.value),
            "channel": channel.payload(person),
            "channel_id": str(channel.id),
            "context": channel.context,
            "authorizing_integration_owners": self.owners,
            "entitlements": [],
            "data": data,
        }
        if self.source is not None:
            told["message"] = self.source.payload()
        if channel.guild_id is None:
            return {**told, "user": person.payload()}
        return {
            **told,
            "guild_id": str(channel.guild_id),
            "guild": {"id": str(channel.guild_id), "features": [], "locale": "en-US"},
            "guild_locale": "en-US",
            "member": {**person.member_payload(), "user": person.payload(), "deaf": False, "mute": False},
        }
