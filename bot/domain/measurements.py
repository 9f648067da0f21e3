"""What is measured while the bot works: how deliveries went, how chats are connected, and points of the plots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.actors import Platform
from bot.domain.jobs import JobId


class DeliveryOutcome(StrEnum):
    """How one try to deliver a result ended."""

    DELIVERED = "delivered"
    POSTPONED = "postponed"
    DEAD = "dead"


class ConnectionState(StrEnum):
    """How a chat stands; `refused` lasts until a person mends it."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ChatConnection:
    """One chat's connection, since when it is so (UTC), and what is wrong; `reason` is for operators, in English."""

    platform: Platform
    state: ConnectionState
    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """The bot at one moment (UTC). Memory is the engine's, in bytes, None while it tells none.

    `lag_s` is the longest that the event loop kept others waiting since the sample before, in seconds.
    """

    at: datetime
    waiting: int
    running: int
    memory_used_bytes: int | None
    memory_reserved_bytes: int | None
    memory_total_bytes: int | None
    lag_s: float


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """How fast one picture was made: its sides in pixels, its steps (or tiles), and its seconds. `at` is UTC."""

    at: datetime
    job_id: JobId
    width: int
    height: int
    steps: int
    duration_s: float

    @property
    def steps_per_s(self) -> float:
        """Its speed; encoders and decoder count as part of the steps."""
        return self.steps / self.duration_s if self.duration_s > 0 else 0.0
