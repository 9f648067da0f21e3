"""The buttons below a card as they are drawn; their ids carry all that `views` needs once one is pressed."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from discord import ButtonStyle, ui

from bot.domain.jobs import JobId
from bot.messages.catalogs import Catalog

CANCEL_ID: Final = r"uso:cancel:(?P<job>[0-9a-z]{12})"
PICK_ID: Final = r"uso:pick:(?P<job>[0-9a-z]{12}):(?P<index>[0-9])"
RESULT_ID: Final = r"uso:(?P<action>reroll|subtle|strong):(?P<job>[0-9a-z]{12}):(?P<index>[0-9])"

CardButton = ui.Button[ui.LayoutView]


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


def draw_cancel(job_id: JobId, catalog: Catalog) -> CardButton:
    """Cancel, for a card that still moves."""
    label = catalog.text("button-cancel")
    return ui.Button(label=label, style=ButtonStyle.danger, custom_id=f"uso:cancel:{job_id}")


def draw_pick(job_id: JobId, index: int, *, is_chosen: bool) -> CardButton:
    """The number of the picture at `index`, one of several."""
    style = ButtonStyle.primary if is_chosen else ButtonStyle.secondary
    return ui.Button(label=str(index + 1), style=style, custom_id=f"uso:pick:{job_id}:{index}")


def draw_result(action: ResultAction, job_id: JobId, index: int, catalog: Catalog) -> CardButton:
    """Re-roll, Vary (subtle) or Vary (strong), for one picture of a job."""
    return ui.Button(
        label=catalog.text(_LABELS[action]),
        style=ButtonStyle.secondary,
        custom_id=f"uso:{action.value}:{job_id}:{index}",
    )
