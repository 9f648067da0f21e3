"""What the Telegram adapter is told by the configuration and the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

_CLOUD_URL = "https://api.telegram.org"
_UPLOAD_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where Telegram brings updates (`url`, as the world sees it) and where we listen for them.

    Without a `secret` one is made and kept in the state folder. Port 0 takes a free one.
    """

    url: str
    host: str = "127.0.0.1"
    port: int = 8443
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The bot's token and, for a self-hosted Bot API server, its addresses.

    `base_url` and `base_file_url` are what stands before the token (`http://127.0.0.1:8081/bot`); the `/bot` may be
    left out, and the address of files follows from `base_url` when it is not given. Empty means Telegram's own.
    `state_folder` remembers between starts what concerns Telegram alone; a `webhook` needs it. `upload_bytes` is the
    largest file that the server takes.
    """

    token: str = field(repr=False)
    base_url: str | None = None
    base_file_url: str | None = None
    state_folder: Path | None = None
    webhook: WebhookSettings | None = None
    upload_bytes: int = _UPLOAD_BYTES

    def __post_init__(self) -> None:
        if self.webhook is not None and self.state_folder is None:
            raise ValueError("a webhook needs a state folder")

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
