"""The buttons below a card as they are drawn; their ids carry all that `views` needs once one is pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from discord import ButtonStyle, ui

from bot.domain.jobs import JobId
from bot.messages.catalogs import Catalog

_OF_PICTURE: Final = r"(?P<job>[0-9a-z]{12}):(?P<index>[0-9])"

CANCEL_ID: Final = r"uso:cancel:(?P<job>[0-9a-z]{12})"
PICK_ID: Final = rf"uso:pick:{_OF_PICTURE}"
RESULT_ID: Final = rf"uso:(?P<action>reroll|subtle|strong|upscale):{_OF_PICTURE}"
REMIX_ID: Final = rf"uso:(?P<action>remix):{_OF_PICTURE}"
ASIDE_ID: Final = rf"uso:(?P<action>subject|style|info|favourite):{_OF_PICTURE}"
REPORT_ID: Final = rf"uso:(?P<action>report):{_OF_PICTURE}"
DELETE_ID: Final = rf"uso:(?P<action>delete):{_OF_PICTURE}"
ERASE_ID: Final = r"uso:erase:(?P<job>[0-9a-z]{12}):(?P<channel>[0-9]{1,20}):(?P<message>[0-9]{1,20})"
CHOOSE_ID: Final = r"uso:choose:(?P<use>subject|style|info|upscale):(?P<token>[0-9a-z]{12})"
RESTYLE_ID: Final = r"uso:restyle:(?P<token>[0-9a-z]{12})"

CardButton = ui.Button[ui.LayoutView]


class ResultAction(StrEnum):
    """What the buttons below a result do."""

    REROLL = "reroll"
    SUBTLE = "subtle"
    STRONG = "strong"
    UPSCALE = "upscale"
    REMIX = "remix"
    SUBJECT = "subject"
    STYLE = "style"
    INFO = "info"
    FAVOURITE = "favourite"
    DELETE = "delete"
    REPORT = "report"


MAKING_ROW: Final = (
    ResultAction.REROLL,
    ResultAction.SUBTLE,
    ResultAction.STRONG,
    ResultAction.UPSCALE,
    ResultAction.REMIX,
)
KEEPING_ROW: Final = (
    ResultAction.SUBJECT,
    ResultAction.STYLE,
    ResultAction.INFO,
    ResultAction.FAVOURITE,
    ResultAction.DELETE,
)


@dataclass(frozen=True, slots=True)
class PressedPicture:
    """What the id of a button below a result says."""

    action: ResultAction
    job_id: JobId
    index: int


def read_pressed(match: re.Match[str]) -> PressedPicture:
    """What `draw_result` wrote into the id."""
    return PressedPicture(ResultAction(match["action"]), match["job"], int(match["index"]))


def draw_cancel(job_id: JobId, catalog: Catalog) -> CardButton:
    """Cancel, for a card that still moves."""
    label = catalog.text("button-cancel")
    return ui.Button(label=label, style=ButtonStyle.danger, custom_id=f"uso:cancel:{job_id}")


def draw_pick(job_id: JobId, index: int, *, is_chosen: bool) -> CardButton:
    """The number of the picture at `index`, one of several."""
    style = ButtonStyle.primary if is_chosen else ButtonStyle.secondary
    return ui.Button(label=str(index + 1), style=style, custom_id=f"uso:pick:{job_id}:{index}")


def draw_result(action: ResultAction, job_id: JobId, index: int, catalog: Catalog) -> CardButton:
    """One of the buttons for one picture of a job."""
    return ui.Button(
        label=catalog.text(f"button-{action.value}"),
        style=ButtonStyle.danger if action is ResultAction.DELETE else ButtonStyle.secondary,
        custom_id=f"uso:{action.value}:{job_id}:{index}",
    )


def draw_erase(job_id: JobId, catalog: Catalog, *, channel_id: int, message_id: int) -> ui.View:
    """The confirmation of Delete: it knows the message that is to go, too."""
    view = ui.View(timeout=None)
    custom_id = f"uso:erase:{job_id}:{channel_id}:{message_id}"
    view.add_item(ui.Button(label=catalog.text("button-erase"), style=ButtonStyle.danger, custom_id=custom_id))
    view.stop()  # answered by its id, like every button
    return view
