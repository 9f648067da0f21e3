"""A form that was refused: what to correct, and a way back to what was typed."""

from __future__ import annotations

from discord import ButtonStyle, ui

from adapters.discord.answers import whisper
from adapters.discord.desk import DeskInteraction
from adapters.discord.forms.filled import Filled
from adapters.discord.languages import catalog_for
from bot.domain.errors import Rejected
from bot.messages.cards import rejection_text


async def ask_again(interaction: DeskInteraction, custom_id: str, filled: Filled, faults: tuple[Rejected, ...]) -> None:
    """One sentence for each fault, and a button that opens the form as it was sent.

    The button has the form's own id, so it works after a restart too; the form is then filled in as at first.
    """
    desk = interaction.client.desk
    desk.typed.put((interaction.user.id, custom_id), filled.typed)
    catalog = await catalog_for(interaction, desk.application)
    view = ui.View(timeout=None)
    view.add_item(ui.Button(label=catalog.text("button-correct"), style=ButtonStyle.primary, custom_id=custom_id))
    view.stop()
    await whisper(interaction, "\n".join(rejection_text(one, catalog) for one in faults), view)
