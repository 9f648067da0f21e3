"""The board of cards: every unfinished job's card as it stands, and who watches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from bot.domain.cards import Card, Phase, Progress
from bot.domain.engines import EngineState
from bot.domain.jobs import Job, JobId, JobState
from bot.ports.engine import Engine, EngineStatus
from bot.ports.storage import UnitOfWorkFactory
from bot.services.estimates import Estimates
from bot.services.fair_queue import FairQueue
from bot.services.measuring import Measuring
from bot.services.run_switch import RunSwitch
from bot.services.tasks import maker_of
from bot.services.waiting_times import WaitingTimes

_WOKEN_AT_ONCE: Final = 100


class CardBoard:
    """Cards of unfinished jobs live here; those of finished jobs are read from the database.

    Watchers always see the latest card and may miss ones in between, never the last.
    """

    def __init__(
        self,
        queue: FairQueue,
        engine: Engine,
        estimates: Estimates,
        open_unit: UnitOfWorkFactory,
        switch: RunSwitch,
        *,
        measuring: Measuring,
    ) -> None:
        self._queue = queue
        self._engine = engine
        self._open_unit = open_unit
        self._switch = switch
        self._measuring = measuring
        self._waiting_times = WaitingTimes(queue, estimates)
        self._jobs: dict[JobId, Job] = {}
        self._progress: dict[JobId, Progress] = {}
        self._watchers: dict[JobId, set[asyncio.Event]] = {}
        self._to_wake: dict[asyncio.Event, None] = {}
        self._serial = 0

    async def show(self, job: Job) -> None:
        """Put up a job or its new state; a final state takes the card down once its watchers saw it."""
        await self.show_all((job,))

    async def show_all(self, jobs: Iterable[Job]) -> None:
        """Put up many jobs, or their new states, in one go."""
        for job in jobs:
            self._measuring.see(self._jobs.get(job.id), job)
            if job.state.is_final:
                self._jobs.pop(job.id, None)
                self._progress.pop(job.id, None)
                self._waiting_times.forget(job.id)
            else:
                self._jobs[job.id] = job
                self._waiting_times.note(job)
                if job.state is JobState.QUEUED:
                    self._progress.pop(job.id, None)
        await self.refresh()

    async def report(self, job_id: JobId, progress: Progress) -> None:
        """Tell how far a running job is; a progress without preview keeps the last one of the same picture."""
        if job_id not in self._jobs:
            return
        last = self._progress.get(job_id)
        if progress.preview is None and last is not None and last.picture_index == progress.picture_index:
            progress = replace(progress, preview=last.preview)
        self._progress[job_id] = progress
        self._wake(self._watchers.get(job_id, ()))

    async def refresh(self) -> None:
        """Let all watchers look again, because the queue or the engine moved."""
        self._wake(event for events in self._watchers.values() for event in events)

    async def follow_engine(self) -> None:
        """Refresh whenever the engine's status changes in what cards tell of it; runs until cancelled."""
        seen: EngineStatus | None = None
        async for status in self._engine.watch_status():
            told = replace(status, memory=None)
            if told != seen:
                seen = told
                await self.refresh()

    def has(self, job_id: JobId) -> bool:
        """Whether the card of that job still moves."""
        return job_id in self._jobs

    def unfinished(self) -> tuple[Job, ...]:
        """All jobs whose cards still move."""
        return tuple(self._jobs.values())

    async def card(self, job_id: JobId) -> Card | None:
        """The card as it stands, or None if there is no such job."""
        job = self._jobs.get(job_id)
        if job is None:
            async with self._open_unit() as unit:
                job = await unit.jobs.get(job_id)
        return None if job is None else self._draw(job)

    async def watch(self, job_id: JobId) -> AsyncIterator[Card]:
        """The card at once, then whenever it differs, the final one last. Ends at once for an unknown job."""
        changed = asyncio.Event()
        watchers = self._watchers.setdefault(job_id, set())
        watchers.add(changed)
        shown: Card | None = None
        try:
            while True:
                changed.clear()
                card = await self.card(job_id)
                if card is None:
                    return
                if shown is None or replace(card, serial=shown.serial) != shown:
                    shown = card
                    yield card
                if card.phase.is_final:
                    return
                await changed.wait()
        finally:
            watchers.discard(changed)
            self._to_wake.pop(changed, None)
            if not watchers and self._watchers.get(job_id) is watchers:
                del self._watchers[job_id]

    def _wake(self, events: Iterable[asyncio.Event]) -> None:
        """Wake watchers, but thousands of them in slices: the event loop has others to serve in between."""
        self._serial += 1
        is_waking = bool(self._to_wake)
        self._to_wake.update(dict.fromkeys(events))
        if not is_waking:
            self._wake_some()

    def _wake_some(self) -> None:
        for event in list(islice(self._to_wake, _WOKEN_AT_ONCE)):
            del self._to_wake[event]
            event.set()
        if self._to_wake:
            asyncio.get_running_loop().call_soon(self._wake_some)

    def _draw(self, job: Job) -> Card:
        status = self._engine.status
        maker = maker_of(job.request, status.info) if status.info is not None else None
        progress = self._progress.get(job.id)
        phase = self._phase(job, progress)
        place = self._queue.place(job.id) if job.state is JobState.QUEUED else None
        is_paused = job.state is JobState.QUEUED and self._switch.is_paused
        wait_s = self._waiting_times.until_done_s(place) if place is not None and not is_paused else None
        return Card(
            job=job,
            phase=phase,
            serial=self._serial,
            queue_place=place,
            seconds_left=status.seconds_left if phase is Phase.WARMING_UP else (wait_s or _left(progress)),
            warm_up_fraction=status.fraction if phase is Phase.WARMING_UP else None,
            progress=progress,
            is_paused=is_paused,
            is_engine_broken=phase is Phase.WARMING_UP and status.state is EngineState.BROKEN,
            engine_label=job.pictures[0].model_label if job.pictures else (maker.label if maker else ""),
            is_toy=job.pictures[0].is_toy if job.pictures else bool(maker and maker.is_toy),
        )

    def _phase(self, job: Job, progress: Progress | None) -> Phase:
        if job.state.is_final:
            return Phase(job.state.value)
        if job.state is JobState.QUEUED:
            if self._switch.is_paused:  # then nothing else keeps it waiting
                return Phase.QUEUED
            if job.attempt > 0:
                return Phase.RETRYING
            ready = self._engine.status.state is EngineState.READY
            return Phase.QUEUED if ready else Phase.WARMING_UP
        if progress is None:
            return Phase.RETRYING if job.attempt > 1 else Phase.RUNNING
        return progress.phase


def _left(progress: Progress | None) -> float | None:
    return progress.seconds_left if progress else None
