"""The buttons below a result that answer with words, for the presser alone."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.buttons import ASIDE_ID, CardButton, PressedPicture, ResultAction, read_pressed
from adapters.discord.desk import DeskInteraction
from adapters.discord.telling import tell
from adapters.discord.views.guarded import Guarded
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.messages.catalogs import Catalog
from bot.messages.recipes import info_text
from bot.messages.styles import tray_text
from bot.services.tray import TrayPlace


class AsideButton(Guarded, ui.DynamicItem[CardButton], template=ASIDE_ID):
    """As subject, As style, Info or Favourite."""

    def __init__(self, button: CardButton, pressed: PressedPicture) -> None:
        super().__init__(button)
        self._pressed = pressed

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, read_pressed(match))

    async def press(self, interaction: DeskInteraction) -> None:
        """Do it, and say what came of it."""
        application = interaction.client.desk.application
        actor = actor_of(interaction)
        await tell(interaction, application, lambda catalog: _do(application, actor, self._pressed, catalog))


async def _do(application: Application, actor: Actor, pressed: PressedPicture, catalog: Catalog) -> str:
    job_id, index = pressed.job_id, pressed.index
    match pressed.action:
        case ResultAction.SUBJECT:
            tray = await application.tray.put_result(actor, job_id, index, TrayPlace.SUBJECT)
            return tray_text(tray, catalog)
        case ResultAction.STYLE:
            tray = await application.tray.put_result(actor, job_id, index, TrayPlace.STYLE)
            return tray_text(tray, catalog)
        case ResultAction.INFO:
            job = await application.history.job(actor, job_id)
            picture = next((one for one in job.pictures if one.index == index), None)
            if picture is None:
                raise Rejected(Rejection.PICTURE_UNKNOWN)
            return info_text(job, picture, catalog)
        case ResultAction.FAVOURITE:
            is_on = await application.history.toggle_favourite(actor, job_id, index)
            return catalog.text("favourite-on" if is_on else "favourite-off")
        case action:
            raise AssertionError(f"{action} answers with no words, and no id says so")
