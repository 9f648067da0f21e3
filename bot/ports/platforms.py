"""Chat platforms and pages, as the composition root and the outbox see them."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bot.domain.actors import Platform
from bot.domain.jobs import Job


class DeliveryDelayed(Exception):  # noqa: N818
    """Not now: try again, after `retry_after_s` seconds if given; `args[0]` says why."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class DeliveryImpossible(Exception):  # noqa: N818
    """Never: the person blocked us or the place is gone; `args[0]` says which."""


class FrontendRefused(Exception):  # noqa: N818
    """A frontend can never start like this (a wrong token, say); `args[0]` is one sentence that says what to do."""


@runtime_checkable
class Deliverer(Protocol):
    """Tells a person on one platform how their job ended."""

    @property
    def platform(self) -> Platform:
        """The platform served."""
        ...

    async def deliver(self, job: Job) -> None:
        """Show the final result of `job` at its `reply_to`; must be safe to repeat.

        Raises `DeliveryDelayed` or `DeliveryImpossible`.
        """
        ...


class Frontend(Protocol):
    """An adapter with a life of its own: a gateway connection, a polling loop, a listening socket."""

    async def start(self) -> None:
        """Connect or listen; returns once people can use it."""
        ...

    async def close(self) -> None:
        """Stop taking requests and let go of everything."""
        ...


class Chat(Frontend, Deliverer, Protocol):
    """A platform where people ask and are answered."""
