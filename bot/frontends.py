"""The page and the chats: which of them run, and how they are started and kept apart from one another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.web.server import WebSettings
from bot.application import Application
from bot.config import Config, Secrets, TelegramSection, WebSection
from bot.domain.measurements import ConnectionState
from bot.ports.platforms import Chat, Deliverer, FrontendRefused
from bot.services.connections import Connections

if TYPE_CHECKING:
    from adapters.telegram.settings import TelegramSettings

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0


def page_settings(section: WebSection) -> WebSettings:
    """The page's own section."""
    return WebSettings(
        section.host,
        section.port,
        allowed_hosts=tuple(section.allowed_hosts),
        public_name=section.public_name,
        login=section.login,
        trusted_proxies=tuple(section.trusted_proxies),
    )


def make_chats(config: Config, secrets: Secrets, application: Application, state_folder: Path) -> list[Chat]:
    """The chats that are switched on and have a token. Their libraries are imported only for them."""
    chats: list[Chat] = []
    if config.discord.enabled and secrets.discord_token is not None:
        from adapters.discord.bot import DiscordBot  # noqa: PLC0415 -- a start without Discord must not wait for it
        from adapters.discord.settings import DiscordSettings  # noqa: PLC0415

        settings = DiscordSettings(
            token=secrets.discord_token.get_secret_value(),
            api_base_url=config.discord.api_base_url or None,
            gateway_url=config.discord.gateway_url or None,
            state_folder=state_folder,
        )
        chats.append(DiscordBot(application, settings))
    if config.telegram.enabled and secrets.telegram_token is not None:
        from adapters.telegram.bot import TelegramBot  # noqa: PLC0415 -- likewise

        chats.append(TelegramBot(application, _telegram_settings(config.telegram, secrets, state_folder)))
    return chats


def _telegram_settings(section: TelegramSection, secrets: Secrets, state_folder: Path) -> TelegramSettings:
    from adapters.telegram.settings import TelegramSettings, WebhookSettings  # noqa: PLC0415 -- likewise

    secret = secrets.telegram_webhook_secret
    webhook = WebhookSettings(
        url=section.webhook_url,
        host=section.webhook_host,
        port=section.webhook_port,
        secret=secret.get_secret_value() if secret is not None else None,
    )
    assert secrets.telegram_token is not None, "checked by the caller"
    return TelegramSettings(
        token=secrets.telegram_token.get_secret_value(),
        base_url=section.base_url or None,
        base_file_url=section.base_file_url or None,
        state_folder=state_folder,
        webhook=webhook if section.webhook_url else None,
    )


class ChatRunner:
    """Starts chats beside one another: one that is out of reach or misconfigured never holds up the rest."""

    def __init__(self, chats: Sequence[Chat], connections: Connections) -> None:
        self._chats = chats
        self._connections = connections
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def deliverers(self) -> list[Deliverer]:
        """All of them; while one is not connected it asks the outbox to try later."""
        return list(self._chats)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._tasks = [
            asyncio.create_task(_start(chat, self._connections), name=f"start {type(chat).__name__}")
            for chat in self._chats
        ]

    async def close(self) -> None:
        """Stop connecting and disconnect."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for chat in self._chats:
            try:
                await chat.close()
            except Exception:
                log.exception("%s did not close in order", type(chat).__name__)


async def _start(chat: Chat, connections: Connections) -> None:
    """Connect; what may pass is tried again, what cannot is said once. Once connected, a chat itself says how it is."""
    pause_s = _FIRST_PAUSE_S
    name = type(chat).__name__
    connections.note(chat.platform, ConnectionState.CONNECTING)
    while True:
        try:
            await chat.start()
        except FrontendRefused as error:
            log.error("%s", error)
            connections.note(chat.platform, ConnectionState.REFUSED, str(error))
            return
        except Exception as error:
            log.warning("%s could not connect, trying again in %.0f s: %s", name, pause_s, error)
            connections.note(chat.platform, ConnectionState.LOST, type(error).__name__)
            await asyncio.sleep(pause_s)
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
        else:
            log.info("%s is connected", name)
            return
