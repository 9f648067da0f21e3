"""The buttons below a card that make a new one; their ids carry action, job and picture, the database the rest."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord import visibility
from adapters.discord.buttons import RESULT_ID, CardButton, PressedPicture, ResultAction, read_pressed
from adapters.discord.desk import DeskInteraction
from adapters.discord.intake import press_key, take_in
from adapters.discord.views.guarded import Guarded
from bot.application import Application
from bot.services.follow_up import Strength
from bot.services.submit import Origin, Submitted


class ResultButton(Guarded, ui.DynamicItem[CardButton], template=RESULT_ID):
    """Re-roll, Subtle, Strong or Upscale: a new card, at the expense of whoever presses."""

    def __init__(self, button: CardButton, pressed: PressedPicture) -> None:
        super().__init__(button)
        self._pressed = pressed

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, read_pressed(match))

    async def press(self, interaction: DeskInteraction) -> None:
        """Make the new job, seen by no more people than the one it comes from."""
        application = interaction.client.desk.application
        await take_in(
            interaction,
            visibility=await visibility.of_job(interaction, application, self._pressed.job_id),
            submit=lambda origin: _submit(application, origin, self._pressed),
            event_key=press_key(interaction, self.custom_id),
        )


async def _submit(application: Application, origin: Origin, pressed: PressedPicture) -> Submitted:
    job_id, index = pressed.job_id, pressed.index
    match pressed.action:
        case ResultAction.REROLL:
            return await application.reroll(origin, job_id)
        case ResultAction.SUBTLE:
            return await application.vary(origin, job_id, index, Strength.SUBTLE.value)
        case ResultAction.STRONG:
            return await application.vary(origin, job_id, index, Strength.STRONG.value)
        case ResultAction.UPSCALE:
            return await application.upscale(origin, job_id, index)
        case action:
            raise AssertionError(f"{action} makes no job, and no id says so")
