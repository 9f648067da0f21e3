"""`[engine]`: the model and its process."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.config.section import PositiveSeconds, Section


class EngineSection(Section):
    """The model and its process."""

    weights_folder: str = "weights"
    cache_folder: str = ""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    profile: Literal["auto", "quality", "fast", "bf16", "int8", "low-memory", "cpu"] = "auto"
    threads: int = Field(default=0, ge=0, le=1024)
    preview_every_steps: int = Field(default=5, ge=0, le=50)
    max_attempts: int = Field(default=2, ge=1, le=10)
    start_timeout_s: PositiveSeconds = 600.0
    step_timeout_s: PositiveSeconds = 180.0
