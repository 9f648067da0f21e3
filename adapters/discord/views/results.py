"""The buttons below a finished card; their ids carry action, job and picture, the database the rest."""

from __future__ import annotations

import re
from typing import Any, Self, assert_never

from discord import Interaction, ui

from adapters.discord.buttons import RESULT_ID, CardButton, ResultAction
from adapters.discord.desk import DeskInteraction
from adapters.discord.intake import take_in
from adapters.discord.views.guarded import Guarded
from bot.application import Application
from bot.domain.jobs import JobId
from bot.services.follow_up import Strength
from bot.services.submit import Origin, Submitted


class ResultButton(Guarded, ui.DynamicItem[CardButton], template=RESULT_ID):
    """Re-roll, Vary (subtle) or Vary (strong): a new card, at the expense of whoever presses."""

    def __init__(self, button: CardButton, action: ResultAction, job_id: JobId, index: int) -> None:
        super().__init__(button)
        self._action = action
        self._job_id = job_id
        self._index = index

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, ResultAction(match["action"]), match["job"], int(match["index"]))

    async def press(self, interaction: DeskInteraction) -> None:
        """Make the new job; pressed on a card that only its owner sees, the new one is private as well."""
        message = interaction.message
        application = interaction.client.desk.application
        await take_in(
            interaction,
            private=message is not None and message.flags.ephemeral,
            submit=lambda origin: self._submit(application, origin),
            event_key=interaction.client.desk.presses.event_key(
                interaction_id=interaction.id,
                user_id=interaction.user.id,
                message_id=message.id if message is not None else 0,
                custom_id=self.custom_id,
                at=interaction.created_at,
            ),
        )

    async def _submit(self, application: Application, origin: Origin) -> Submitted:
        match self._action:
            case ResultAction.REROLL:
                return await application.reroll(origin, self._job_id)
            case ResultAction.SUBTLE:
                return await application.vary(origin, self._job_id, self._index, Strength.SUBTLE.value)
            case ResultAction.STRONG:
                return await application.vary(origin, self._job_id, self._index, Strength.STRONG.value)
            case _:
                assert_never(self._action)
