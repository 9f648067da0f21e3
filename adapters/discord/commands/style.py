"""/style: saved styles, one's own and the server's; only the sender sees the answers."""

from __future__ import annotations

from typing import Any

from discord import Attachment, Interaction, app_commands
from discord.app_commands import Range

from adapters.discord.actors import actor_of
from adapters.discord.commands.options import describe_options
from adapters.discord.commands.saving import save_style
from adapters.discord.commands.suggestions import results_suggested, styles_suggested
from adapters.discord.listings import list_styles
from adapters.discord.pictures import draw_references
from adapters.discord.telling import Reply, answer, tell
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.styles import STYLE_NAME_CHARS
from bot.messages.catalogs import Catalog
from bot.messages.styles import cards_text, tray_text
from bot.services.tray import TrayPlace

_Subcommand = app_commands.Command[Any, ..., Any]
_Name = Range[str, 1, STYLE_NAME_CHARS]
_LONGEST_ID_CHARS = 40


def style_group(application: Application, phrases: Phrases) -> app_commands.Group:
    """Save, list, show, use, share, delete."""
    group = app_commands.Group(name="style", description=phrases("command-style"))
    for make in (_save, _list, _show, _use, _share, _delete):
        group.add_command(make(application, phrases))
    return group


def _save(application: Application, phrases: Phrases) -> _Subcommand:
    async def save(
        interaction: Interaction,
        name: _Name,
        picture: Attachment | None = None,
        picture2: Attachment | None = None,
        result: Range[str, 1, _LONGEST_ID_CHARS] | None = None,
    ) -> None:
        async def find(catalog: Catalog) -> str:
            return await save_style(
                application, actor_of(interaction), catalog, name=name, files=(picture, picture2), result=result
            )

        await tell(interaction, application, find)

    describe_options(save, phrases, "command-style-save")
    app_commands.autocomplete(result=results_suggested(application))(save)
    return app_commands.Command(name="save", description=phrases("command-style-save"), callback=save)


def _list(application: Application, phrases: Phrases) -> _Subcommand:
    async def list_(interaction: Interaction) -> None:
        async def compose(catalog: Catalog) -> Reply:
            return await list_styles(application, actor_of(interaction), 0, catalog)

        await answer(interaction, application, compose)

    return app_commands.Command(name="list", description=phrases("command-style-list"), callback=list_)


def _show(application: Application, phrases: Phrases) -> _Subcommand:
    async def show(interaction: Interaction, name: _Name) -> None:
        async def compose(catalog: Catalog) -> Reply:
            card = await application.styles.find(actor_of(interaction), name)
            return await draw_references(application, cards_text([card], catalog), card.pictures)

        await answer(interaction, application, compose)

    return _named("show", show, application, phrases)


def _use(application: Application, phrases: Phrases) -> _Subcommand:
    async def use(interaction: Interaction, name: _Name) -> None:
        async def compose(catalog: Catalog) -> Reply:
            actor = actor_of(interaction)
            tray = await application.tray.show(actor)
            for picture in await application.styles.use(actor, name):
                tray = await application.tray.put(actor, picture, TrayPlace.STYLE)
            return await draw_references(application, tray_text(tray, catalog), tray.in_order)

        await answer(interaction, application, compose)

    return _named("use", use, application, phrases)


def _share(application: Application, phrases: Phrases) -> _Subcommand:
    async def share(interaction: Interaction, name: _Name) -> None:
        async def find(catalog: Catalog) -> str:
            card = await application.styles.share(actor_of(interaction), name)
            return catalog.text("style-shared", name=card.name)

        await tell(interaction, application, find)

    return _named("share", share, application, phrases, only_own=True)


def _delete(application: Application, phrases: Phrases) -> _Subcommand:
    async def delete(interaction: Interaction, name: _Name) -> None:
        async def find(catalog: Catalog) -> str:
            card = await application.styles.delete(actor_of(interaction), name)
            return catalog.text("style-deleted", name=card.name)

        await tell(interaction, application, find)

    return _named("delete", delete, application, phrases)


def _named(
    name: str, callback: Any, application: Application, phrases: Phrases, *, only_own: bool = False
) -> _Subcommand:
    """A subcommand whose one option is the name of a card."""
    app_commands.describe(name=phrases("command-style-name"))(callback)
    app_commands.autocomplete(name=styles_suggested(application, only_own=only_own))(callback)
    return app_commands.Command(name=name, description=phrases(f"command-style-{name}"), callback=callback)
