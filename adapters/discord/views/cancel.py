"""The Cancel button of a card that still moves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from discord import ButtonStyle, Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.views.guarded import Guarded
from bot.domain.jobs import JobId
from bot.messages.catalogs import Catalog

if TYPE_CHECKING:
    from adapters.discord.client import DiscordClient


class CancelButton(Guarded, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"uso:cancel:(?P<job>[0-9a-z]{12})"):
    """Stops the job; the outbox then changes the card."""

    def __init__(self, button: ui.Button[ui.LayoutView], job_id: JobId) -> None:
        super().__init__(button)
        self._job_id = job_id

    @classmethod
    def make(cls, job_id: JobId, catalog: Catalog) -> Self:
        """The button for a job."""
        label = catalog.text("button-cancel")
        return cls(ui.Button(label=label, style=ButtonStyle.danger, custom_id=f"uso:cancel:{job_id}"), job_id)

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, match["job"])

    async def press(self, interaction: Interaction[DiscordClient]) -> None:
        """Cancel for the owner."""
        await interaction.response.defer()
        await interaction.client.desk.application.cancel(actor_of(interaction), self._job_id)
