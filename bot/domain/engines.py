"""What an engine may be doing."""

from __future__ import annotations

from enum import StrEnum


class EngineState(StrEnum):
    """What the engine is doing."""

    STARTING = "starting"
    WARMING_UP = "warming-up"
    READY = "ready"
    BROKEN = "broken"
