"""The settings as they apply: the file, and what only the environment may say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.config.env_file import with_env_file
from bot.config.reading import load_config
from bot.config.storage import StorageSection
from bot.config.tokens import Secrets, read_secrets
from bot.config.whole import Config


def load_all(path: Path, environment: Mapping[str, str]) -> tuple[Config, Secrets]:
    """The configuration at `path`, and the secrets from `environment` or from the file `.env` beside it.

    A database named by the environment is used instead of the configured one. Raises `ConfigError`.
    """
    config = load_config(path)
    secrets = read_secrets(with_env_file(path.resolve().parent, environment))
    if secrets.database_url is not None:
        storage = config.storage.model_dump() | {"database_url": secrets.database_url.get_secret_value()}
        config = config.model_copy(update={"storage": StorageSection(**storage)})
    return config, secrets
