"""The Discord side of the bot, as the composition root and the outbox see it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from typing import Final

import discord
from discord import ConnectionClosed, LoginFailure

from adapters.discord.client import DiscordClient
from adapters.discord.delivery import ResultDelivery
from adapters.discord.endpoints import use_endpoints
from adapters.discord.reporting import ReportTeller
from adapters.discord.secrecy import tokens_hidden
from adapters.discord.settings import DiscordSettings
from adapters.discord.sync import CommandSync
from bot.application import Application
from bot.domain.actors import Platform
from bot.domain.jobs import Job
from bot.domain.measurements import ConnectionState
from bot.ports.platforms import DeliveryDelayed, FrontendRefused

log = logging.getLogger(__name__)

_LAST_ANSWERS_S: Final = 5.0
_AUTHENTICATION_FAILED: Final = 4004


class DiscordStartError(FrontendRefused):
    """Discord does not let the bot in; `args[0]` is one sentence for the operator."""


class DiscordBot:
    """Implements `bot.ports.platforms.Frontend` and `Deliverer`."""

    def __init__(self, application: Application, settings: DiscordSettings) -> None:
        self._application = application
        self._settings = settings
        self._client: DiscordClient | None = None
        self._delivery: ResultDelivery | None = None
        self._connection: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._resources = ExitStack()

    @property
    def platform(self) -> Platform:
        """Discord."""
        return Platform.DISCORD

    async def start(self) -> None:
        """Log in, sync the commands if they changed, connect; returns at READY. Raises `DiscordStartError`."""
        use_endpoints(self._settings)
        self._resources.enter_context(tokens_hidden())
        client = self._client = DiscordClient(self._application, self._settings)
        try:
            await self._log_in(client)
            await self._sync(client)
            self._connection = asyncio.create_task(
                client.stay_connected(self._settings.reconnect_s), name="discord gateway"
            )
            await self._until_connected(client, self._connection)
        except BaseException:
            await self.close()
            raise
        self._connection.add_done_callback(self._report_end)
        self._delivery = ResultDelivery(self._application, client.posts, client.desk.followers)
        client.desk.followers.follow_unfinished()
        teller = ReportTeller(self._application, client, client.posts)
        self._telling = asyncio.create_task(teller.run(), name="discord reports")

    async def deliver(self, job: Job) -> None:
        """Show the final result of `job` at its `reply_to`; safe to repeat."""
        if self._delivery is None:
            raise DeliveryDelayed("Discord is not connected")
        try:
            await self._delivery(job)
        except RuntimeError as error:  # aiohttp's for a session that was closed in between
            if self._delivery is None:
                raise DeliveryDelayed("the bot was closed meanwhile") from error
            raise

    async def close(self) -> None:
        """Finish the answers under way, leave all cards as they are, and disconnect."""
        self._delivery = None
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.wait({self._telling})
            self._telling = None
        client, self._client = self._client, None
        if client is not None:
            client.is_closing = True
            await client.desk.finish_answers(_LAST_ANSWERS_S)
            await client.desk.followers.close()
            await client.close()
        if self._connection is not None:
            # It may be between two tries to connect, which can be minutes apart.
            self._connection.cancel()
            await asyncio.wait({self._connection})
            self._connection = None
        self._resources.close()

    async def _log_in(self, client: DiscordClient) -> None:
        try:
            await client.login(self._settings.token)
        except LoginFailure as error:
            raise _token_refused() from error

    async def _sync(self, client: DiscordClient) -> None:
        try:
            await CommandSync(client.tree, self._settings.state_folder)()
        except (discord.DiscordException, OSError) as error:
            # The commands of the last time are still there; that is better than no bot.
            log.error("the commands could not be synced with Discord", exc_info=error)

    async def _until_connected(self, client: DiscordClient, connection: asyncio.Task[None]) -> None:
        connected = asyncio.create_task(client.connected.wait())
        try:
            await asyncio.wait({connected, connection}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            connected.cancel()
        if connection.done():
            try:
                connection.result()
            except ConnectionClosed as error:
                if error.code == _AUTHENTICATION_FAILED:
                    raise _token_refused() from error
                raise DiscordStartError(f"Discord closed the connection (code {error.code}).") from error
            raise DiscordStartError("Discord closed the connection.")

    def _report_end(self, connection: asyncio.Task[None]) -> None:
        if not connection.cancelled() and (error := connection.exception()) is not None:
            reason = "the connection to Discord ended for good; restart the bot"
            log.critical("%s", reason, exc_info=error)
            self._application.connections.note(Platform.DISCORD, ConnectionState.REFUSED, reason)


def _token_refused() -> DiscordStartError:
    return DiscordStartError(
        "Discord does not accept DISCORD_TOKEN; copy the bot's token again from"
        " https://discord.com/developers/applications (Bot, Reset Token)."
    )
