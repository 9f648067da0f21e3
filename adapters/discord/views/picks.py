"""Choosing one of several pictures: the other buttons of the card then mean that one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from discord import ButtonStyle, Interaction, ui

from adapters.discord.views.guarded import Guarded
from bot.domain.jobs import JobId

if TYPE_CHECKING:
    from adapters.discord.client import DiscordClient


class PickButton(
    Guarded, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"uso:pick:(?P<job>[0-9a-z]{12}):(?P<index>[0-9])"
):
    """A number; what is chosen is kept in the ids of the buttons below it, so it outlives any restart."""

    def __init__(self, button: ui.Button[ui.LayoutView], job_id: JobId, index: int) -> None:
        super().__init__(button)
        self._job_id = job_id
        self._index = index

    @classmethod
    def make(cls, job_id: JobId, index: int, *, is_chosen: bool) -> Self:
        """The button for the picture at `index`."""
        style = ButtonStyle.primary if is_chosen else ButtonStyle.secondary
        return cls(ui.Button(label=str(index + 1), style=style, custom_id=f"uso:pick:{job_id}:{index}"), job_id, index)

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, match["job"], int(match["index"]))

    async def press(self, interaction: Interaction[DiscordClient]) -> None:
        """Draw the card again with this picture chosen; its files stay where they are."""
        await interaction.response.defer()
        await interaction.client.desk.redraw(interaction, self._job_id, selected=self._index)
