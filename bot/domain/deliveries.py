"""The outbox: final news of a job that a platform still has to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.actors import Platform
from bot.domain.jobs import JobId


class DeliveryState(StrEnum):
    """Where a delivery stands; `dead` means the platform said it can never arrive."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One entry of the outbox; written in the transaction that ends the job."""

    id: int
    job_id: JobId
    platform: Platform
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    last_error: str | None = None
