"""Keeps the cards of unfinished jobs moving."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from discord import DiscordException

from adapters.discord.addresses import CardAddress, read_address
from adapters.discord.cards import Drawing, draw_live, draw_placeholder
from adapters.discord.pace import Pace
from adapters.discord.posts import CardPosts, RoadClosed
from bot.application import Application
from bot.domain.actors import Platform
from bot.domain.cards import Card
from bot.domain.jobs import Job, JobId
from bot.messages.catalogs import Catalog
from bot.services.job_context import working_on

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Follower:
    """One card's task; whoever holds `editing` knows that no edit is on its way."""

    notes: tuple[str, ...]
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None


class CardFollowers:
    """One task a card: it shows the latest state, at most one edit per interval, never the final one.

    The final one belongs to the outbox, which calls `settle` first so that no late edit can come after it.
    """

    def __init__(self, application: Application, posts: CardPosts, *, interval_s: float) -> None:
        self._application: Final = application
        self._posts = posts
        self._interval_s = interval_s
        self._followers: dict[JobId, _Follower] = {}

    def follow(self, job: Job, notes: Sequence[str] = ()) -> None:
        """Follow the job's card from now on; nothing happens if it is followed already or not on Discord."""
        if job.id in self._followers or job.reply_to is None or job.reply_to.platform is not Platform.DISCORD:
            return
        follower = _Follower(tuple(notes))
        self._followers[job.id] = follower
        with working_on(job.id):
            follower.task = asyncio.create_task(
                self._follow(job, read_address(job.reply_to), follower), name=f"discord card {job.id}"
            )

    def follow_unfinished(self) -> None:
        """After a restart: follow the cards of all jobs that are still to be made."""
        for job in self._application.board.unfinished():
            self.follow(job)

    async def settle(self, job_id: JobId) -> tuple[str, ...]:
        """Stop following a card once no edit is on its way; returns the notes it carried."""
        follower = self._followers.pop(job_id, None)
        if follower is None:
            return ()
        async with follower.editing:
            await _stop(follower)
        return follower.notes

    async def close(self) -> None:
        """Stop following all cards at once."""
        followers = list(self._followers.values())
        self._followers.clear()
        for follower in followers:
            await _stop(follower)

    async def _follow(self, job: Job, address: CardAddress, follower: _Follower) -> None:
        pace = Pace(self._interval_s)
        # `watch` always gives the latest card, so waiting between edits skips whatever came in between.
        async with aclosing(self._application.board.watch(job.id)) as cards:  # type: ignore[type-var]
            async for card in cards:
                if card.phase.is_final:
                    return
                async with follower.editing:
                    if not await self._show(card, address, follower.notes):
                        return
                await pace.wait()
        # The job is gone with everything of its owner: the outbox does not know it any more.
        async with follower.editing:
            await self._edit(job, address, Drawing(draw_placeholder(self._words(job).text("privacy-card-gone"))))
        self._followers.pop(job.id, None)

    async def _show(self, card: Card, address: CardAddress, notes: tuple[str, ...]) -> bool:
        """Draw the card as it stands; False when there is no use in trying again."""
        drawing = draw_live(card, self._words(card.job), requester_id=address.user_id, notes=notes)
        return await self._edit(card.job, address, drawing)

    async def _edit(self, job: Job, address: CardAddress, drawing: Drawing) -> bool:
        try:
            await self._posts.edit(address, drawing)
        except RoadClosed as closed:
            log.info("the card of job %s can not be reached any more: %s", job.id, closed)
            return False
        except (DiscordException, aiohttp.ClientError, TimeoutError) as error:
            log.warning("an edit of the card of job %s failed: %s", job.id, error)
        return True

    def _words(self, job: Job) -> Catalog:
        return self._application.catalogs.for_locale(job.locale)


async def _stop(follower: _Follower) -> None:
    if follower.task is None:
        return
    follower.task.cancel()
    await asyncio.wait({follower.task})
    if not follower.task.cancelled() and (error := follower.task.exception()) is not None:
        log.error("following a card ended with an error", exc_info=error)
