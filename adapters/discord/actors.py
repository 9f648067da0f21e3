"""People as Discord knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import Interaction

from bot.domain.actors import Actor, Platform

if TYPE_CHECKING:
    from adapters.discord.client import DiscordClient


def actor_of(interaction: Interaction[DiscordClient]) -> Actor:
    """Who sent the interaction, with the language of their Discord."""
    user = interaction.user
    return Actor(Platform.DISCORD, str(user.id), name=user.display_name, locale=interaction.locale.value)
