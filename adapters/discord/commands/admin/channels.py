"""/admin channel: where requests are taken; none named means everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from discord import AppCommandOptionType, ChannelType, Interaction, app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread

from adapters.discord.commands.admin.asking import current_settings, tell_settings
from adapters.discord.commands.options import describe_options
from adapters.discord.translation import Phrases
from bot.application import Application
from bot.domain.actors import Actor
from bot.domain.people import ServerSettings

_KINDS: Final = (
    ChannelType.text,
    ChannelType.news,
    ChannelType.voice,
    ChannelType.stage_voice,
    ChannelType.forum,
    ChannelType.news_thread,
    ChannelType.public_thread,
    ChannelType.private_thread,
)
_Chosen = AppCommandChannel | AppCommandThread


class _PlaceOption(app_commands.Transformer):
    """A channel or thread that people can write in; discord.py's own choice of kinds is wider."""

    @property
    def type(self) -> AppCommandOptionType:
        """Discord's kind of option."""
        return AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        """What Discord's client offers."""
        return list(_KINDS)

    async def transform(self, _interaction: Interaction, value: _Chosen, /) -> _Chosen:
        """As it was chosen."""
        return value


_Place = app_commands.Transform[_Chosen, _PlaceOption]
_Subcommand = app_commands.Command[Any, ..., Any]


def channel_group(application: Application, phrases: Phrases) -> app_commands.Group:
    """Allow, forbid, list."""
    group = app_commands.Group(name="channel", description=phrases("command-admin-channel"))
    for make in (_allow, _forbid, _list):
        group.add_command(make(application, phrases))
    return group


def _allow(application: Application, phrases: Phrases) -> _Subcommand:
    async def allow(interaction: Interaction, channel: _Place) -> None:
        def change(before: ServerSettings) -> ServerSettings:
            return replace(before, channels=tuple(dict.fromkeys((*before.channels, str(channel.id)))))

        async def act(actor: Actor) -> ServerSettings:
            return await application.preferences.change_server(actor, change)

        await tell_settings(interaction, application, act)

    describe_options(allow, phrases, "command-admin-channel-allow")
    return app_commands.Command(name="allow", description=phrases("command-admin-channel-allow"), callback=allow)


def _forbid(application: Application, phrases: Phrases) -> _Subcommand:
    async def forbid(interaction: Interaction, channel: _Place) -> None:
        def change(before: ServerSettings) -> ServerSettings:
            return replace(before, channels=tuple(one for one in before.channels if one != str(channel.id)))

        async def act(actor: Actor) -> ServerSettings:
            return await application.preferences.change_server(actor, change)

        await tell_settings(interaction, application, act)

    describe_options(forbid, phrases, "command-admin-channel-forbid")
    return app_commands.Command(name="forbid", description=phrases("command-admin-channel-forbid"), callback=forbid)


def _list(application: Application, phrases: Phrases) -> _Subcommand:
    async def list_(interaction: Interaction) -> None:
        await tell_settings(interaction, application, lambda actor: current_settings(application, actor))

    return app_commands.Command(name="list", description=phrases("command-admin-channel-list"), callback=list_)
