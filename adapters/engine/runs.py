"""Runs: tasks on their way through an engine that draws one picture at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from bot.ports.engine import EngineEvent, PictureDone, TaskStopped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.domain.jobs import JobId


class Run:
    """One call of `generate`: its number on the wire, its frame, and the news for whoever follows it."""

    def __init__(self, *, number: int, job_id: JobId, frame: bytes = b"") -> None:
        self.number = number
        self.job_id = job_id
        self.frame = frame
        self.stop_requested = False
        self._news: asyncio.Queue[EngineEvent | Exception] = asyncio.Queue()

    def tell(self, news: EngineEvent | Exception) -> None:
        """Pass on an event; a picture or an error is the last one."""
        self._news.put_nowait(news)

    async def follow(self) -> AsyncIterator[EngineEvent]:
        """All events up to the picture; raises the error that ended the run."""
        while True:
            news = await self._news.get()
            if isinstance(news, Exception):
                raise news
            yield news
            if isinstance(news, PictureDone):
                return


class RunLine:
    """Who is being served and who waits; `begin` and `halt` speak to whatever draws."""

    def __init__(self, *, begin: Callable[[Run], None], halt: Callable[[Run], None]) -> None:
        self._begin = begin
        self._halt = halt
        self._waiting: deque[Run] = deque()
        self._is_open = False
        self.current: Run | None = None

    def join(self, run: Run) -> None:
        """Queue the run; it begins as soon as the engine is free."""
        self._waiting.append(run)
        self._serve()

    def open(self) -> None:
        """The engine takes runs."""
        self._is_open = True
        self._serve()

    def leave(self, run: Run) -> None:
        """Nobody follows the run any more: take it out, or stop its drawing."""
        if run is self.current:
            self._stop_current(run)
        elif run in self._waiting:
            self._waiting.remove(run)

    def stop(self, job_id: JobId) -> None:
        """Stop every run of the job, waiting or current."""
        for run in [run for run in self._waiting if run.job_id == job_id]:
            self._waiting.remove(run)
            run.tell(TaskStopped(job_id))
        if self.current is not None and self.current.job_id == job_id:
            self._stop_current(self.current)

    def end(self, news: PictureDone | Exception) -> None:
        """The current run is over; the next one begins."""
        run, self.current = self.current, None
        if run is not None:
            run.tell(news)
        self._serve()

    def shut(self, error: Exception) -> None:
        """The engine is gone: the current run fails, the others wait for the next one."""
        self._is_open = False
        self.end(error)

    def dismiss(self, error: Exception) -> None:
        """There will be no engine any more: every run fails."""
        self.shut(error)
        while self._waiting:
            self._waiting.popleft().tell(error)

    def _serve(self) -> None:
        if self._is_open and self.current is None and self._waiting:
            self.current = self._waiting.popleft()
            self._begin(self.current)

    def _stop_current(self, run: Run) -> None:
        if not run.stop_requested:
            run.stop_requested = True
            self._halt(run)
