"""“Delete everything”, below the question of /privacy delete."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.desk import DeskInteraction
from adapters.discord.forgetting import FORGET_ID
from adapters.discord.languages import catalog_for
from adapters.discord.telling import Words, put
from adapters.discord.views.guarded import Guarded

_Button = ui.Button[Any]


class ForgetButton(Guarded, ui.DynamicItem[_Button], template=FORGET_ID):
    """Deletes everything of whoever presses it; nobody else sees it."""

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], _: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, however old."""
        assert isinstance(item, ui.Button)
        return cls(item)

    async def press(self, interaction: DeskInteraction) -> None:
        """Forget the person, and say so in the place of the question."""
        application = interaction.client.desk.application
        await interaction.response.defer()
        catalog = await catalog_for(interaction, application)  # while their choice of language is still known
        await application.erase(actor_of(interaction))
        await put(interaction, Words(catalog.text("privacy-deleted")))
