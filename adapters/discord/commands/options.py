"""Options that several commands share: their types, their texts, and which are suggested."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Final

from discord import Attachment, Interaction, app_commands
from discord.app_commands import Choice, Range

from adapters.discord.commands.suggestions import styles_suggested
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.limits import DRAW_SEED, SEED_MAX
from bot.domain.requests import Aspect
from bot.domain.styles import STYLE_NAME_CHARS

_LONGEST_OPTION_CHARS: Final = 6000
_SHARED: Final = "command-imagine"
_CARD_OPTIONS: Final = ("style_card", "first", "second", "third", "fourth", "fifth")

Callback = Callable[..., Coroutine[Any, Any, None]]


def describe_options(callback: Callback, phrases: Phrases, prefix: str) -> None:
    """Give every option of a command the text `<prefix>-<option>`."""
    app_commands.describe(**{name: phrases(_key(prefix, name)) for name in _names(callback)})(callback)


def request_command(
    name: str, callback: Callback, application: Application, phrases: Phrases, *, own: tuple[str, ...] = ()
) -> app_commands.Command[Any, ..., Any]:
    """A command that asks for pictures. Its options mean what they mean for /imagine, but for its `own` ones.

    discord.py reads ranges from annotations; these depend on the configuration, so they are put there.
    """
    names = _names(callback)
    types = _types(application)
    callback.__annotations__ |= {"interaction": Interaction} | {one: types[one] for one in names}
    prefixes = {one: f"command-{name}" if one in own else _SHARED for one in names}
    app_commands.describe(**{one: phrases(_key(prefix, one)) for one, prefix in prefixes.items()})(callback)
    if "aspect" in names:
        app_commands.choices(aspect=aspect_choices(phrases))(callback)
    suggested = [one for one in names if one in _CARD_OPTIONS]
    if suggested:
        app_commands.autocomplete(**dict.fromkeys(suggested, styles_suggested(application)))(callback)
    return app_commands.Command(name=name, description=phrases(f"command-{name}"), callback=callback)


def aspect_choices(phrases: Phrases) -> list[Choice[str]]:
    """The named aspect ratios."""
    return [
        Choice(name=phrases(f"discord-aspect-{aspect.name.lower().replace('_', '-')}"), value=aspect.value)
        for aspect in Aspect
    ]


def _names(callback: Callback) -> list[str]:
    return list(inspect.signature(callback).parameters)[1:]


def _key(prefix: str, option: str) -> str:
    return f"{prefix}-{option.replace('_', '-')}"


def _types(application: Application) -> dict[str, Any]:
    limits = application.limits
    side = Range[int, limits.min_side_px, limits.max_side_px]
    card = Range[str, 1, STYLE_NAME_CHARS]
    return {
        "prompt": Range[str, 1, min(limits.prompt_chars, _LONGEST_OPTION_CHARS)] | None,
        "subject": Attachment | None,
        "style": Attachment | None,
        "style2": Attachment | None,
        "style_card": card | None,
        "aspect": str | None,
        "width": side | None,
        "height": side | None,
        "count": Range[int, 1, limits.max_count],
        "seed": Range[int, DRAW_SEED, SEED_MAX],
        "steps": Range[int, 1, limits.max_steps],
        "guidance": Range[float, limits.min_guidance, limits.max_guidance],
        "subject_size": Range[int, 0, limits.max_subject_size_px],
        "keep_size": bool,
        "private": bool | None,
        "spoiler": bool | None,
        "first": card,
        "second": card,
        "third": card | None,
        "fourth": card | None,
        "fifth": card | None,
    }
