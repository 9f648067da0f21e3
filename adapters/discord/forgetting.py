"""The question before everything of a person is deleted."""

from __future__ import annotations

from typing import Final

from discord import ButtonStyle, ui

from adapters.discord.telling import Words
from bot.messages.catalogs import Catalog

FORGET_ID: Final = "uso:forget"


def ask_to_forget(catalog: Catalog) -> Words:
    """What will be gone, and the button that does it; it works on a question of any age."""
    view = ui.View(timeout=None)
    view.add_item(ui.Button(label=catalog.text("button-forget-me"), style=ButtonStyle.danger, custom_id=FORGET_ID))
    view.stop()
    return Words(catalog.text("privacy-sure"), view)
