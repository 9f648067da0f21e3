"""Report: opens the form. Leave it and Delete it: what an operator decides."""

from __future__ import annotations

import re
from typing import Any, Self

from discord import Interaction, ui

from adapters.discord.actors import actor_of
from adapters.discord.buttons import REPORT_ID, CardButton, PressedPicture, read_pressed
from adapters.discord.cards import Drawing, draw_placeholder
from adapters.discord.desk import DeskInteraction
from adapters.discord.forms.report import draw_report
from adapters.discord.languages import catalog_for
from adapters.discord.reporting import VERDICT_ID
from adapters.discord.telling import Reply, turn
from adapters.discord.views.guarded import Guarded
from bot.domain.reports import ReportId
from bot.messages.catalogs import Catalog

_Button = ui.Button[Any]


class ReportButton(Guarded, ui.DynamicItem[CardButton], template=REPORT_ID):
    """Below every result that others can see."""

    def __init__(self, button: CardButton, pressed: PressedPicture) -> None:
        super().__init__(button)
        self._pressed = pressed

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, whoever sent it and when."""
        assert isinstance(item, ui.Button)
        return cls(item, read_pressed(match))

    async def press(self, interaction: DeskInteraction) -> None:
        """Open the form, which has to be the first answer."""
        catalog = await catalog_for(interaction, interaction.client.desk.application)
        await interaction.response.send_modal(draw_report(self._pressed.job_id, self._pressed.index, catalog))


class VerdictButton(Guarded, ui.DynamicItem[_Button], template=VERDICT_ID):
    """Below a report, for operators alone whoever else finds the button."""

    def __init__(self, button: _Button, report_id: ReportId, *, deletes: bool) -> None:
        super().__init__(button)
        self._report_id = report_id
        self._deletes = deletes

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Made again from the message that was pressed, however old."""
        assert isinstance(item, ui.Button)
        return cls(item, int(match["report"]), deletes=match["verdict"] == "delete")

    async def press(self, interaction: DeskInteraction) -> None:
        """Close the report, and say so in its place."""
        application = interaction.client.desk.application

        async def compose(catalog: Catalog) -> Reply:
            await application.reports.close(actor_of(interaction), self._report_id, delete_picture=self._deletes)
            return Drawing(draw_placeholder(catalog.text("report-deleted" if self._deletes else "report-kept")))

        await turn(interaction, application, compose)
