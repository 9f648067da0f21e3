"""Choosing one of several pictures: the other buttons of the card then mean that one."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord.buttons import PICK_ID, CardButton
from adapters.discord.desk import DeskInteraction
from adapters.discord.views.guarded import Guarded
from bot.domain.jobs import JobId


class PickButton(Guarded, ui.DynamicItem[CardButton], template=PICK_ID):
    """A number; what is chosen is kept in the ids of the buttons below it, so it outlives any restart."""

    def __init__(self, button: CardButton, job_id: JobId, index: int) -> None:
        super().__init__(button)
        self._job_id = job_id
        self._index = index

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, match["job"], int(match["index"]))

    async def press(self, interaction: DeskInteraction) -> None:
        """Draw the card again with this picture chosen; its files stay where they are."""
        await interaction.response.defer()
        await interaction.client.desk.redraw(interaction, self._job_id, selected=self._index)
