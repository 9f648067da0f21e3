"""The tokens: from the environment only, never from the file."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, SecretStr


class Secrets(BaseModel):
    """Tokens; they come from the environment, print as stars and are never written anywhere."""

    model_config = ConfigDict(frozen=True)

    discord_token: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None


def read_secrets(environment: Mapping[str, str]) -> Secrets:
    """Take the tokens from the environment; empty ones count as not set."""

    def secret(name: str) -> SecretStr | None:
        value = environment.get(name, "").strip()
        return SecretStr(value) if value else None

    return Secrets(
        discord_token=secret("DISCORD_TOKEN"),
        telegram_token=secret("TELEGRAM_TOKEN"),
        telegram_webhook_secret=secret("TELEGRAM_WEBHOOK_SECRET"),
    )
