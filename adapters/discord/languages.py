"""In which language somebody is answered."""

from __future__ import annotations

from discord import Interaction

from adapters.discord.actors import actor_of
from bot.application import Application
from bot.messages.catalogs import Catalog


async def catalog_for(interaction: Interaction, application: Application) -> Catalog:
    """The words in the language that the sender chose for the bot, else in that of their Discord.

    Raises `StorageUnavailable`.
    """
    return application.catalogs.for_locale(await application.preferences.locale_of(actor_of(interaction)))
