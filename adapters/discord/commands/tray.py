"""/tray: what was picked for the next request; only the sender sees the answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from discord import Interaction, app_commands
from discord.app_commands import Choice

from adapters.discord.actors import actor_of
from adapters.discord.pictures import draw_references
from adapters.discord.telling import Reply, answer
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.styles import Tray
from bot.messages.catalogs import Catalog
from bot.messages.styles import tray_text
from bot.services.tray import TrayPlace

_Subcommand = app_commands.Command[Any, ..., Any]
_PLACES: Final = {
    "subject": (TrayPlace.SUBJECT, 0),
    "style": (TrayPlace.STYLE, 0),
    "style2": (TrayPlace.STYLE, 1),
}


def tray_group(application: Application, phrases: Phrases) -> app_commands.Group:
    """Show, drop, clear."""
    group = app_commands.Group(name="tray", description=phrases("command-tray"))
    for make in (_show, _drop, _clear):
        group.add_command(make(application, phrases))
    return group


def _show(application: Application, phrases: Phrases) -> _Subcommand:
    async def show(interaction: Interaction) -> None:
        await _answer(interaction, application, application.tray.show)

    return app_commands.Command(name="show", description=phrases("command-tray-show"), callback=show)


def _drop(application: Application, phrases: Phrases) -> _Subcommand:
    async def drop(interaction: Interaction, what: str) -> None:
        place, position = _PLACES[what]
        await _answer(interaction, application, lambda actor: application.tray.remove(actor, place, position))

    app_commands.describe(what=phrases("command-tray-drop-what"))(drop)
    choices = [Choice(name=phrases(f"tray-place-{place}"), value=place) for place in _PLACES]
    app_commands.choices(what=choices)(drop)
    return app_commands.Command(name="drop", description=phrases("command-tray-drop"), callback=drop)


def _clear(application: Application, phrases: Phrases) -> _Subcommand:
    async def clear(interaction: Interaction) -> None:
        await _answer(interaction, application, application.tray.clear)

    return app_commands.Command(name="clear", description=phrases("command-tray-clear"), callback=clear)


async def _answer(
    interaction: Interaction, application: Application, change: Callable[[Actor], Awaitable[Tray]]
) -> None:
    """Do something with the tray, and show what lies in it then."""

    async def compose(catalog: Catalog) -> Reply:
        tray = await change(actor_of(interaction))
        return await draw_references(application, tray_text(tray, catalog), tray.in_order)

    await answer(interaction, application, compose)
