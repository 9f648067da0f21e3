"""Delete: asks whether one is sure, then hides the job and takes its message away."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import AllowedMentions, Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.addresses import address_of
from adapters.discord.buttons import DELETE_ID, ERASE_ID, CardButton, draw_erase, read_pressed
from adapters.discord.desk import DeskInteraction
from adapters.discord.languages import catalog_for
from adapters.discord.views.guarded import Guarded
from bot.domain.jobs import JobId


class DeleteButton(Guarded, ui.DynamicItem[CardButton], template=DELETE_ID):
    """Asks its owner, or a moderator, whether they are sure."""

    def __init__(self, button: CardButton, job_id: JobId) -> None:
        super().__init__(button)
        self._job_id = job_id

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, read_pressed(match).job_id)

    async def press(self, interaction: DeskInteraction) -> None:
        """Refuse whoever may not, before they are asked."""
        desk, message = interaction.client.desk, interaction.message
        assert message is not None, "buttons are on messages"
        await interaction.response.defer(ephemeral=True, thinking=True)
        job = await desk.application.history.deletable(actor_of(interaction), self._job_id)
        catalog = await catalog_for(interaction, desk.application)
        await interaction.edit_original_response(
            content=catalog.text("delete-sure", count=max(1, len(job.pictures))),
            view=draw_erase(job.id, catalog, channel_id=message.channel.id, message_id=message.id),
            allowed_mentions=AllowedMentions.none(),
        )


class EraseButton(Guarded, ui.DynamicItem[CardButton], template=ERASE_ID):
    """“Delete for good”, below the question."""

    def __init__(self, button: CardButton, job_id: JobId, *, channel_id: int, message_id: int) -> None:
        super().__init__(button)
        self._job_id = job_id
        self._channel_id = channel_id
        self._message_id = message_id

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, match["job"], channel_id=int(match["channel"]), message_id=int(match["message"]))

    async def press(self, interaction: DeskInteraction) -> None:
        """Hide the job, then remove the message; say so if Discord does not let us."""
        desk = interaction.client.desk
        await interaction.response.defer()
        history = desk.application.history
        job = await history.deletable(actor_of(interaction), self._job_id)
        await history.delete(actor_of(interaction), self._job_id)
        is_gone = await desk.posts.remove(address_of(job), channel_id=self._channel_id, message_id=self._message_id)
        catalog = await catalog_for(interaction, desk.application)
        await interaction.edit_original_response(
            content=catalog.text("delete-done" if is_gone else "delete-done-message-stays"),
            view=None,
            allowed_mentions=AllowedMentions.none(),
        )
