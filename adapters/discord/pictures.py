"""Reference pictures on display: of a style card, of the tray."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import MediaGalleryItem, ui
from discord.utils import escape_markdown

from adapters.discord.addresses import DEFAULT_FILE_LIMIT_BYTES
from adapters.discord.cards import Attached, Drawing
from adapters.discord.uploads import REQUEST_BYTES, attach
from bot.application import Application
from bot.domain.requests import PictureHash
from bot.ports.images import PictureMissing


async def draw_references(application: Application, text: str, pictures: Sequence[PictureHash]) -> Drawing:
    """The words with the pictures below, as many as are still there; words alone where there is none."""
    limit_bytes = min(DEFAULT_FILE_LIMIT_BYTES, REQUEST_BYTES // max(1, len(pictures)))
    attached: list[Attached] = []
    for number, picture in enumerate(pictures, start=1):
        try:
            png = await application.images.get(picture)
        except PictureMissing:
            continue
        attached.append(await attach(png, limit_bytes, stem=f"reference-{number}"))
    view = ui.LayoutView(timeout=None)
    box: ui.Container[Any] = ui.Container(ui.TextDisplay(escape_markdown(text)))
    if attached:
        box.add_item(ui.MediaGallery(*(MediaGalleryItem(f"attachment://{one.filename}") for one in attached)))
    view.add_item(box)
    view.stop()
    return Drawing(view, tuple(attached))
