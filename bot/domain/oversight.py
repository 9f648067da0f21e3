"""What whoever runs the bot sees of it: the queue with its people, and what could not be delivered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cards import Card
from bot.domain.deliveries import Delivery
from bot.domain.people import Identity


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One unfinished request: its card, who asked (None if they had everything deleted), how long it is there."""

    card: Card
    owner: Identity | None
    waited_s: float


@dataclass(frozen=True, slots=True)
class QueueView:
    """What is drawn, then what waits in the order of work; `total` counts those not shown as well."""

    entries: tuple[QueueEntry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OutboxView:
    """Deliveries to come, the longest due first; `total` counts those not shown as well."""

    deliveries: tuple[Delivery, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ErrorNote:
    """One error that was logged (UTC): where in the program, about which job if any, and the words, without secrets."""

    at: datetime
    where: str
    job: str
    words: str
