"""Streams of cards to the browser, as server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from aiohttp import web

from bot.domain.cards import Card
from bot.domain.jobs import JobId
from bot.services.board import CardBoard

log = logging.getLogger(__name__)

_HEARTBEAT: Final = b": still here\n\n"
_RECONNECT_AFTER_MS: Final = 1000


class CardStreams:
    """Open streams; `close` ends them all at once, and the browsers come back when the server does."""

    def __init__(self, board: CardBoard, heartbeat_s: float) -> None:
        self._board = board
        self._heartbeat_s = heartbeat_s
        self._followers: set[_Follower] = set()
        self._is_closed = False

    def close(self) -> None:
        """End every stream after what it has to say."""
        self._is_closed = True
        for follower in self._followers:
            follower.end()

    async def send(
        self, request: web.Request, job_ids: Sequence[JobId], render: Callable[[Card], bytes]
    ) -> web.StreamResponse:
        """Send the cards of `job_ids` as they change, until all are final; `render` makes one line of JSON of a card.

        A slow browser misses cards in between, never the last ones.
        """
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        follower = _Follower(self._board, job_ids)
        self._followers.add(follower)
        if self._is_closed:
            follower.end()
        try:
            await response.prepare(request)
            await response.write(f"retry: {_RECONNECT_AFTER_MS}\n\n".encode())
            async for card in follower.cards(self._heartbeat_s):
                await response.write(_HEARTBEAT if card is None else b"event: card\ndata: " + render(card) + b"\n\n")
            await response.write_eof()
        except ConnectionResetError:
            log.debug("a browser left its stream")
        finally:
            self._followers.discard(follower)
            await follower.stop()
        return response


class _Follower:
    """Watches several jobs at once; of each, only the latest card waits to be sent."""

    def __init__(self, board: CardBoard, job_ids: Sequence[JobId]) -> None:
        self._board = board
        self._latest: dict[JobId, Card] = {}
        self._moved = asyncio.Event()
        self._is_ended = False
        self._tasks = [asyncio.create_task(self._follow(job_id)) for job_id in dict.fromkeys(job_ids)]

    def end(self) -> None:
        """Say what is left, then end."""
        self._is_ended = True
        self._moved.set()

    async def stop(self) -> None:
        """Stop watching."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def cards(self, heartbeat_s: float) -> AsyncIterator[Card | None]:
        """The cards in the order of their change; None when nothing happened for a while."""
        while True:
            self._moved.clear()
            while self._latest:
                yield self._latest.pop(next(iter(self._latest)))
            # Nothing was awaited since the last card went out, so whatever ended has nothing left to say.
            done = [task for task in self._tasks if task.done()]
            for task in done:
                task.result()
            if self._is_ended or len(done) == len(self._tasks):
                return
            try:
                await asyncio.wait_for(self._moved.wait(), heartbeat_s)
            except TimeoutError:
                yield None

    async def _follow(self, job_id: JobId) -> None:
        try:
            async for card in self._board.watch(job_id):
                self._latest.pop(job_id, None)
                self._latest[job_id] = card
                self._moved.set()
        finally:
            self._moved.set()
