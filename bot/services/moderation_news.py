"""What moderation has to say to the platforms: a picture was reported, a result was taken down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.domain.actors import ReplyAddress
from bot.domain.jobs import Job
from bot.domain.reports import Report

log = logging.getLogger(__name__)

_MOST_UNHEARD: Final = 200


@dataclass(frozen=True, slots=True)
class Reported:
    """Somebody complains about a picture of `job`: operators are to be told."""

    report: Report
    job: Job


@dataclass(frozen=True, slots=True)
class TakenDown:
    """An operator deleted a result of somebody: the messages in these places are to go."""

    job: Job
    places: tuple[ReplyAddress, ...]


News: TypeAlias = Reported | TakenDown


class ModerationNews:
    """Hands news to whoever follows at that moment; nothing is kept, for the reports themselves are stored."""

    def __init__(self) -> None:
        self._followers: set[asyncio.Queue[News]] = set()

    def tell(self, news: News) -> None:
        """Hand it on; who lags too far behind misses it."""
        for follower in self._followers:
            try:
                follower.put_nowait(news)
            except asyncio.QueueFull:
                log.warning("a platform takes no news of reports any more")

    async def follow(self) -> AsyncIterator[News]:
        """All news from the first step on, until the iterator is closed."""
        queue: asyncio.Queue[News] = asyncio.Queue(_MOST_UNHEARD)
        self._followers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._followers.discard(queue)
