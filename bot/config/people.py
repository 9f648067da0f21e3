"""`[limits]`, `[quotas]` and `[operators]`: who may ask for what, and who runs the bot."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from bot.config.positions import SettingPath
from bot.config.section import Section
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.limits import Limits


class LimitsSection(Section):
    """What a chat request may ask for."""

    prompt_chars: int = Field(default=2000, ge=1, le=10_000)
    min_side_px: int = Field(default=512, ge=64, le=4096)
    max_side_px: int = Field(default=1536, ge=64, le=4096)
    max_steps: int = Field(default=50, ge=1, le=1000)
    max_count: int = Field(default=4, ge=1, le=10)
    max_file_mb: int = Field(default=20, ge=1, le=1000)
    max_decoded_megapixels: int = Field(default=40, ge=1, le=1000)
    max_waiting_jobs: int = Field(default=10, ge=1, le=10_000)

    def misfits(self) -> list[tuple[SettingPath, str]]:
        """A shortest side above the longest."""
        if self.min_side_px <= self.max_side_px:
            return []
        return [(("min_side_px",), "must not be larger than limits.max_side_px")]

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


class TierSection(Section):
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


class QuotasSection(Section):
    """Who may use how much a day; the tiers go from the smallest to the largest."""

    default_tier: str = "free"
    page_tier: str = "unlimited"
    reset_hour_utc: int = Field(default=0, ge=0, le=23)
    trusted_servers: list[Annotated[str, Field(pattern=r"^(\*|(discord|telegram):-?\d{1,32})$")]] = Field(default=[])
    tiers: list[TierSection] = Field(
        default=[
            TierSection(name="free", daily_credits=25.0),
            TierSection(name="supporter", daily_credits=100.0, weight=2),
            TierSection(name="unlimited", daily_credits="unlimited"),
        ]
    )

    def as_tiers(self) -> Tiers:
        """The same as the domain knows them."""
        tiers = tuple(tier.as_tier() for tier in self.tiers)
        return Tiers(tiers, self.default_tier, self.page_tier, self.reset_hour_utc)

    def misfits(self) -> list[tuple[SettingPath, str]]:
        """Names of tiers that are not there, or there twice."""
        names = [tier.name for tier in self.tiers]
        found: list[tuple[SettingPath, str]] = [
            (("tiers", at, "name"), f"{name!r} is there twice") for at, name in enumerate(names) if name in names[:at]
        ]
        for setting, name in (("default_tier", self.default_tier), ("page_tier", self.page_tier)):
            if name not in names:
                found.append(((setting,), f"there is no tier {name!r}"))
        return found


class OperatorsSection(Section):
    """Who runs the bot."""

    people: list[Annotated[str, Field(pattern=r"^(discord|telegram):-?\d{1,32}$")]] = Field(default=[])
