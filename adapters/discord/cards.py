"""Draws a card as a Discord message: one container of components (version 2) and rows of buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import discord
from discord import Colour, MediaGalleryItem, ui

from adapters.discord.buttons import KEEPING_ROW, MAKING_ROW, ResultAction, draw_cancel, draw_pick, draw_result
from bot.domain.cards import Card, Phase
from bot.domain.requests import Mode
from bot.messages.cards import card_text, cost_text
from bot.messages.catalogs import Catalog

_PROMPT_CHARS: Final = 700
_ALT_TEXT_CHARS: Final = 256
_BAR_CELLS: Final = 20
_ROW_BUTTONS: Final = 5
_COLOURS: Final = {
    Phase.QUEUED: Colour(0x5D6D7E),
    Phase.WARMING_UP: Colour(0xF5B041),
    Phase.RUNNING: Colour(0x5865F2),
    Phase.RETRYING: Colour(0xF5B041),
    Phase.DONE: Colour(0x2ECC71),
    Phase.FAILED: Colour(0xE74C3C),
    Phase.CANCELLED: Colour(0x95A5A6),
}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a card; the card shows it by its name."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn card and its files; every send needs files of its own, since sending uses them up."""

    view: ui.LayoutView
    attached: tuple[Attached, ...] = ()

    def files(self) -> list[discord.File]:
        """Fresh files, in the order attached."""
        return [discord.File(BytesIO(one.data), filename=one.filename) for one in self.attached]


def draw_card(
    card: Card,
    catalog: Catalog,
    *,
    requester_id: int,
    pictures: Sequence[str] = (),
    notes: Sequence[str] = (),
    selected: int = 0,
) -> ui.LayoutView:
    """Draw `card`; `pictures` are names of files attached to its message, `selected` the picture that buttons vary."""
    text = card_text(card, catalog)
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_COLOURS[card.phase])
    box.add_item(ui.TextDisplay("\n".join(line for line in (f"### {text.title}", text.detail, *notes) if line)))
    if prompt := _prompt(card):
        box.add_item(ui.TextDisplay(prompt))
    if card.phase is Phase.RUNNING:
        box.add_item(ui.TextDisplay(bar(card.fraction)))
    if pictures:
        box.add_item(_gallery(card, pictures))
    footer = (text.mode, _price(card, catalog), _seed(card, catalog), text.label)
    box.add_item(ui.TextDisplay(_footer(footer, requester_id)))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    for row in _rows(card, catalog, _chosen(card, selected)):
        view.add_item(row)
    # Presses are answered by their ids, whatever the card's age: discord.py need not remember every card.
    view.stop()
    return view


def draw_live(card: Card, catalog: Catalog, *, requester_id: int, notes: Sequence[str] = ()) -> Drawing:
    """Draw a card that still moves, with the preview of its picture."""
    preview = card.progress.preview if card.progress is not None and card.phase is Phase.RUNNING else None
    attached = (Attached(f"preview-{card.serial}.jpg", preview),) if preview else ()
    names = [one.filename for one in attached]
    view = draw_card(card, catalog, requester_id=requester_id, pictures=names, notes=notes)
    return Drawing(view, attached)


def draw_placeholder(text: str) -> ui.LayoutView:
    """What stands in a card's place for the moment until its job is known."""
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=_COLOURS[Phase.QUEUED])
    box.add_item(ui.TextDisplay(text))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    view.stop()
    return view


def bar(fraction: float) -> str:
    """A bar of 20 cells with its percentage."""
    filled = int(max(0.0, min(1.0, fraction)) * _BAR_CELLS)
    return f"{'▰' * filled}{'▱' * (_BAR_CELLS - filled)} {int(fraction * 100)} %"


def _prompt(card: Card) -> str:
    """What was asked, as a quotation in which nothing of Discord's markup works."""
    prompt = " ".join(card.job.request.prompt.split())
    if len(prompt) > _PROMPT_CHARS:
        prompt = prompt[: _PROMPT_CHARS - 1] + "…"
    return f"> {discord.utils.escape_markdown(prompt)}" if prompt else ""


def _gallery(card: Card, pictures: Sequence[str]) -> ui.MediaGallery[ui.LayoutView]:
    request = card.job.request
    described = request.prompt[:_ALT_TEXT_CHARS] or None
    return ui.MediaGallery(
        *(MediaGalleryItem(f"attachment://{name}", description=described, spoiler=request.spoiler) for name in pictures)
    )


def _seed(card: Card, catalog: Catalog) -> str:
    if card.job.request.mode is Mode.UPSCALE:
        return ""  # nothing is drawn from noise
    return catalog.text("label-seed-value", seed=str(card.job.request.seed))


def _price(card: Card, catalog: Catalog) -> str:
    """Said below while a picture is made and after; a waiting card says it above, a failed one that it is back."""
    return cost_text(card, catalog) if card.phase in {Phase.RUNNING, Phase.RETRYING, Phase.DONE} else ""


def _footer(parts: Sequence[str], requester_id: int) -> str:
    return "-# " + " · ".join((*(part for part in parts if part), f"<@{requester_id}>"))


def _rows(card: Card, catalog: Catalog, selected: int) -> list[ui.ActionRow[Any]]:
    match card.phase:
        case Phase.DONE:
            # What nobody else can see has nobody to report it.
            reporting = () if card.job.request.private else ((ResultAction.REPORT,),)
            rows = (_making(card), KEEPING_ROW, *reporting)
            return [*_picks(card, selected), *(_row(card, row, selected, catalog) for row in rows)]
        case Phase.FAILED | Phase.CANCELLED:
            return [_row(card, (ResultAction.REROLL, ResultAction.REMIX), 0, catalog)]
        case _:
            return [ui.ActionRow(draw_cancel(card.job_id, catalog))]


def _making(card: Card) -> Sequence[ResultAction]:
    """What can be made from the result; somebody's own picture, enlarged, has no request to go back to."""
    is_enlarged = card.job.request.mode is Mode.UPSCALE
    return (ResultAction.UPSCALE,) if is_enlarged and card.job.lineage is None else MAKING_ROW


def _row(card: Card, actions: Sequence[ResultAction], index: int, catalog: Catalog) -> ui.ActionRow[Any]:
    return ui.ActionRow(*(draw_result(action, card.job_id, index, catalog) for action in actions))


def _chosen(card: Card, selected: int) -> int:
    """The picture that buttons are about; the first of those that are there, since some may have been withheld."""
    indexes = [one.index for one in card.job.pictures]
    return selected if selected in indexes or not indexes else indexes[0]


def _picks(card: Card, selected: int) -> list[ui.ActionRow[Any]]:
    indexes = [one.index for one in card.job.pictures]
    if len(indexes) < 2:
        return []
    buttons = [draw_pick(card.job_id, index, is_chosen=index == selected) for index in indexes]
    return [ui.ActionRow(*buttons[at : at + _ROW_BUTTONS]) for at in range(0, len(buttons), _ROW_BUTTONS)]
