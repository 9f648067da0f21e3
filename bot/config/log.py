"""`[log]`: what is written while the bot runs."""

from __future__ import annotations

from typing import Literal

from bot.config.section import Section

LogFormat = Literal["text", "json"]


class LogSection(Section):
    """What is written to standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: LogFormat = "text"
