"""People as Discord knows them."""

from __future__ import annotations

from discord import Interaction, Member, Thread

from bot.domain.actors import Actor, Platform, Server


def actor_of(interaction: Interaction) -> Actor:
    """Who sent the interaction: with the language of their Discord, and their roles and the channel where they sent it
    from, for a thread its parent too.

    Whoever may delete the messages of others there is a moderator.
    """
    user = interaction.user
    guild_id = interaction.guild_id
    channel_id, channel = interaction.channel_id, interaction.channel
    parent_id = channel.parent_id if isinstance(channel, Thread) else None
    return Actor(
        Platform.DISCORD,
        str(user.id),
        name=user.display_name,
        locale=interaction.locale.value,
        server=Server(Platform.DISCORD, str(guild_id)) if guild_id is not None else None,
        roles=tuple(str(role.id) for role in user.roles) if isinstance(user, Member) else (),
        is_moderator=guild_id is not None and interaction.permissions.manage_messages,
        channels=tuple(str(one) for one in (channel_id, parent_id) if one is not None),
    )
