"""The configuration: one TOML file, parsed once, every mistake reported at once; secrets from the environment only."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.limits import Limits
from bot.services.retention import RetentionSettings

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
    public_url: str = ""

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


class TierSection(_Section):
    """One tier; see `bot.domain.credits.Tier`."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    daily_credits: float | Literal["unlimited"] = Field(union_mode="left_to_right")
    weight: int = Field(default=1, ge=1, le=100)
    max_waiting_jobs: int = Field(default=0, ge=0, le=10_000)

    @field_validator("daily_credits")
    @classmethod
    def _finite(cls, value: float | str) -> float | str:
        if not isinstance(value, str) and not 0 <= value <= 1_000_000:
            raise ValueError('must be a number from 0 to 1000000, or "unlimited"')
        return value

    def as_tier(self) -> Tier:
        """The same as the domain knows it."""
        daily = None if isinstance(self.daily_credits, str) else round(self.daily_credits * CREDIT)
        return Tier(self.name, daily, self.weight, self.max_waiting_jobs or None)


class QuotasSection(_Section):
    """Who may use how much a day; the tiers go from the smallest to the largest."""

    default_tier: str = "free"
    page_tier: str = "unlimited"
    reset_hour_utc: int = Field(default=0, ge=0, le=23)
    trusted_servers: list[Annotated[str, Field(pattern=r"^(\*|(discord|telegram):-?\d{1,32})$")]] = []
    tiers: list[TierSection] = [
        TierSection(name="free", daily_credits=25.0),
        TierSection(name="supporter", daily_credits=100.0, weight=2),
        TierSection(name="unlimited", daily_credits="unlimited"),
    ]

    def as_tiers(self) -> Tiers:
        """The same as the domain knows them."""
        tiers = tuple(tier.as_tier() for tier in self.tiers)
        return Tiers(tiers, self.default_tier, self.page_tier, self.reset_hour_utc)

    def mistakes(self) -> list[str]:
        """What does not fit together."""
        names = [tier.name for tier in self.tiers]
        twice = sorted({name for name in names if names.count(name) > 1})
        found = [f"quotas.tiers: {name!r} is there twice" for name in twice]
        for setting, name in (("default_tier", self.default_tier), ("page_tier", self.page_tier)):
            if name not in names:
                found.append(f"quotas.{setting}: there is no tier {name!r}")
        return found


class OperatorsSection(_Section):
    """Who runs the bot."""

    people: list[Annotated[str, Field(pattern=r"^(discord|telegram):-?\d{1,32}$")]] = []


class RetentionSection(_Section):
    """How long picture files stay; 0 keeps them."""

    result_days: int = Field(default=0, ge=0, le=36_500)
    reference_days: int = Field(default=0, ge=0, le=36_500)
    disk_budget_gb: float = Field(default=0.0, ge=0, le=1_000_000)

    def as_settings(self) -> RetentionSettings:
        """The same as the service knows it."""
        return RetentionSettings(
            result_days=self.result_days,
            reference_days=self.reference_days,
            disk_budget_bytes=round(self.disk_budget_gb * 1e9) or None,
        )


class DiscordSection(_Section):
    """Discord; used when DISCORD_TOKEN is set. Empty addresses mean Discord's own."""

    enabled: bool = True
    api_base_url: str = ""
    gateway_url: str = ""


class TelegramSection(_Section):
    """Telegram; used when TELEGRAM_TOKEN is set. Empty addresses mean Telegram's own, no webhook means polling."""

    enabled: bool = True
    base_url: str = ""
    base_file_url: str = ""
    webhook_url: str = Field(default="", pattern=r"^(https?://[^/\s?#]+(/[^\s?#]*)?)?$")
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=0, le=65535)


class LogSection(_Section):
    """What is written to standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class Config(_Section):
    """All sections; each part of the program receives its own."""

    storage: StorageSection = StorageSection()
    web: WebSection = WebSection()
    engine: EngineSection = EngineSection()
    limits: LimitsSection = LimitsSection()
    quotas: QuotasSection = QuotasSection()
    operators: OperatorsSection = OperatorsSection()
    retention: RetentionSection = RetentionSection()
    discord: DiscordSection = DiscordSection()
    telegram: TelegramSection = TelegramSection()
    log: LogSection = LogSection()


class Secrets(BaseModel):
    """Tokens; they come from the environment, print as stars and are never written anywhere."""

    model_config = ConfigDict(frozen=True)

    discord_token: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None


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
    mistakes = config.quotas.mistakes()
    if config.limits.min_side_px > config.limits.max_side_px:
        mistakes.append("limits.min_side_px: must not be larger than limits.max_side_px")
    if mistakes:
        raise ConfigError(path, mistakes)
    return config


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


def _mistake(error: Mapping[str, object]) -> str:
    location = error["loc"]
    assert isinstance(location, tuple)
    name = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    return f"{name}: {error['msg']}"
