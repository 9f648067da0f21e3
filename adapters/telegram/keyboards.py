"""The buttons below messages, and what a press of them says; everything a press needs stands in its data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.jobs import Job, JobId
from bot.domain.requests import GenerationRequest
from bot.messages.catalogs import Catalog

_DATA: Final = re.compile(r"(?P<action>[a-z]):(?P<job>[^:]+):(?P<index>[0-9]{1,2})(?::(?P<album>[0-9+]+))?")

Row = list[InlineKeyboardButton]


class Action(StrEnum):
    """What a button does; the letters stay as they are for ever, because old messages carry them."""

    CANCEL = "c"
    REROLL = "r"
    VARY_SUBTLE = "s"
    VARY_STRONG = "v"
    ORIGINAL = "o"
    UPSCALE = "u"
    REMIX = "m"
    AS_SUBJECT = "j"
    AS_STYLE = "t"
    INFO = "i"
    FAVOURITE = "f"
    DELETE = "d"
    ERASE = "e"
    PICK = "p"
    SWAP = "w"
    REPORT = "x"


@dataclass(frozen=True, slots=True)
class Press:
    """A button's data: what to do with which picture of which job; at most 50 bytes of the 64 allowed.

    `album` are the ids of the messages above the buttons that show the pictures, where those are messages of their own.
    """

    action: Action
    job_id: JobId
    index: int = 0
    album: tuple[int, ...] = ()

    def encode(self) -> str:
        """The data as it goes into the button."""
        data = f"{self.action.value}:{self.job_id}:{self.index}"
        return f"{data}:{_pack(self.album)}" if self.album else data


def parse_press(data: str | None) -> Press | None:
    """Read a button's data; None for anything that is not ours."""
    found = _DATA.fullmatch(data or "")
    if found is None:
        return None
    try:
        album = _unpack(found["album"] or "")
        return Press(Action(found["action"]), found["job"], int(found["index"]), album)
    except ValueError:
        return None


def can_swap(request: GenerationRequest) -> bool:
    """Whether a request has a subject and a style that could change places."""
    return request.subject is not None and bool(request.styles)


def cancel_keyboard(job: Job, catalog: Catalog) -> InlineKeyboardMarkup:
    """Below a card that still moves."""
    rows = [[_button(catalog.text("button-cancel"), Press(Action.CANCEL, job.id))], _swap_row(job, catalog)]
    return _keyboard(rows)


def retry_keyboard(job: Job, catalog: Catalog) -> InlineKeyboardMarkup:
    """Below a card that ended without a picture."""
    again = [
        _button(catalog.text("button-reroll"), Press(Action.REROLL, job.id)),
        _button(catalog.text("button-remix"), Press(Action.REMIX, job.id)),
    ]
    return _keyboard([again, _swap_row(job, catalog)])


def result_keyboard(
    job: Job, catalog: Catalog, *, chosen: int | None = None, album: Sequence[int] = ()
) -> InlineKeyboardMarkup:
    """Below a result: everything that can be done with its picture, of several with the chosen one."""
    index = chosen if chosen is not None else (job.pictures[0].index if job.pictures else 0)
    ids = tuple(album)

    def button(key: str, action: Action, album: tuple[int, ...] = ()) -> InlineKeyboardButton:
        return _button(catalog.text(key), Press(action, job.id, index, album))

    return _keyboard(
        [
            _picks(job, index, ids),
            [
                button("button-reroll", Action.REROLL),
                button("button-subtle", Action.VARY_SUBTLE),
                button("button-strong", Action.VARY_STRONG),
            ],
            [button("button-upscale", Action.UPSCALE), button("button-remix", Action.REMIX)],
            [button("button-subject", Action.AS_SUBJECT), button("button-style", Action.AS_STYLE)],
            _swap_row(job, catalog),
            [
                button("button-info", Action.INFO),
                button("button-favourite", Action.FAVOURITE),
                button("button-delete", Action.DELETE, ids),
            ],
            [button("telegram-button-original", Action.ORIGINAL), *_seed_buttons(job, index, catalog)],
            # What nobody else can see has nobody to report it.
            [] if job.request.private else [button("button-report", Action.REPORT, ids)],
        ]
    )


def erase_keyboard(job: Job, press: Press, catalog: Catalog) -> InlineKeyboardMarkup:
    """In place of a result's buttons, once somebody pressed Delete: for sure, or back to where it was."""
    sure = catalog.text("telegram-button-erase", count=max(1, len(job.pictures)))
    return _keyboard(
        [
            [_button(sure, Press(Action.ERASE, job.id, press.index, press.album))],
            [_button(catalog.text("telegram-button-keep"), Press(Action.PICK, job.id, press.index, press.album))],
        ]
    )


def _picks(job: Job, chosen: int, album: tuple[int, ...]) -> Row:
    """The numbers of several pictures."""
    if len(job.pictures) < 2:
        return []
    return [
        _button(f"• {one.index + 1} •" if one.index == chosen else f"{one.index + 1}", _pick(job, one.index, album))
        for one in job.pictures
    ]


def _pick(job: Job, index: int, album: tuple[int, ...]) -> Press:
    return Press(Action.PICK, job.id, index, album)


def _swap_row(job: Job, catalog: Catalog) -> Row:
    return [_button(catalog.text("telegram-button-swap"), Press(Action.SWAP, job.id))] if can_swap(job.request) else []


def _seed_buttons(job: Job, index: int, catalog: Catalog) -> Row:
    """Copies the seed of the picture, on the person's own device."""
    seeds = [one.seed for one in job.pictures if one.index == index]
    label = catalog.text("telegram-button-copy-seed")
    return [InlineKeyboardButton(label, copy_text=CopyTextButton(str(seed))) for seed in seeds]


def _button(text: str, press: Press) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=press.encode())


def _keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([row for row in rows if row])


def _pack(ids: Sequence[int]) -> str:
    """The ids of messages on one line: the first, then how far each lies above it."""
    first, *others = ids
    return "+".join([str(first), *(str(one - first) for one in others)])


def _unpack(packed: str) -> tuple[int, ...]:
    """The ids again; raises ValueError."""
    if not packed:
        return ()
    first, *others = (int(part) for part in packed.split("+"))
    return (first, *(first + one for one in others))
