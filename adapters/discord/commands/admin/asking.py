"""Who asks to administer, and how a changed server is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from discord import Interaction, Member, User

from adapters.discord.actors import actor_of
from adapters.discord.telling import tell
from bot.application import Application
from bot.domain.actors import Actor, Platform
from bot.domain.errors import Rejected, Rejection
from bot.domain.people import ServerSettings
from bot.messages.catalogs import Catalog
from bot.messages.settings import server_settings_text

Person = Member | User


def admin_of(interaction: Interaction[Any]) -> Actor:
    """The sender; here a moderator is who manages the server, whatever roles are shown the command."""
    return replace(actor_of(interaction), is_moderator=interaction.permissions.manage_guild)


def actor_of_person(person: Person) -> Actor:
    """Somebody named in an option."""
    return Actor(Platform.DISCORD, str(person.id), name=person.display_name)


async def tell_settings(
    interaction: Interaction,
    application: Application,
    change: Callable[[Actor], Awaitable[ServerSettings]],
) -> None:
    """Change something about the server, and tell how all its settings stand then."""

    async def find(catalog: Catalog) -> str:
        return settings_told(await change(admin_of(interaction)), catalog)

    await tell(interaction, application, find)


async def current_settings(application: Application, actor: Actor) -> ServerSettings:
    """The settings of the server asked from, for those who may change them. Raises `Rejected`."""
    if actor.server is None:
        raise Rejected(Rejection.SERVER_NEEDED)
    if not actor.is_moderator:
        raise Rejected(Rejection.MODERATORS_ONLY)
    return await application.preferences.of_server(actor.server)


def settings_told(settings: ServerSettings, catalog: Catalog) -> str:
    """The settings of a server, its channels and roles by the names that Discord shows."""
    return server_settings_text(
        settings, catalog, name_channel=lambda one: f"<#{one}>", name_role=lambda one: f"<@&{one}>"
    )
