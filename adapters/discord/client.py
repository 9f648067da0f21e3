"""The discord.py client: commands, persistent buttons, and the desk they work with."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import discord
from discord import (
    AllowedMentions,
    ConnectionClosed,
    Intents,
    Interaction,
    InteractionType,
    MemberCacheFlags,
    PrivilegedIntentsRequired,
    app_commands,
)

from adapters.discord.cdn import Cdn
from adapters.discord.commands import all_commands
from adapters.discord.desk import Desk, DeskClient
from adapters.discord.followers import CardFollowers
from adapters.discord.forms.submitted import answer_form
from adapters.discord.funnel import explain
from adapters.discord.menus import all_menus
from adapters.discord.posts import CardPosts
from adapters.discord.redraw import Redraw
from adapters.discord.settings import DiscordSettings
from adapters.discord.translation import CatalogTranslator
from adapters.discord.views import all_buttons
from bot.application import Application
from bot.domain.actors import Platform
from bot.domain.measurements import ConnectionState

log = logging.getLogger(__name__)

_LONGEST_RATE_LIMIT_S: Final = 30.0
_BROKEN_OFF: Final = 4000


class DiscordClient(DeskClient):
    """Connected to one Discord application; needs no privileged intent."""

    def __init__(self, application: Application, settings: DiscordSettings) -> None:
        # Voice is not used; without this, every start warns that it is missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=Intents(guilds=True),
            allowed_mentions=AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT_S,
        )
        self.posts = CardPosts(self)
        self.desk = Desk(
            application=application,
            posts=self.posts,
            followers=CardFollowers(application, self.posts, interval_s=settings.edit_interval_s),
            redraw=Redraw(application),
            cdn=Cdn(settings),
        )
        self.tree = UsoCommandTree(self)
        self.connected = asyncio.Event()
        self.is_closing = False

    async def setup_hook(self) -> None:
        """Register commands and buttons, after login and before the first event."""
        catalogs = self.desk.application.catalogs
        await self.tree.set_translator(CatalogTranslator(catalogs))
        for command in all_commands(self.desk.application):
            self.tree.add_command(command)
        for menu in all_menus(self.desk.application):
            self.tree.add_command(menu)
        self.add_dynamic_items(*all_buttons())

    async def stay_connected(self, pause_s: float) -> None:
        """Stay connected until closed; raises what no new connection could mend, such as a refused token.

        discord.py reconnects by itself after network trouble, but an event that it can not read ends it.
        """
        while not self.is_closed():
            try:
                await self.connect()
            except (ConnectionClosed, PrivilegedIntentsRequired):
                raise
            except Exception:
                log.exception("the connection to Discord broke; making a new one")
                if self.ws:
                    await self.ws.close(code=_BROKEN_OFF)
                await asyncio.sleep(pause_s)

    async def on_interaction(self, interaction: Interaction[DiscordClient]) -> None:
        """Answer submitted forms by their ids, as buttons are: discord.py forgets open forms when it restarts."""
        if interaction.type is InteractionType.modal_submit and not self.is_closing:
            await answer_form(interaction)

    async def close(self) -> None:
        """Disconnect from Discord and its file servers."""
        await self.desk.cdn.close()
        await super().close()

    async def on_connect(self) -> None:
        """READY has come: interactions arrive from now on."""
        self._note(ConnectionState.CONNECTED)
        self.connected.set()

    async def on_resumed(self) -> None:
        """The same after a short loss."""
        self._note(ConnectionState.CONNECTED)

    async def on_disconnect(self) -> None:
        """Nothing arrives for now; discord.py connects again by itself."""
        if not self.is_closing:
            self._note(ConnectionState.LOST)

    def _note(self, state: ConnectionState) -> None:
        self.desk.application.connections.note(Platform.DISCORD, state)


class UsoCommandTree(app_commands.CommandTree[DiscordClient]):
    """Commands for servers and for people who installed the app, everywhere; all errors go down the funnel."""

    def __init__(self, client: DiscordClient) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def interaction_check(self, interaction: Interaction[DiscordClient], /) -> bool:
        """Take nothing on that could not be finished."""
        return not interaction.client.is_closing

    async def on_error(self, interaction: Interaction[DiscordClient], error: app_commands.AppCommandError, /) -> None:
        """What discord.py refuses before a command begins, such as one that we no longer have."""
        await explain(interaction, error)
