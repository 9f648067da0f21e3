"""/show: an earlier result once more, with all its buttons and its original file."""

from __future__ import annotations

from typing import Any, cast

from discord import Interaction, app_commands
from discord.app_commands import Range

from adapters.discord import visibility
from adapters.discord.commands.options import describe_options
from adapters.discord.commands.suggestions import results_suggested
from adapters.discord.desk import DeskInteraction
from adapters.discord.funnel import funnel
from adapters.discord.showing import find_result, show_result
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.errors import Rejected, Rejection
from bot.services.follow_up import parse_recipe_id

_LONGEST_ID_CHARS = 40


def show_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """For everybody in the channel, unless the result, the sender or their settings want it private."""

    async def show(
        interaction: Interaction,
        id: Range[str, 1, _LONGEST_ID_CHARS],  # noqa: A002 -- the option's name
        private: bool | None = None,
        triptych: bool = False,
    ) -> None:
        # discord.py knows a command's first parameter by the plain name of its type.
        asked = cast("DeskInteraction", interaction)
        async with funnel(asked):
            is_private = await _is_private(asked, application, id, private)
            await asked.response.defer(ephemeral=is_private, thinking=True)
            await show_result(asked, await find_result(asked, id), as_triptych=triptych)

    describe_options(show, phrases, "command-show")
    app_commands.autocomplete(id=results_suggested(application))(show)
    return app_commands.Command(name="show", description=phrases("command-show"), callback=show)


async def _is_private(
    interaction: DeskInteraction, application: Application, recipe_id: str, wish: bool | None
) -> bool:
    """Never shown to more people than the result was. Raises `Rejected` for one that the sender may not see."""
    parts = parse_recipe_id(recipe_id)
    if parts is None:
        raise Rejected(Rejection.RECIPE_UNKNOWN)
    if (await visibility.of_job(interaction, application, parts[0])).is_private:
        return True
    return (await visibility.of_request(interaction, application, wish)).is_private
