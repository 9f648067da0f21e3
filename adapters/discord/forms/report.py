"""The form of Report: what is wrong with a picture."""

from __future__ import annotations

import re
from typing import Final

from discord import TextStyle, ui

from adapters.discord.actors import actor_of
from adapters.discord.buttons import ResultAction, read_pressed
from adapters.discord.desk import DeskInteraction
from adapters.discord.forms.filled import read_filled
from adapters.discord.reporting import place_of
from adapters.discord.telling import tell
from bot.domain.jobs import JobId
from bot.domain.reports import REASON_CHARS
from bot.messages.catalogs import Catalog

REASON: Final = "reason"


def draw_report(job_id: JobId, index: int, catalog: Catalog) -> ui.Modal:
    """The form for one picture of a job."""
    custom_id = f"uso:{ResultAction.REPORT.value}:{job_id}:{index}"
    form = ui.Modal(title=catalog.text("form-report"), custom_id=custom_id, timeout=None)
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=REASON, style=TextStyle.paragraph, min_length=1, max_length=REASON_CHARS
    )
    form.add_item(ui.Label(text=catalog.text("label-reason"), component=field))
    form.stop()  # answered by its id, so a restart in between does no harm
    return form


async def submit_report(interaction: DeskInteraction, match: re.Match[str]) -> None:
    """Report the picture, and thank whoever did."""
    application, pressed = interaction.client.desk.application, read_pressed(match)
    reason = read_filled(interaction).texts.get(REASON, "")

    async def find(catalog: Catalog) -> str:
        await application.reports.report(
            actor_of(interaction), pressed.job_id, pressed.index, reason, place=place_of(interaction)
        )
        return catalog.text("report-thanks")

    await tell(interaction, application, find)
