"""Values as people give them (files, people, roles, channels), as ids, and what Discord tells about those ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.servers.discord.channels import Channel
from tests.servers.discord.messages import StoredFile
from tests.servers.discord.people import Person, Role
from tests.servers.discord.rest import kind_of
from tests.servers.discord.world import World

Entity = Person | Role | Channel | StoredFile


@dataclass
class Resolving:
    """Collects `resolved` while an interaction of `person` in `channel` is put together."""

    world: World
    person: Person
    channel: Channel
    _found: dict[str, dict[str, Any]] = field(default_factory=dict)

    def value(self, given: Any, *, filename: str = "") -> Any:
        """The id of an entity, or the value itself; bytes become a file of the type that they are."""
        if isinstance(given, bytes):
            given = self.world.add_file(self.channel.id, filename, given, kind_of(given))
        if not isinstance(given, Entity):
            return given
        told = str(given.id)
        match given:
            case StoredFile():
                self._note("attachments", told, given.payload())
            case Role():
                self._note("roles", told, given.payload())
            case Channel():
                self._note("channels", told, given.payload(self.person))
            case Person():
                self._note("users", told, given.payload())
                if self.channel.guild_id is not None:
                    self._note("members", told, given.member_payload())
        return told

    def resolved(self) -> dict[str, Any]:
        """`{"resolved": ...}`, or nothing where there is nothing to tell."""
        return {"resolved": self._found} if self._found else {}

    def _note(self, kind: str, key: str, payload: dict[str, Any]) -> None:
        self._found.setdefault(kind, {})[key] = payload
