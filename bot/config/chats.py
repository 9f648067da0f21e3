"""`[discord]` and `[telegram]`."""

from __future__ import annotations

from pydantic import Field

from bot.config.section import Section


class DiscordSection(Section):
    """Discord; used when DISCORD_TOKEN is set. Empty addresses mean Discord's own."""

    enabled: bool = True
    api_base_url: str = ""
    gateway_url: str = ""


class TelegramSection(Section):
    """Telegram; used when TELEGRAM_TOKEN is set. Empty addresses mean Telegram's own, no webhook means polling."""

    enabled: bool = True
    base_url: str = ""
    base_file_url: str = ""
    webhook_url: str = Field(default="", pattern=r"^(https?://[^/\s?#]+(/[^\s?#]*)?)?$")
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=0, le=65535)
