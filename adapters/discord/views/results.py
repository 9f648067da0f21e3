"""The buttons below a finished card; their ids carry action, job and picture, the database the rest."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self, assert_never

from discord import ButtonStyle, Interaction, ui

from adapters.discord.intake import take_in
from adapters.discord.views.guarded import Guarded
from bot.domain.jobs import JobId
from bot.messages.catalogs import Catalog
from bot.services.follow_up import Strength
from bot.services.submit import Origin, Submitted

if TYPE_CHECKING:
    from adapters.discord.client import DiscordClient
    from bot.application import Application


class ResultAction(StrEnum):
    """What the buttons do that make a new job from a finished one."""

    REROLL = "reroll"
    SUBTLE = "subtle"
    STRONG = "strong"


_LABELS: Final = {
    ResultAction.REROLL: "button-reroll",
    ResultAction.SUBTLE: "button-vary-subtle",
    ResultAction.STRONG: "button-vary-strong",
}


class ResultButton(
    Guarded,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"uso:(?P<action>reroll|subtle|strong):(?P<job>[0-9a-z]{12}):(?P<index>[0-9])",
):
    """Re-roll, Vary (subtle) or Vary (strong): a new card, at the expense of whoever presses."""

    def __init__(self, button: ui.Button[ui.LayoutView], action: ResultAction, job_id: JobId, index: int) -> None:
        super().__init__(button)
        self._action = action
        self._job_id = job_id
        self._index = index

    @classmethod
    def make(cls, action: ResultAction, job_id: JobId, index: int, catalog: Catalog) -> Self:
        """The button for one picture of a job."""
        button: ui.Button[ui.LayoutView] = ui.Button(
            label=catalog.text(_LABELS[action]),
            style=ButtonStyle.secondary,
            custom_id=f"uso:{action.value}:{job_id}:{index}",
        )
        return cls(button, action, job_id, index)

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, ResultAction(match["action"]), match["job"], int(match["index"]))

    async def press(self, interaction: Interaction[DiscordClient]) -> None:
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
