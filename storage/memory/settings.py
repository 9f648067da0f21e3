"""Settings in the in-memory twin; every method reads its tables once and then does not wait."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.actors import Actor, Server, UserId
from bot.domain.people import ServerSettings, UserSettings
from storage.errors import ConstraintViolated
from storage.memory.tables import MemoryTransaction


class MemorySettingsRepository:
    """`bot.ports.people.SettingsRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def of_user(self, user_id: UserId) -> UserSettings:
        """The person's settings."""
        tables = await self._transaction.tables()
        return tables.user_settings.get(user_id) or UserSettings()

    async def set_user(self, user_id: UserId, settings: UserSettings) -> None:
        """Replace them; `ConstraintViolated` without such a user."""
        tables = await self._transaction.tables()
        if user_id not in tables.users:
            raise ConstraintViolated(f"settings of {user_id}")
        tables.user_settings[user_id] = settings

    async def locale_of(self, actor: Actor) -> str | None:
        """The language that the person behind `actor` chose, or None."""
        tables = await self._transaction.tables()
        known = tables.identities.get((actor.platform, actor.external_id))
        chosen = tables.user_settings.get(known.user_id) if known is not None else None
        return chosen.locale if chosen is not None else None

    async def of_server(self, server: Server) -> ServerSettings:
        """The server's settings."""
        tables = await self._transaction.tables()
        return _own(tables.server_settings.get(server) or ServerSettings())

    async def set_server(self, server: Server, settings: ServerSettings) -> None:
        """Replace them."""
        tables = await self._transaction.tables()
        tables.server_settings[server] = _own(settings)


def _own(settings: ServerSettings) -> ServerSettings:
    """The settings, sharing no mapping with the given ones."""
    return replace(settings, role_tiers=dict(settings.role_tiers))
