"""/admin limits: less than everybody may, and the language of the server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from discord import Interaction, app_commands
from discord.app_commands import Range

from adapters.discord.commands.admin.asking import current_settings, tell_settings
from adapters.discord.commands.options import describe_options
from adapters.discord.commands.settings import chosen_language, language_choices
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.people import ServerSettings


def limits_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Options left out stay as they are; 0 takes a limit away; without options it shows how things stand."""

    async def limits(
        interaction: Interaction,
        max_count: int | None = None,
        max_waiting: int | None = None,
        language: str | None = None,
    ) -> None:
        def change(before: ServerSettings) -> ServerSettings:
            return replace(
                before,
                max_count=before.max_count if max_count is None else max_count or None,
                max_waiting=before.max_waiting if max_waiting is None else max_waiting or None,
                locale=chosen_language(language, before.locale),
            )

        async def act(actor: Actor) -> ServerSettings:
            if max_count is None and max_waiting is None and language is None:
                return await current_settings(application, actor)
            return await application.preferences.change_server(actor, change)

        await tell_settings(interaction, application, act)

    # discord.py reads ranges from annotations; these depend on the configuration.
    limits.__annotations__ |= {
        "interaction": Interaction,
        "max_count": Range[int, 0, application.limits.max_count] | None,
        "max_waiting": Range[int, 0, application.limits.max_waiting_jobs] | None,
        "language": str | None,
    }
    describe_options(limits, phrases, "command-admin-limits")
    app_commands.choices(language=language_choices(application, phrases))(limits)
    return app_commands.Command(name="limits", description=phrases("command-admin-limits"), callback=limits)
