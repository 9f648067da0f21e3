"""/admin words: what must not stand in prompts on this server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from discord import Interaction, app_commands
from discord.app_commands import Range

from adapters.discord.commands.admin.asking import admin_of
from adapters.discord.commands.options import describe_options
from adapters.discord.telling import tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.words import LISTED_CHARS
from bot.messages.catalogs import Catalog
from bot.messages.moderation import words_text

_Subcommand = app_commands.Command[Any, ..., Any]
_Word = Range[str, 1, LISTED_CHARS]


def words_group(application: Application, phrases: Phrases) -> app_commands.Group:
    """Add, remove, list."""
    group = app_commands.Group(name="words", description=phrases("command-admin-words"))
    for make in (_add, _remove, _list):
        group.add_command(make(application, phrases))
    return group


def _add(application: Application, phrases: Phrases) -> _Subcommand:
    async def add(interaction: Interaction, word: _Word) -> None:
        await _tell(interaction, application, lambda actor: application.words.add(actor, word))

    describe_options(add, phrases, "command-admin-words-add")
    return app_commands.Command(name="add", description=phrases("command-admin-words-add"), callback=add)


def _remove(application: Application, phrases: Phrases) -> _Subcommand:
    async def remove(interaction: Interaction, word: _Word) -> None:
        await _tell(interaction, application, lambda actor: application.words.remove(actor, word))

    describe_options(remove, phrases, "command-admin-words-remove")
    return app_commands.Command(name="remove", description=phrases("command-admin-words-remove"), callback=remove)


def _list(application: Application, phrases: Phrases) -> _Subcommand:
    async def list_(interaction: Interaction) -> None:
        await _tell(interaction, application, application.words.listed)

    return app_commands.Command(name="list", description=phrases("command-admin-words-list"), callback=list_)


async def _tell(
    interaction: Interaction, application: Application, change: Callable[[Actor], Awaitable[Sequence[str]]]
) -> None:
    """Do it, and tell how the list stands then."""

    async def find(catalog: Catalog) -> str:
        return words_text(await change(admin_of(interaction)), catalog)

    await tell(interaction, application, find)
