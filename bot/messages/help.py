"""The words of /help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.messages.catalogs import Catalog

_SECTIONS: Final[Sequence[tuple[str, Sequence[str]]]] = (
    ("help-drawing", ("imagine", "restyle", "sweep", "grid")),
    ("help-collecting", ("style", "tray")),
    ("help-looking-back", ("show", "repeat", "history", "queue", "cancel")),
    ("help-yours", ("me", "link", "settings", "privacy", "help")),
)


def help_text(catalog: Catalog, *, is_operator: bool, is_moderator: bool) -> str:
    """What can be asked for, by command; /admin only for those who may use it, with what they may do there."""
    parts = [catalog.text("help-start")]
    for title, names in _SECTIONS:
        lines = [f"/{name} – {catalog.text(f'command-{name}')}" for name in names]
        parts.append("\n".join([catalog.text(title), *lines]))
    if is_operator or is_moderator:
        lines = [catalog.text("help-admin")]
        if is_moderator:
            lines.append(catalog.text("help-moderators"))
        if is_operator:
            lines.append(catalog.text("help-operators"))
        parts.append("\n".join(lines))
    parts.append(catalog.text("help-credits"))
    return "\n\n".join(parts)
