"""What the Telegram adapter is told by the configuration and the environment."""

from __future__ import annotations

from dataclasses import dataclass, field

_CLOUD_URL = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The bot's token and, for a self-hosted Bot API server, its addresses.

    `base_url` and `base_file_url` are what stands before the token (`http://127.0.0.1:8081/bot`); the `/bot` may be
    left out, and the address of files follows from `base_url` when it is not given. Empty means Telegram's own.
    """

    token: str = field(repr=False)
    base_url: str | None = None
    base_file_url: str | None = None

    @property
    def api_prefix(self) -> str:
        """What stands before the token in the address of every method."""
        return _server(self.base_url, "/bot") + "/bot"

    @property
    def file_prefix(self) -> str:
        """What stands before the token in the address of every file."""
        if self.base_file_url:
            return _server(self.base_file_url, "/file/bot") + "/file/bot"
        return _server(self.base_url, "/bot") + "/file/bot"


def _server(url: str | None, suffix: str) -> str:
    return (url or _CLOUD_URL).rstrip("/").removesuffix(suffix).rstrip("/")
