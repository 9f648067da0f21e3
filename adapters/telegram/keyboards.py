"""The buttons below messages, and what a press of them says; everything a press needs stands in its data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.jobs import Job, JobId
from bot.messages.catalogs import Catalog

_SEPARATOR = ":"


class Action(StrEnum):
    """What a button does; the letters stay as they are for ever, because old messages carry them."""

    CANCEL = "c"
    REROLL = "r"
    VARY_SUBTLE = "s"
    VARY_STRONG = "v"
    ORIGINAL = "o"


@dataclass(frozen=True, slots=True)
class Press:
    """A button's data: what to do with which picture of which job. Encoded it has 17 bytes of the 64 allowed."""

    action: Action
    job_id: JobId
    index: int = 0

    def encode(self) -> str:
        """The data as it goes into the button."""
        return _SEPARATOR.join((self.action.value, self.job_id, str(self.index)))


def parse_press(data: str | None) -> Press | None:
    """Read a button's data; None for anything that is not ours."""
    match (data or "").split(_SEPARATOR):
        case [action, job_id, index] if index.isascii() and index.isdigit() and job_id:
            try:
                return Press(Action(action), job_id, int(index))
            except ValueError:
                return None
        case _:
            return None


def cancel_keyboard(job_id: JobId, catalog: Catalog) -> InlineKeyboardMarkup:
    """Below a card that still moves."""
    return InlineKeyboardMarkup([[_button(catalog.text("button-cancel"), Action.CANCEL, job_id)]])


def retry_keyboard(job_id: JobId, catalog: Catalog) -> InlineKeyboardMarkup:
    """Below a card that failed."""
    return InlineKeyboardMarkup([[_button(catalog.text("button-reroll"), Action.REROLL, job_id)]])


def result_keyboard(job: Job, catalog: Catalog) -> InlineKeyboardMarkup:
    """Below a result: for one picture, or a row for each of several."""
    reroll = _button(catalog.text("button-reroll"), Action.REROLL, job.id)
    if len(job.pictures) == 1:
        index = job.pictures[0].index
        original = _button(catalog.text("telegram-button-original"), Action.ORIGINAL, job.id, index)
        subtle = _button(catalog.text("button-vary-subtle"), Action.VARY_SUBTLE, job.id, index)
        strong = _button(catalog.text("button-vary-strong"), Action.VARY_STRONG, job.id, index)
        return InlineKeyboardMarkup([[reroll, original], [subtle, strong]])
    rows = [_picture_row(job.id, picture.index, catalog) for picture in job.pictures]
    return InlineKeyboardMarkup([*rows, [reroll]])


def _picture_row(job_id: JobId, index: int, catalog: Catalog) -> list[InlineKeyboardButton]:
    number = index + 1
    return [
        _button(catalog.text("telegram-button-subtle-of", number=number), Action.VARY_SUBTLE, job_id, index),
        _button(catalog.text("telegram-button-strong-of", number=number), Action.VARY_STRONG, job_id, index),
        _button(catalog.text("telegram-button-original-of", number=number), Action.ORIGINAL, job_id, index),
    ]


def _button(text: str, action: Action, job_id: JobId, index: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=Press(action, job_id, index).encode())
