"""The Cancel button of a card that still moves."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.buttons import CANCEL_ID, CardButton
from adapters.discord.desk import DeskInteraction
from adapters.discord.views.guarded import Guarded
from bot.domain.jobs import JobId


class CancelButton(Guarded, ui.DynamicItem[CardButton], template=CANCEL_ID):
    """Stops the job; the outbox then changes the card."""

    def __init__(self, button: CardButton, job_id: JobId) -> None:
        super().__init__(button)
        self._job_id = job_id

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, match["job"])

    async def press(self, interaction: DeskInteraction) -> None:
        """Cancel for the owner."""
        await interaction.response.defer()
        await interaction.client.desk.application.cancel(actor_of(interaction), self._job_id)
