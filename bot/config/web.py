"""`[web]`: the page."""

from __future__ import annotations

from ipaddress import ip_network
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from bot.config.section import Section


class WebSection(Section):
    """The local page."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    allowed_hosts: list[str] = Field(default=[])
    public_url: str = ""
    login: bool = False
    trusted_proxies: list[str] = Field(default=[])
    token_requests_a_minute: int = Field(default=300, ge=1, le=1_000_000)

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for one in value:
            try:
                ip_network(one, strict=False)
            except ValueError as error:
                raise ValueError(f'{one!r} is no address such as "127.0.0.1" or "10.0.0.0/8"') from error
        return value

    @field_validator("public_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            is_plain = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
            is_plain = is_plain and (parts.port or 1) > 0 and not (parts.query or parts.fragment)
        except ValueError:
            is_plain = False
        if value and not (is_plain and value.isascii() and value.isprintable() and " " not in value):
            raise ValueError('must be an address such as "https://pictures.example.org", or empty')
        return value.rstrip("/")

    @property
    def public_name(self) -> str:
        """The host name of `public_url`, lower case; empty where there is none."""
        return urlsplit(self.public_url).hostname or ""
