"""`[storage]` and `[retention]`: where rows and pictures are kept, and for how long."""

from __future__ import annotations

from pydantic import Field

from bot.config.section import Section
from bot.services.retention import RetentionSettings


class StorageSection(Section):
    """Where rows and pictures are kept; relative paths start at the configuration file's folder."""

    database_url: str = "sqlite+aiosqlite:///data/uso-bot.sqlite3"
    folder: str = "data"


class RetentionSection(Section):
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
