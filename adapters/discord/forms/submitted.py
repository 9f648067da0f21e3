"""What happens once a form is sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from adapters.discord import visibility
from adapters.discord.buttons import REMIX_ID, REPORT_ID, RESTYLE_ID, read_pressed
from adapters.discord.desk import DeskInteraction
from adapters.discord.forms.again import ask_again
from adapters.discord.forms.filled import read_filled
from adapters.discord.forms.remix import read_remix
from adapters.discord.forms.report import submit_report
from adapters.discord.forms.restyle import submit_restyle
from adapters.discord.funnel import funnel
from adapters.discord.intake import take_in
from bot.domain.errors import Rejected

Handler = Callable[[DeskInteraction, re.Match[str]], Awaitable[None]]


async def answer_form(interaction: DeskInteraction) -> None:
    """Answer a submitted form; what is no form of ours is left alone."""
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = str(data.get("custom_id", ""))
    for pattern, handler in _HANDLERS.items():
        if (match := re.fullmatch(pattern, custom_id)) is not None:
            async with funnel(interaction):
                await handler(interaction, match)
            return


async def _remix(interaction: DeskInteraction, match: re.Match[str]) -> None:
    """Queue the remix; if it is refused, say what to correct and keep what was typed for another try."""
    desk, pressed = interaction.client.desk, read_pressed(match)
    application, custom_id = desk.application, match[0]
    filled = read_filled(interaction)
    changes, faults = read_remix(filled, application.limits)
    if faults:
        await ask_again(interaction, custom_id, filled, faults)
        return
    try:
        await take_in(
            interaction,
            visibility=await visibility.of_job(interaction, application, pressed.job_id),
            submit=lambda origin: application.remix(origin, pressed.job_id, changes, picture_index=pressed.index),
        )
    except Rejected as rejected:
        await ask_again(interaction, custom_id, filled, (rejected,))
    else:
        desk.typed.forget((interaction.user.id, custom_id))


_HANDLERS: Final[dict[str, Handler]] = {
    REMIX_ID: _remix,
    RESTYLE_ID: submit_restyle,
    REPORT_ID: submit_report,
}
