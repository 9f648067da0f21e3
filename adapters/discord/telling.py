"""Answers for the sender alone: words, with rows of buttons below or with pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, cast

from discord import AllowedMentions, Interaction, ui
from discord.utils import escape_markdown

from adapters.discord.cards import Drawing
from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import funnel
from adapters.discord.languages import catalog_for
from bot.application import Application
from bot.messages.catalogs import Catalog

_LONGEST_CHARS: Final = 2000


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words, in which nothing of Discord's markup works, and what can be pressed below them."""

    text: str
    rows: ui.View | None = None


Reply = Words | Drawing
"""What an interaction is answered with."""


async def tell(interaction: Interaction, application: Application, find: Callable[[Catalog], Awaitable[str]]) -> None:
    """Acknowledge, find the words, and tell the sender alone."""

    async def compose(catalog: Catalog) -> Reply:
        return Words(await find(catalog))

    await answer(interaction, application, compose)


async def answer(
    interaction: Interaction, application: Application, compose: Callable[[Catalog], Awaitable[Reply]]
) -> None:
    """Acknowledge, compose the reply in the sender's language, and show it to the sender alone."""
    # discord.py knows a command's first parameter by the plain name of its type.
    async with funnel(cast("DeskInteraction", interaction)):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await put(interaction, await compose(await catalog_for(interaction, application)))


async def turn(
    interaction: DeskInteraction, application: Application, compose: Callable[[Catalog], Awaitable[Reply]]
) -> None:
    """The same for a press on such a reply: the new one takes its place. Raises what `compose` does."""
    await interaction.response.defer()
    await put(interaction, await compose(await catalog_for(interaction, application)))


async def put(interaction: Interaction, reply: Reply) -> None:
    """Show the reply in the place of what was promised or shown before."""
    silent = AllowedMentions.none()
    match reply:
        case Words(text, rows):
            content = _shortened(escape_markdown(text))
            await interaction.edit_original_response(
                content=content, view=rows, attachments=[], allowed_mentions=silent
            )
        case Drawing(view):
            await interaction.edit_original_response(view=view, attachments=reply.files(), allowed_mentions=silent)


def _shortened(text: str) -> str:
    """Whole lines, as many as a message holds."""
    while len(text) > _LONGEST_CHARS:
        text = text.rpartition("\n")[0] or text[: _LONGEST_CHARS - 1] + "…"
    return text
