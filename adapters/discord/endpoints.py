"""The addresses that discord.py talks to: Discord's own, a proxy's, or a test server's."""

from __future__ import annotations

from typing import Final

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.discord.settings import DiscordSettings

OFFICIAL_API: Final = "https://discord.com/api/v10"
OFFICIAL_GATEWAY: Final = "wss://gateway.discord.gg/"


def use_endpoints(settings: DiscordSettings) -> None:
    """Point discord.py to the settings' addresses.

    The library keeps both in class attributes, so they hold for the whole process: one bot, one Discord.
    """
    Route.BASE = (settings.api_base_url or OFFICIAL_API).rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.gateway_url or OFFICIAL_GATEWAY)
