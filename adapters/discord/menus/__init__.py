"""The menus on messages (Apps): what can be done with a picture that anybody posted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from discord import Interaction, Message, app_commands

from adapters.discord.answers import whisper
from adapters.discord.desk import DeskInteraction, Sighting
from adapters.discord.forms.restyle import open_restyle
from adapters.discord.funnel import funnel
from adapters.discord.languages import catalog_for
from adapters.discord.sightings import pictures_of
from adapters.discord.translation import Phrases
from adapters.discord.uses import PictureUse, ask_which, use_picture
from bot.application import Application

Act = Callable[[DeskInteraction, Sighting], Awaitable[None]]


def all_menus(application: Application) -> list[app_commands.ContextMenu]:
    """Every menu, ready to be added to a tree."""
    phrases = Phrases(application.catalogs)
    return [
        _menu(phrases, "menu-use-as-subject", _using(PictureUse.SUBJECT)),
        _menu(phrases, "menu-use-as-style", _using(PictureUse.STYLE)),
        _menu(phrases, "menu-restyle", open_restyle),
        _menu(phrases, "menu-image-info", _using(PictureUse.INFO)),
        _menu(phrases, "menu-upscale", _using(PictureUse.UPSCALE)),
    ]


def _menu(phrases: Phrases, key: str, act: Act) -> app_commands.ContextMenu:
    async def callback(interaction: Interaction[Any], message: Message) -> None:
        async with funnel(interaction):
            sighting = _look_at(interaction, message)
            if sighting.pictures:
                await act(interaction, sighting)
            else:
                await _tell_there_is_none(interaction)

    return app_commands.ContextMenu(name=phrases(key), callback=callback)


def _using(use: PictureUse) -> Act:
    async def act(interaction: DeskInteraction, sighting: Sighting) -> None:
        if len(sighting.pictures) > 1:
            await ask_which(interaction, use, sighting)
        else:
            await use_picture(interaction, use, sighting.pictures[0], is_private=sighting.is_private)

    return act


def _look_at(interaction: DeskInteraction, message: Message) -> Sighting:
    client = interaction.client
    assert client.user is not None, "the client is logged in"
    pictures = pictures_of(message, client.desk.cdn, bot_id=client.user.id)
    return Sighting(pictures, is_private=message.flags.ephemeral)


async def _tell_there_is_none(interaction: DeskInteraction) -> None:
    catalog = await catalog_for(interaction, interaction.client.desk.application)
    await whisper(interaction, catalog.text("menu-no-picture"))
