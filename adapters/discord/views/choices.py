"""Choosing one of a message's pictures, and going back to a form about them."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord.answers import whisper
from adapters.discord.buttons import CHOOSE_ID, RESTYLE_ID, CardButton
from adapters.discord.desk import DeskInteraction
from adapters.discord.forms.restyle import reopen_restyle
from adapters.discord.languages import catalog_for
from adapters.discord.uses import PictureUse, use_picture
from adapters.discord.views.guarded import Guarded


class ChooseSelect(Guarded, ui.DynamicItem[ui.Select[ui.View]], template=CHOOSE_ID):
    """Which of several pictures a menu was meant for."""

    def __init__(self, select: ui.Select[ui.View], use: PictureUse, token: str) -> None:
        super().__init__(select)
        self._use = use
        self._token = token

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was answered."""
        assert isinstance(item, ui.Select)
        return cls(item, PictureUse(match["use"]), match["token"])

    async def press(self, interaction: DeskInteraction) -> None:
        """Do with the chosen one what the menu says."""
        desk = interaction.client.desk
        sighting = desk.chosen_from.get(self._token)
        if sighting is None:
            catalog = await catalog_for(interaction, desk.application)
            await whisper(interaction, catalog.text("menu-too-old"))
            return
        picture = sighting.pictures[int(self.item.values[0])]
        await use_picture(interaction, self._use, picture, is_private=sighting.is_private)


class RestyleButton(Guarded, ui.DynamicItem[CardButton], template=RESTYLE_ID):
    """Opens the form of a refused restyle once more."""

    def __init__(self, button: CardButton, match: re.Match[str]) -> None:
        super().__init__(button)
        self._match = match

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, match)

    async def press(self, interaction: DeskInteraction) -> None:
        """Open it."""
        await reopen_restyle(interaction, self._match)
