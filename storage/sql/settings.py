"""Settings in SQL: one JSON object a row, which names only what differs from the defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Text, cast, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import Actor, Server, UserId
from bot.domain.people import ServerSettings, UserSettings
from storage.people import blocked_as_well
from storage.sql.statements import change, upsert
from storage.tables.people import IdentityRow, ServerSettingsRow, UserSettingsRow


class SqlSettingsRepository:
    """`bot.ports.people.SettingsRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_user(self, user_id: UserId) -> UserSettings:
        """The person's settings."""
        return user_settings_of(
            await self._session.scalar(select(UserSettingsRow.chosen).where(UserSettingsRow.user_id == user_id))
        )

    async def set_user(self, user_id: UserId, settings: UserSettings) -> None:
        """Replace them; `ConstraintViolated` without such a user."""
        await upsert(
            self._session,
            UserSettingsRow,
            key={"user_id": user_id},
            values={"chosen": _chosen(settings, UserSettings())},
        )

    async def locale_of(self, actor: Actor) -> str | None:
        """The language that the person behind `actor` chose, by one read, or None."""
        chosen = (
            select(UserSettingsRow.chosen)
            .join(IdentityRow, IdentityRow.user_id == UserSettingsRow.user_id)
            .where(IdentityRow.platform == actor.platform, IdentityRow.external_id == actor.external_id)
        )
        return user_settings_of(await self._session.scalar(chosen)).locale

    async def of_server(self, server: Server) -> ServerSettings:
        """The server's settings."""
        return server_settings_of(
            await self._session.scalar(
                select(ServerSettingsRow.chosen).where(
                    ServerSettingsRow.platform == server.platform,
                    ServerSettingsRow.external_id == server.external_id,
                )
            )
        )

    async def set_server(self, server: Server, settings: ServerSettings) -> None:
        """Replace them."""
        await upsert(
            self._session,
            ServerSettingsRow,
            key={"platform": server.platform, "external_id": server.external_id},
            values={"chosen": _chosen(settings, ServerSettings())},
        )


async def pass_blocks_on(session: AsyncSession, known: UserId, other: UserId, *, instead: bool) -> None:
    """Shut `other` out on all servers that shut `known` out: `instead` of them, or beside them."""
    # Ids are hexadecimal: in JSON they look as they are.
    rows = await session.execute(
        select(ServerSettingsRow.platform, ServerSettingsRow.external_id, ServerSettingsRow.chosen)
        .where(cast(ServerSettingsRow.chosen, Text).contains(known, autoescape=True))
        .order_by(ServerSettingsRow.platform, ServerSettingsRow.external_id)
        .with_for_update()
    )
    for platform, external_id, chosen in rows.all():
        settings = blocked_as_well(server_settings_of(chosen), known, other, instead=instead)
        whose = (ServerSettingsRow.platform == platform, ServerSettingsRow.external_id == external_id)
        values = {"chosen": _chosen(settings, ServerSettings())}
        await change(session, update(ServerSettingsRow).where(*whose).values(**values))


def user_settings_of(chosen: object) -> UserSettings:
    """The settings of what a row holds; what is unknown is passed over, what is of a wrong type has its default."""
    return UserSettings(**_known(chosen, _OF_USERS))


def server_settings_of(chosen: object) -> ServerSettings:
    """The same for a server."""
    return ServerSettings(**_known(chosen, _OF_SERVERS))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _are_pairs(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


_OF_USERS: Final[Mapping[str, Callable[[object], bool]]] = {
    "locale": _is_text,
    "private": _is_flag,
    "spoiler": _is_flag,
    "aspect": _is_text,
    "keep_tray": _is_flag,
}
_OF_SERVERS: Final[Mapping[str, Callable[[object], bool]]] = {
    "locale": _is_text,
    "channels": _are_texts,
    "role_tiers": _are_pairs,
    "pool": _is_number,
    "blocked": _are_texts,
    "max_waiting": _is_number,
    "max_count": _is_number,
    "words": _are_texts,
}


def _known(chosen: object, kinds: Mapping[str, Callable[[object], bool]]) -> dict[str, Any]:
    if not isinstance(chosen, dict):
        return {}
    found = {name: chosen[name] for name, fits in kinds.items() if name in chosen and fits(chosen[name])}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _chosen(settings: UserSettings | ServerSettings, default: UserSettings | ServerSettings) -> dict[str, Any]:
    given = {one.name: getattr(settings, one.name) for one in fields(settings)}
    differing = {name: value for name, value in given.items() if value != getattr(default, name)}
    return {name: _as_json(value) for name, value in differing.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
