"""/privacy: everything that is kept about the sender, as a file or gone; only the sender sees the answers."""

from __future__ import annotations

from typing import Any, cast

import discord
from discord import AllowedMentions, Interaction, app_commands

from adapters.discord.actors import actor_of
from adapters.discord.desk import DeskInteraction
from adapters.discord.forgetting import ask_to_forget
from adapters.discord.funnel import funnel
from adapters.discord.languages import catalog_for
from adapters.discord.telling import Reply, answer
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.messages.catalogs import Catalog

_Subcommand = app_commands.Command[Any, ..., Any]
_FILENAME = "uso-bot-data.zip"


def privacy_group(application: Application, phrases: Phrases) -> app_commands.Group:
    """Export, delete."""
    group = app_commands.Group(name="privacy", description=phrases("command-privacy"))
    group.add_command(_export(application, phrases))
    group.add_command(_delete(application, phrases))
    return group


def _export(application: Application, phrases: Phrases) -> _Subcommand:
    async def export(interaction: Interaction) -> None:
        async with funnel(cast("DeskInteraction", interaction)):
            await interaction.response.defer(ephemeral=True, thinking=True)
            catalog = await catalog_for(interaction, application)
            try:
                await _send_export(interaction, application, catalog)
            except Rejected as rejected:
                if rejected.rejection is not Rejection.PERSON_UNKNOWN:
                    raise
                await interaction.edit_original_response(content=catalog.text("privacy-nothing-kept"))

    return app_commands.Command(name="export", description=phrases("command-privacy-export"), callback=export)


async def _send_export(interaction: Interaction, application: Application, catalog: Catalog) -> None:
    async with application.export_files(actor_of(interaction), interaction.filesize_limit) as made:
        key = "privacy-exported" if made.has_pictures else "privacy-exported-without-pictures"
        await interaction.edit_original_response(
            content=catalog.text(key),
            attachments=[discord.File(made.file, filename=_FILENAME)],
            allowed_mentions=AllowedMentions.none(),
        )


def _delete(application: Application, phrases: Phrases) -> _Subcommand:
    async def delete(interaction: Interaction) -> None:
        async def compose(catalog: Catalog) -> Reply:
            return ask_to_forget(catalog)

        await answer(interaction, application, compose)

    return app_commands.Command(name="delete", description=phrases("command-privacy-delete"), callback=delete)
