"""What the engine process needs to know; filled in by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from uso.profiles import AUTO


class DeviceChoice(StrEnum):
    """Where the model runs; automatic takes CUDA when there is a device."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How to start, watch and restart the engine.

    `weights_folder` None means the toy model, kept in `cache_folder`. Style tokens are kept in `style_cache_folder`, up
    to `style_cache_bytes` of them (a picture's take 1.2 MB in bfloat16); None keeps them in memory only. `profile` is
    `auto` or the value of a `ProfileName`. `threads` 0
    means all cores but one. `start_timeout_s` is allowed between two messages while the model loads, `step_timeout_s`
    between two events while it draws: the first step includes the encoders, the last one is followed by the decoder,
    and a full-size model on a CPU needs minutes a step. Restarts wait `backoff_first_s`, doubled up to `backoff_max_s`.
    """

    cache_folder: Path
    weights_folder: Path | None = None
    style_cache_folder: Path | None = None
    style_cache_bytes: int = 1 << 30
    device: DeviceChoice = DeviceChoice.AUTO
    profile: str = AUTO
    threads: int = 0
    start_timeout_s: float = 600.0
    step_timeout_s: float = 180.0
    close_timeout_s: float = 5.0
    backoff_first_s: float = 1.0
    backoff_max_s: float = 60.0
    max_failed_starts: int = 5
