"""The configuration: one TOML file, parsed once, every mistake reported at once; secrets from the environment only."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.domain.limits import Limits

PositiveSeconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ConfigError(Exception):
    """The configuration can not be used; `mistakes` are one line each."""

    def __init__(self, path: Path, mistakes: list[str]) -> None:
        super().__init__(f"{path}: " + "; ".join(mistakes))
        self.path = path
        self.mistakes = mistakes


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StorageSection(_Section):
    """Where rows and pictures are kept; relative paths start at the configuration file's folder."""

    database_url: str = "sqlite+aiosqlite:///data/uso-bot.sqlite3"
    folder: str = "data"


class WebSection(_Section):
    """The local page."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    allowed_hosts: list[str] = []


class EngineSection(_Section):
    """The model and its process."""

    weights_folder: str = "weights"
    cache_folder: str = ""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    threads: int = Field(default=0, ge=0, le=1024)
    preview_every_steps: int = Field(default=5, ge=0, le=50)
    max_attempts: int = Field(default=2, ge=1, le=10)
    start_timeout_s: PositiveSeconds = 600.0
    step_timeout_s: PositiveSeconds = 180.0


class LimitsSection(_Section):
    """What a chat request may ask for."""

    prompt_chars: int = Field(default=2000, ge=1, le=10_000)
    min_side_px: int = Field(default=512, ge=64, le=4096)
    max_side_px: int = Field(default=1536, ge=64, le=4096)
    max_steps: int = Field(default=50, ge=1, le=1000)
    max_count: int = Field(default=4, ge=1, le=10)
    max_file_mb: int = Field(default=20, ge=1, le=1000)
    max_decoded_megapixels: int = Field(default=40, ge=1, le=1000)
    max_waiting_jobs: int = Field(default=10, ge=1, le=10_000)

    def as_limits(self) -> Limits:
        """The same as the domain knows them."""
        return Limits(
            prompt_chars=self.prompt_chars,
            min_side_px=self.min_side_px,
            max_side_px=self.max_side_px,
            max_steps=self.max_steps,
            max_count=self.max_count,
            max_file_bytes=self.max_file_mb * 2**20,
            max_decoded_pixels=self.max_decoded_megapixels * 1_000_000,
            max_waiting_jobs=self.max_waiting_jobs,
        )


class DiscordSection(_Section):
    """Discord; used when DISCORD_TOKEN is set. Empty addresses mean Discord's own."""

    enabled: bool = True
    api_base_url: str = ""
    gateway_url: str = ""


class TelegramSection(_Section):
    """Telegram; used when TELEGRAM_TOKEN is set. Empty addresses mean Telegram's own."""

    enabled: bool = True
    base_url: str = ""
    base_file_url: str = ""


class LogSection(_Section):
    """What is written to standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Config(_Section):
    """All sections; each part of the program receives its own."""

    storage: StorageSection = StorageSection()
    web: WebSection = WebSection()
    engine: EngineSection = EngineSection()
    limits: LimitsSection = LimitsSection()
    discord: DiscordSection = DiscordSection()
    telegram: TelegramSection = TelegramSection()
    log: LogSection = LogSection()


class Secrets(BaseModel):
    """Tokens; they come from the environment, print as stars and are never written anywhere."""

    model_config = ConfigDict(frozen=True)

    discord_token: SecretStr | None = None
    telegram_token: SecretStr | None = None


def load_config(path: Path) -> Config:
    """Read the file at `path`; a missing file means all defaults. Raises `ConfigError` with every mistake."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(path, [str(error)]) from error
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(path, [_mistake(one) for one in error.errors()]) from error
    if config.limits.min_side_px > config.limits.max_side_px:
        raise ConfigError(path, ["limits.min_side_px: must not be larger than limits.max_side_px"])
    return config


def read_secrets(environment: Mapping[str, str]) -> Secrets:
    """Take the tokens from the environment; empty ones count as not set."""

    def secret(name: str) -> SecretStr | None:
        value = environment.get(name, "").strip()
        return SecretStr(value) if value else None

    return Secrets(discord_token=secret("DISCORD_TOKEN"), telegram_token=secret("TELEGRAM_TOKEN"))


def _mistake(error: Mapping[str, object]) -> str:
    location = error["loc"]
    assert isinstance(location, tuple)
    name = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    return f"{name}: {error['msg']}"
