"""Remix: opens the form."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final, Self

from discord import Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.buttons import REMIX_ID, CardButton, PressedPicture, read_pressed
from adapters.discord.desk import DeskInteraction
from adapters.discord.forms.remix import draw_remix, remix_id
from adapters.discord.languages import catalog_for
from adapters.discord.views.guarded import Guarded
from bot.domain.errors import Rejected, Rejection

_LONGEST_READ_S: Final = 2.0
"""A form has to be the first answer, within 3 s, and what it is filled in with has to be read before."""


class RemixButton(Guarded, ui.DynamicItem[CardButton], template=REMIX_ID):
    """Below a card, and below what a form that was refused is answered with."""

    def __init__(self, button: CardButton, pressed: PressedPicture) -> None:
        super().__init__(button)
        self._pressed = pressed

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, read_pressed(match))

    async def press(self, interaction: DeskInteraction) -> None:
        """Open the form, filled in with the request or with what was typed before."""
        desk = interaction.client.desk
        try:
            async with asyncio.timeout(_LONGEST_READ_S):
                # An enlarged picture has no seed or steps of its own to change.
                job, index = await desk.application.history.drawn(
                    actor_of(interaction), self._pressed.job_id, self._pressed.index
                )
                catalog = await catalog_for(interaction, desk.application)
        except TimeoutError as error:
            raise Rejected(Rejection.STORAGE_BUSY) from error
        typed = desk.typed.get((interaction.user.id, remix_id(job.id, index)))
        form = draw_remix(job, index, catalog, desk.application.limits, typed)
        await interaction.response.send_modal(form)
