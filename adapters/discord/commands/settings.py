"""/settings: what the sender prefers; without options it shows how things stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from discord import Interaction, app_commands
from discord.app_commands import Choice

from adapters.discord.actors import actor_of
from adapters.discord.commands.options import aspect_choices, describe_options
from adapters.discord.telling import tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.people import UserSettings
from bot.messages.catalogs import Catalog
from bot.messages.settings import language_text, user_settings_text

_AUTOMATIC: Final = "auto"


def settings_command(application: Application, phrases: Phrases) -> app_commands.Command[Any, ..., Any]:
    """Every option is one setting; those left out stay as they are."""

    async def settings(
        interaction: Interaction,
        *,
        language: str | None = None,
        private: bool | None = None,
        spoiler: bool | None = None,
        aspect: str | None = None,
        keep_tray: bool | None = None,
    ) -> None:
        def change(before: UserSettings) -> UserSettings:
            return replace(
                before,
                locale=chosen_language(language, before.locale),
                private=before.private if private is None else private,
                spoiler=before.spoiler if spoiler is None else spoiler,
                aspect=before.aspect if aspect is None else aspect,
                keep_tray=before.keep_tray if keep_tray is None else keep_tray,
            )

        async def find(_: Catalog) -> str:
            actor, preferences = actor_of(interaction), application.preferences
            is_asking = all(one is None for one in (language, private, spoiler, aspect, keep_tray))
            stand = await (preferences.of_user(actor) if is_asking else preferences.change_user(actor, change))
            # In the language that was just chosen.
            return user_settings_text(stand, application.catalogs.for_locale(stand.locale or actor.locale))

        await tell(interaction, application, find)

    describe_options(settings, phrases, "command-settings")
    app_commands.choices(language=language_choices(application, phrases), aspect=aspect_choices(phrases))(settings)
    return app_commands.Command(name="settings", description=phrases("command-settings"), callback=settings)


def language_choices(application: Application, phrases: Phrases) -> list[Choice[str]]:
    """The language of one's Discord, and those that there are, each under its own name."""
    catalogs = application.catalogs
    names = [(locale, language_text(locale, catalogs.for_locale(locale))) for locale in catalogs.locales]
    automatic = Choice(name=phrases("language-automatic"), value=_AUTOMATIC)
    return [automatic, *(Choice(name=name, value=locale) for locale, name in names)]


def chosen_language(language: str | None, before: str | None) -> str | None:
    """The setting after a choice: as before where nothing was chosen, None for the language of one's Discord."""
    if language is None:
        return before
    return None if language == _AUTOMATIC else language
