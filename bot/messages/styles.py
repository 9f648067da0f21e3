"""The words about style cards and the tray."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.styles import StyleCard, Tray
from bot.messages.catalogs import Catalog


def cards_text(cards: Sequence[StyleCard], catalog: Catalog) -> str:
    """Style cards, a line each; what to do where there are none."""
    if not cards:
        return catalog.text("styles-none")
    return "\n".join(card_line(card, catalog) for card in cards)


def card_line(card: StyleCard, catalog: Catalog) -> str:
    """One card: its name, how many pictures, whether it is the server's."""
    line = catalog.text("style-line", name=card.name, count=len(card.pictures))
    return f"{line} · {catalog.text('style-is-shared')}" if card.is_shared else line


def tray_text(tray: Tray, catalog: Catalog) -> str:
    """What the next request will work from; how to fill the tray where it is empty."""
    if not tray.pictures:
        return catalog.text("tray-empty")
    parts = []
    if tray.subject is not None:
        parts.append(catalog.text("tray-subject"))
    if tray.styles:
        parts.append(catalog.text("tray-styles", count=len(tray.styles)))
    return "\n".join([catalog.text("tray-holds", things=" + ".join(parts)), catalog.text("tray-next")])
