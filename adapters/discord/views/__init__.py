"""What a press of each button does; adding one is drawing it in `buttons`, a file here and its line below."""

from __future__ import annotations

from typing import Any

from discord import ui

from adapters.discord.views.asides import AsideButton
from adapters.discord.views.cancel import CancelButton
from adapters.discord.views.choices import ChooseSelect, RestyleButton
from adapters.discord.views.deletion import DeleteButton, EraseButton
from adapters.discord.views.forget import ForgetButton
from adapters.discord.views.picks import PickButton
from adapters.discord.views.remix import RemixButton
from adapters.discord.views.report import ReportButton, VerdictButton
from adapters.discord.views.results import ResultButton
from adapters.discord.views.turning import HistoryButton, OpenMenu, StylesButton


def all_buttons() -> tuple[type[ui.DynamicItem[Any]], ...]:
    """Every button and menu that must work on messages of any age."""
    of_cards = (CancelButton, PickButton, ResultButton, RemixButton, AsideButton, DeleteButton, EraseButton)
    of_answers = (HistoryButton, StylesButton, OpenMenu, ForgetButton, ChooseSelect, RestyleButton)
    return (*of_cards, *of_answers, ReportButton, VerdictButton)
