"""Turning the pages of a list, and opening a result from the history."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.desk import DeskInteraction
from adapters.discord.listings import (
    HISTORY_ID,
    OPEN_ID,
    STYLES_ID,
    HistoryView,
    list_history,
    list_styles,
    read_history_id,
)
from adapters.discord.showing import open_result
from adapters.discord.telling import turn
from adapters.discord.views.guarded import Guarded

_Button = ui.Button[Any]
_Select = ui.Select[Any]


class HistoryButton(Guarded, ui.DynamicItem[_Button], template=re.compile(HISTORY_ID, re.DOTALL)):
    """Newest and Older, below a page of the history."""

    def __init__(self, button: _Button, view: HistoryView) -> None:
        super().__init__(button)
        self._wanted = view

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, however old."""
        assert isinstance(item, ui.Button)
        return cls(item, read_history_id(match))

    async def press(self, interaction: DeskInteraction) -> None:
        """Show the other page in the place of this one."""
        application, actor = interaction.client.desk.application, actor_of(interaction)
        await turn(interaction, application, lambda catalog: list_history(application, actor, self._wanted, catalog))


class StylesButton(Guarded, ui.DynamicItem[_Button], template=STYLES_ID):
    """Back and On, below a page of style cards."""

    def __init__(self, button: _Button, start: int) -> None:
        super().__init__(button)
        self._start = start

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, however old."""
        assert isinstance(item, ui.Button)
        return cls(item, int(match["start"]))

    async def press(self, interaction: DeskInteraction) -> None:
        """Show the other page in the place of this one."""
        application, actor = interaction.client.desk.application, actor_of(interaction)
        await turn(interaction, application, lambda catalog: list_styles(application, actor, self._start, catalog))


class OpenMenu(Guarded, ui.DynamicItem[_Select], template=OPEN_ID):
    """The menu of a history page: shows the chosen result to whoever chose it."""

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], _: re.Match[str], /) -> Self:
        """Made again from the message, however old."""
        assert isinstance(item, ui.Select)
        return cls(item)

    async def press(self, interaction: DeskInteraction) -> None:
        """Answer with the result; the list stays as it is."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await open_result(interaction, self.item.values[0])
