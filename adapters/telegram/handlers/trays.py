"""/tray: what was picked for the next request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from telegram import InlineKeyboardMarkup

from adapters.telegram.calls import Call, Reply, button, keyboard
from adapters.telegram.commands import Command
from adapters.telegram.handlers.tools import Tools
from adapters.telegram.voice import File
from bot.domain.errors import Rejected, Rejection
from bot.domain.requests import PictureHash
from bot.domain.styles import Tray
from bot.messages.catalogs import Catalog
from bot.messages.styles import tray_text
from bot.ports.images import PictureMissing
from bot.services.tray import TrayPlace

_CLEAR: Final = "clear"
_DROP: Final = "drop"
_PLACES: Final = {
    "subject": (TrayPlace.SUBJECT, 0),
    "style": (TrayPlace.STYLE, 0),
    "style2": (TrayPlace.STYLE, 1),
}


async def tray(tools: Tools, call: Call) -> Reply | None:
    """Show what lies in it, take one picture out, or empty it."""
    trays = tools.application.tray
    verb, what = call.split()
    if not verb:
        lying = await trays.show(call.actor)
        files = await reference_files(tools, lying.in_order)
        await tools.voice.show(call.address, files, tray_text(lying, call.catalog), _buttons(lying, call.catalog))
        return None
    if verb == _CLEAR:
        left = await trays.clear(call.actor)
    elif verb == _DROP:
        if what not in _PLACES:
            raise Rejected(Rejection.UNKNOWN_CHOICE, given=what[:40], choices=", ".join(_PLACES))
        left = await trays.remove(call.actor, *_PLACES[what])
    else:
        raise Rejected(Rejection.UNKNOWN_CHOICE, given=verb[:40], choices=f"{_CLEAR}, {_DROP}")
    return Reply(tray_text(left, call.catalog), _buttons(left, call.catalog))


async def reference_files(tools: Tools, pictures: Sequence[PictureHash]) -> list[File]:
    """The files of reference pictures, as many as are still there."""
    files = []
    for number, picture in enumerate(pictures, start=1):
        try:
            files.append(File(await tools.application.images.get(picture), f"reference-{number}.png"))
        except PictureMissing:
            continue
    return files


def _buttons(lying: Tray, catalog: Catalog) -> InlineKeyboardMarkup | None:
    there = [*(["subject"] if lying.subject else []), *(["style", "style2"][: len(lying.styles)])]
    if not there:
        return None
    names = {place: catalog.text(f"tray-place-{place}") for place in there}
    drops = [
        [button(catalog.text("telegram-button-drop", name=name), Command.TRAY, _DROP, place)]
        for place, name in names.items()
    ]
    clear = button(catalog.text("telegram-button-clear-tray"), Command.TRAY, _CLEAR)
    return keyboard(*(drops if len(drops) > 1 else []), [clear])
