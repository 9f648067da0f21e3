"""The tokens: from the environment only, never from the file."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, SecretStr


class Secrets(BaseModel):
    """Tokens, and a database's address with its password; from the environment, printed as stars, never written."""

    model_config = ConfigDict(frozen=True)

    discord_token: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    database_url: SecretStr | None = None
    error_webhook_url: SecretStr | None = None

    def values(self) -> list[str]:
        """All that are set, as they are: for whoever must keep them out of the log."""
        secrets = (getattr(self, name) for name in type(self).model_fields)
        return [secret.get_secret_value() for secret in secrets if isinstance(secret, SecretStr)]


def read_secrets(environment: Mapping[str, str]) -> Secrets:
    """Take the tokens from the environment; empty ones count as not set."""

    def secret(name: str) -> SecretStr | None:
        value = environment.get(name, "").strip()
        return SecretStr(value) if value else None

    return Secrets(
        discord_token=secret("DISCORD_TOKEN"),
        telegram_token=secret("TELEGRAM_TOKEN"),
        telegram_webhook_secret=secret("TELEGRAM_WEBHOOK_SECRET"),
        database_url=secret("USO_BOT_DATABASE_URL"),
        error_webhook_url=secret("ERROR_WEBHOOK_URL"),
    )
