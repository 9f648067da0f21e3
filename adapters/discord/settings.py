"""What the Discord adapter needs to know of its surroundings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """The bot's token, and where to go with it; None or an empty address means Discord's own.

    `state_folder` keeps the mark of the last command sync; without one, commands are synced at every start.
    Cards are edited once per `edit_interval_s`; a broken connection is made anew after `reconnect_s`.
    """

    token: str = field(repr=False)
    api_base_url: str | None = None
    gateway_url: str | None = None
    state_folder: Path | None = None
    edit_interval_s: float = 2.5
    reconnect_s: float = 5.0
