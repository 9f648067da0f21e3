"""What happens once a form is sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from discord import ButtonStyle, ui

from adapters.discord import visibility
from adapters.discord.answers import whisper
from adapters.discord.buttons import REMIX_ID, read_pressed
from adapters.discord.desk import DeskInteraction
from adapters.discord.forms.filled import read_filled
from adapters.discord.forms.remix import read_remix, typed_in
from adapters.discord.funnel import funnel
from adapters.discord.intake import take_in
from adapters.discord.languages import catalog_for
from bot.domain.errors import Rejected
from bot.messages.cards import rejection_text

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
    desk.typed.put((interaction.user.id, custom_id), typed_in(filled))
    if faults:
        await _ask_again(interaction, custom_id, faults)
        return
    try:
        await take_in(
            interaction,
            visibility=await visibility.of_job(interaction, application, pressed.job_id),
            submit=lambda origin: application.remix(origin, pressed.job_id, changes, picture_index=pressed.index),
        )
    except Rejected as rejected:
        await _ask_again(interaction, custom_id, (rejected,))
    else:
        desk.typed.forget((interaction.user.id, custom_id))


async def _ask_again(interaction: DeskInteraction, custom_id: str, faults: tuple[Rejected, ...]) -> None:
    """One sentence for each fault, and a button that opens the form as it was sent."""
    catalog = await catalog_for(interaction, interaction.client.desk.application)
    view = ui.View(timeout=None)
    view.add_item(ui.Button(label=catalog.text("button-correct"), style=ButtonStyle.primary, custom_id=custom_id))
    view.stop()
    await whisper(interaction, "\n".join(rejection_text(one, catalog) for one in faults), view)


_HANDLERS: Final[dict[str, Handler]] = {REMIX_ID: _remix}
