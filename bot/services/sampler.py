"""Looks at the bot now and then, and at the event loop all the time."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.domain.engines import EngineState
from bot.domain.jobs import JobState
from bot.domain.measurements import Sample
from bot.ports.clock import Clock
from bot.ports.engine import Engine
from bot.services.board import CardBoard
from bot.services.measurements import SAMPLE_EVERY_S, Measurements
from bot.services.measuring import Measuring

_LOOK_EVERY_S: Final = 0.25


class Sampler:
    """Keeps samples, measures how late the event loop is, and counts how often the engine starts again."""

    def __init__(
        self,
        *,
        engine: Engine,
        board: CardBoard,
        measuring: Measuring,
        measurements: Measurements,
        clock: Clock,
        every_s: float = SAMPLE_EVERY_S,
    ) -> None:
        self._engine = engine
        self._board = board
        self._measuring = measuring
        self._measurements = measurements
        self._clock = clock
        self._every_s = every_s

    async def run(self) -> None:
        """Measure for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_engine())
            group.create_task(self._watch_loop())

    def sample(self, lag_s: float = 0.0) -> Sample:
        """The bot at this moment."""
        jobs = self._board.unfinished()
        running = sum(job.state is JobState.RUNNING for job in jobs)
        memory = self._engine.status.memory
        return Sample(
            at=self._clock.now(),
            waiting=len(jobs) - running,
            running=running,
            memory_used_bytes=memory.used_bytes if memory is not None else None,
            memory_reserved_bytes=memory.reserved_bytes if memory is not None else None,
            memory_total_bytes=memory.total_bytes if memory is not None else None,
            lag_s=lag_s,
        )

    async def _watch_engine(self) -> None:
        before = EngineState.STARTING
        async for status in self._engine.watch_status():
            if status.state is EngineState.STARTING and before is not EngineState.STARTING:
                self._measuring.engine_restarted()
            before = status.state
        await asyncio.get_running_loop().create_future()  # the engine is closed, and this is cancelled next

    async def _watch_loop(self) -> None:
        """Sleep a little again and again: whatever is slept longer, others waited for the event loop as well."""
        loop = asyncio.get_running_loop()
        worst_s, sampled_at = 0.0, loop.time()
        self._measurements.keep(self.sample())
        while True:
            asked_at = loop.time()
            await asyncio.sleep(_LOOK_EVERY_S)
            now = loop.time()
            lag_s = max(0.0, now - asked_at - _LOOK_EVERY_S)
            self._measuring.loop_lagged(lag_s)
            worst_s = max(worst_s, lag_s)
            if now - sampled_at >= self._every_s:
                self._measurements.keep(self.sample(worst_s))
                worst_s, sampled_at = 0.0, now
