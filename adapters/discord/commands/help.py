"""/help: what can be done, the most useful first; only the sender sees it."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands

from adapters.discord.actors import actor_of
from adapters.discord.telling import tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.messages.catalogs import Catalog
from bot.messages.help import help_text


def help_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """What the sender may do where they are."""

    async def help_(interaction: Interaction) -> None:
        async def find(catalog: Catalog) -> str:
            actor = actor_of(interaction)
            is_operator = application.operations.is_operator(actor)
            is_moderator = interaction.guild_id is not None and interaction.permissions.manage_guild
            return help_text(catalog, is_operator=is_operator, is_moderator=is_moderator)

        await tell(interaction, application, find)

    return app_commands.Command(name="help", description=phrases("command-help"), callback=help_)
