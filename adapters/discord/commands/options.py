"""Options that several commands share."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable

from discord import app_commands
from discord.app_commands import Choice

from adapters.discord.translation import Phrases
from bot.domain.requests import Aspect


def describe_options(callback: Callable[..., Awaitable[None]], phrases: Phrases, prefix: str) -> None:
    """Give every option of a command the text `<prefix>-<option>`."""
    names = list(inspect.signature(callback).parameters)[1:]
    app_commands.describe(**{name: phrases(f"{prefix}-{name.replace('_', '-')}") for name in names})(callback)


def aspect_choices(phrases: Phrases) -> list[Choice[str]]:
    """The named aspect ratios."""
    return [
        Choice(name=phrases(f"discord-aspect-{aspect.name.lower().replace('_', '-')}"), value=aspect.value)
        for aspect in Aspect
    ]
