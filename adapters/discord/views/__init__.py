"""What a press of each button does; adding one is drawing it in `buttons`, a file here and its line below."""

from __future__ import annotations

from typing import Any

from discord import ui

from adapters.discord.views.asides import AsideButton
from adapters.discord.views.cancel import CancelButton
from adapters.discord.views.deletion import DeleteButton, EraseButton
from adapters.discord.views.picks import PickButton
from adapters.discord.views.remix import RemixButton
from adapters.discord.views.results import ResultButton


def all_buttons() -> tuple[type[ui.DynamicItem[Any]], ...]:
    """Every button that must work on messages of any age."""
    return (CancelButton, PickButton, ResultButton, RemixButton, AsideButton, DeleteButton, EraseButton)
