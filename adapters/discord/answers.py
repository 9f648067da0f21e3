"""Answering an interaction: acknowledged before anything else, refused in one sentence that only its sender sees."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC

from discord import AllowedMentions, Interaction, InteractionResponseType, NotFound, ui
from discord.utils import MISSING

from adapters.discord.addresses import CardAddress
from adapters.discord.surroundings import is_age_restricted_place


async def promise_card(interaction: Interaction, *, private: bool, is_age_restricted: bool = False) -> CardAddress:
    """Acknowledge with a message that becomes the card; only the sender sees it when `private`.

    Discord may make it private by itself, for instance where an app is not allowed to speak. `is_age_restricted` says
    that what it is made from is.
    """
    promised = await interaction.response.defer(ephemeral=private, thinking=True)
    message_id = promised.message_id if promised is not None else None
    if message_id is None:
        message_id = (await interaction.original_response()).id
    return CardAddress(
        application_id=interaction.application_id,
        token=interaction.token,
        expires_at=interaction.expires_at.astimezone(UTC),
        message_id=message_id,
        channel_id=interaction.channel_id,
        guild_id=interaction.guild_id,
        user_id=interaction.user.id,
        file_limit_bytes=interaction.filesize_limit,
        is_ephemeral=private or (promised is not None and promised.is_ephemeral()),
        is_age_restricted=is_age_restricted or is_age_restricted_place(interaction),
    )


async def whisper(interaction: Interaction, text: str, view: ui.View = MISSING) -> None:
    """Tell the sender one sentence, whatever was answered before; a promised card is taken back.

    `view` is what goes below the sentence.
    """
    silent = AllowedMentions.none()
    match interaction.response.type:
        case None:
            await interaction.response.send_message(text, view=view, ephemeral=True, allowed_mentions=silent)
        case InteractionResponseType.deferred_channel_message:
            # The first follow-up would take the promised card's place, and its visibility with it.
            with suppress(NotFound):
                await interaction.delete_original_response()
            await interaction.followup.send(text, view=view, ephemeral=True, allowed_mentions=silent)
        case _:
            await interaction.followup.send(text, view=view, ephemeral=True, allowed_mentions=silent)
