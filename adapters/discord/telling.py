"""Commands and buttons that answer with words, for the sender alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, cast

from discord import AllowedMentions, Interaction
from discord.utils import escape_markdown

from adapters.discord.actors import actor_of
from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import funnel
from bot.application import Application
from bot.messages.catalogs import Catalog

_LONGEST_CHARS: Final = 2000


async def tell(interaction: Interaction, application: Application, find: Callable[[Catalog], Awaitable[str]]) -> None:
    """Acknowledge, find the words, and tell the sender alone."""
    # discord.py knows a command's first parameter by the plain name of its type.
    async with funnel(cast("DeskInteraction", interaction)):
        await interaction.response.defer(ephemeral=True, thinking=True)
        text = await find(application.catalogs.for_locale(interaction.locale.value))
        silent = AllowedMentions.none()
        await interaction.edit_original_response(content=_shortened(escape_markdown(text)), allowed_mentions=silent)


async def catalog_for(interaction: Interaction, application: Application) -> Catalog:
    """The words in the language that the sender chose for the bot, else in that of their Discord."""
    return application.catalogs.for_locale(await application.preferences.locale_of(actor_of(interaction)))


def _shortened(text: str) -> str:
    """Whole lines, as many as a message holds."""
    while len(text) > _LONGEST_CHARS:
        text = text.rpartition("\n")[0] or text[: _LONGEST_CHARS - 1] + "…"
    return text
