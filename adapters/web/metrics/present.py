"""What is looked at when somebody asks: gauges."""

from __future__ import annotations

from collections import Counter as Tally
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from adapters.web.metrics.counted import platform_of
from bot.application import Application
from bot.domain.actors import Platform
from bot.domain.engines import EngineState
from bot.domain.jobs import JobState
from bot.domain.measurements import ConnectionState
from bot.domain.operations import RunMode

_UNFINISHED: Final = tuple(state for state in JobState if not state.is_final)
_CHATS: Final = (Platform.DISCORD, Platform.TELEGRAM)


class PresentMetrics:
    """Gauges; `look` sets them all."""

    def __init__(self, application: Application, registry: CollectorRegistry) -> None:
        self._application = application

        def gauge(name: str, words: str, *labels: str) -> Gauge:
            return Gauge(f"uso_bot_{name}", words, labels, registry=registry)

        self._jobs = gauge("jobs", "Requests that are not ended.", "platform", "state")
        self._people = gauge("queue_people", "How many people have requests waiting.")
        self._queue = gauge("queue_jobs", "Requests that wait.")
        self._mode = gauge("mode", "1 for the mode the bot is in.", "mode")
        self._engine = gauge("engine_state", "1 for the state the engine is in.", "state")
        self._warm_up = gauge("engine_warm_up_seconds_left", "A guess until the engine is ready; 0 when it is.")
        self._memory_used = gauge("engine_memory_used_bytes", "Memory taken by the model and its work.")
        self._memory_reserved = gauge("engine_memory_reserved_bytes", "Memory kept from the card.")
        self._memory_total = gauge("engine_memory_total_bytes", "Memory there is.")
        self._outbox = gauge("outbox_pending", "Results that a chat still has to be told.", "platform")
        self._chats = gauge("chat_connected", "1 while a chat is connected.", "platform")
        self._database = gauge("database_up", "1 while the database answers.")
        self._info = gauge("info", "The version and what draws.", "version", "model", "device", "profile")

    async def look(self) -> None:
        """Set every gauge to how it is now. A database that does not answer leaves the outbox as it was last seen."""
        readiness = await self._application.readiness()
        self._database.set(readiness.has_database)
        if readiness.has_database:
            backlog = await self._application.oversight.backlog()
            for platform in _CHATS:
                self._outbox.labels(platform.value).set(backlog.get(platform, 0))
        self._look_at_queue()
        self._look_at_engine()
        mode = self._application.operations.mode
        for one in RunMode:
            self._mode.labels(one.value).set(one is mode)
        for connection in self._application.connections.all():
            self._chats.labels(connection.platform.value).set(connection.state is ConnectionState.CONNECTED)

    def _look_at_queue(self) -> None:
        jobs = self._application.board.unfinished()
        counts = Tally((platform_of(job), job.state) for job in jobs)
        for platform in Platform:
            for state in _UNFINISHED:
                self._jobs.labels(platform.value, state.value).set(counts[platform, state])
        waiting = [job for job in jobs if job.state is JobState.QUEUED]
        self._queue.set(len(waiting))
        self._people.set(len({job.owner for job in waiting}))

    def _look_at_engine(self) -> None:
        status = self._application.engine.status
        for state in EngineState:
            self._engine.labels(state.value).set(state is status.state)
        self._warm_up.set(status.seconds_left or 0.0)
        if status.memory is not None:
            self._memory_used.set(status.memory.used_bytes)
            self._memory_reserved.set(status.memory.reserved_bytes)
            self._memory_total.set(status.memory.total_bytes)
        self._info.clear()
        info = status.info
        drawing = (info.label, info.device, info.profile) if info is not None else ("", "", "")
        self._info.labels(version("uso-bot"), *drawing).set(1)
