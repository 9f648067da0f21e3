"""/repeat: the identical picture once more, by the id of its recipe."""

from __future__ import annotations

from typing import Any, cast

from discord import Interaction, app_commands
from discord.app_commands import Range

from adapters.discord import visibility
from adapters.discord.commands.options import describe_options
from adapters.discord.commands.suggestions import results_suggested
from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import funnel
from adapters.discord.intake import take_in
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.services.follow_up import parse_recipe_id

_LONGEST_ID_CHARS = 40


def repeat_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """A new card, seen by no more people than the result that it repeats."""

    async def repeat(
        interaction: Interaction,
        id: Range[str, 1, _LONGEST_ID_CHARS],  # noqa: A002 -- the option's name
    ) -> None:
        # discord.py knows a command's first parameter by the plain name of its type.
        asked = cast("DeskInteraction", interaction)
        async with funnel(asked):
            parts = parse_recipe_id(id)
            if parts is None:
                raise Rejected(Rejection.RECIPE_UNKNOWN)
            seen = await visibility.of_job(asked, application, parts[0])
            await take_in(asked, visibility=seen, submit=lambda origin: application.repeat(origin, id))

    describe_options(repeat, phrases, "command-repeat")
    app_commands.autocomplete(id=results_suggested(application))(repeat)
    return app_commands.Command(name="repeat", description=phrases("command-repeat"), callback=repeat)
