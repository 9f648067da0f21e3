"""People as Discord knows them."""

from __future__ import annotations

from discord import Interaction

from bot.domain.actors import Actor, Platform


def actor_of(interaction: Interaction) -> Actor:
    """Who sent the interaction, with the language of their Discord."""
    user = interaction.user
    return Actor(Platform.DISCORD, str(user.id), name=user.display_name, locale=interaction.locale.value)
