"""/admin pause, drain, resume, stats and reports: for those who run the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from discord import Interaction, app_commands

from adapters.discord.commands.admin.asking import admin_of
from adapters.discord.reporting import list_reports
from adapters.discord.telling import Reply, answer, tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.actors import Actor
from bot.messages.catalogs import Catalog
from bot.messages.operations import stats_text

_Subcommand = app_commands.Command[Any, ..., Any]


def running_commands(application: Application, phrases: Phrases) -> list[_Subcommand]:
    """Pause, drain, resume, stats, reports."""
    operations = application.operations
    return [
        _switch("pause", operations.pause, application, phrases),
        _switch("drain", operations.drain, application, phrases),
        _switch("resume", operations.resume, application, phrases),
        _stats(application, phrases),
        _reports(application, phrases),
    ]


def _switch(
    name: str, switch: Callable[[Actor], Awaitable[object]], application: Application, phrases: Phrases
) -> _Subcommand:
    async def callback(interaction: Interaction) -> None:
        async def find(catalog: Catalog) -> str:
            await switch(admin_of(interaction))
            return catalog.text(f"admin-{name}-done")

        await tell(interaction, application, find)

    return app_commands.Command(name=name, description=phrases(f"command-admin-{name}"), callback=callback)


def _stats(application: Application, phrases: Phrases) -> _Subcommand:
    async def stats(interaction: Interaction) -> None:
        async def find(catalog: Catalog) -> str:
            return stats_text(await application.operations.stats(admin_of(interaction)), catalog)

        await tell(interaction, application, find)

    return app_commands.Command(name="stats", description=phrases("command-admin-stats"), callback=stats)


def _reports(application: Application, phrases: Phrases) -> _Subcommand:
    async def reports(interaction: Interaction) -> None:
        async def compose(catalog: Catalog) -> Reply:
            return await list_reports(application, admin_of(interaction), catalog)

        await answer(interaction, application, compose)

    return app_commands.Command(name="reports", description=phrases("command-admin-reports"), callback=reports)
