"""The worker: takes jobs from the queue, has the engine make their pictures, and ends them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from bot.domain.cards import Phase, Progress
from bot.domain.jobs import FailureKind, Job, JobId, JobState, ResultPicture
from bot.domain.recipes import Recipe
from bot.ports.clock import Clock
from bot.ports.engine import (
    Engine,
    EngineFailed,
    EngineInfo,
    EngineLost,
    EngineOutOfMemory,
    EngineRefused,
    EngineTask,
    PictureDone,
    StepDone,
    TaskStopped,
)
from bot.ports.images import ImageStore, PictureMissing
from bot.ports.storage import UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.cancel import CancelRequests
from bot.services.endings import end_job
from bot.services.estimates import Estimates
from bot.services.fair_queue import FairQueue
from bot.services.outbox import OutboxRelay
from bot.services.png import encode_png

log = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """`name` signs the leases; a lease outlives `lease_s` without a step only if the process died."""

    name: str
    lease_s: float = 900.0
    max_attempts: int = 2
    preview_every: int = 5


class Worker:
    """Works on one job at a time; a job whose engine died is tried again, then failed."""

    def __init__(
        self,
        *,
        settings: WorkerSettings,
        engine: Engine,
        open_unit: UnitOfWorkFactory,
        images: ImageStore,
        queue: FairQueue,
        board: CardBoard,
        estimates: Estimates,
        cancel_requests: CancelRequests,
        relay: OutboxRelay,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._open_unit = open_unit
        self._images = images
        self._queue = queue
        self._board = board
        self._estimates = estimates
        self._cancel_requests = cancel_requests
        self._relay = relay
        self._clock = clock

    async def run(self) -> None:
        """Work for ever; cancelling puts the job in hand back to queued."""
        while True:
            # Only an engine that is ready takes a job out of the queue: until then its card says why it waits.
            await self._queue.filled()
            info = await self._engine.wait_ready()
            if (job_id := self._queue.take()) is None:
                continue
            job = await self._insist(lambda taken=job_id: self._claim(taken))  # type: ignore[misc]
            if job is not None:
                await self._work(job, info)

    async def _claim(self, job_id: JobId) -> Job | None:
        now = self._clock.now()
        async with self._open_unit() as unit:
            job = await unit.jobs.claim(
                job_id,
                lease_owner=self._settings.name,
                lease_until=now + timedelta(seconds=self._settings.lease_s),
                now=now,
            )
            await unit.commit()
        if job is not None:
            await self._board.show(job)
        return job

    async def _work(self, job: Job, info: EngineInfo) -> None:
        try:
            await self._make_all(job, info)
        except asyncio.CancelledError:
            await asyncio.shield(self._hand_back(job))
            raise
        except EngineLost:
            log.warning("job %s: the engine was lost in attempt %d", job.id, job.attempt)
            await self._retry_or_fail(job)
        except TaskStopped:
            await self._end(job, JobState.CANCELLED)
        except Exception as error:
            failure = failure_of(error)
            level = logging.ERROR if failure is FailureKind.INTERNAL else logging.WARNING
            log.log(level, "job %s failed: %s", job.id, failure.value, exc_info=error)
            await self._end(job, JobState.FAILED, failure)
        else:
            await self._end(job, JobState.DONE)

    async def _make_all(self, job: Job, info: EngineInfo) -> None:
        subject = await self._images.get(job.request.subject) if job.request.subject else None
        styles = tuple([await self._images.get(style) for style in job.request.styles])
        made = {picture.index for picture in job.pictures}
        for index in range(job.request.count):
            if index in made:
                continue
            task = task_of(job, index, subject, styles, self._settings.preview_every)
            picture = await self._make_one(job, index, task)
            job = await self._keep(job, index, picture, info)

    async def _make_one(self, job: Job, index: int, task: EngineTask) -> PictureDone:
        async with aclosing(self._engine.generate(task)) as events:  # type: ignore[type-var]
            async for event in events:
                if job.id in self._cancel_requests:
                    raise TaskStopped
                match event:
                    case PictureDone():
                        return event
                    case StepDone():
                        await self._board.report(job.id, self._progress(job, index, event))
        raise EngineLost("the engine ended its work without a picture")

    def _progress(self, job: Job, index: int, event: StepDone) -> Progress:
        left_s = event.elapsed_s / event.step * (event.steps - event.step)
        later_s = self._estimates.picture_s(job.request) or event.elapsed_s / event.step * event.steps
        return Progress(
            phase=Phase.RUNNING,
            picture_index=index,
            step=event.step,
            steps=event.steps,
            seconds_left=left_s + later_s * (job.request.count - index - 1),
            preview=event.preview,
        )

    async def _keep(self, job: Job, index: int, done: PictureDone, info: EngineInfo) -> Job:
        """Store one finished picture, recipe inside, and its row; the card shows it at once."""
        recipe = recipe_of(job, index, done, info)
        png = await asyncio.to_thread(encode_png, done.width, done.height, done.rgb, recipe.as_chunks())
        seed, variation = job.request.seeds_of(index)
        picture = ResultPicture(
            index=index,
            picture=await self._images.put(png),
            seed=seed,
            variation_seed=variation.seed if variation else None,
            width=done.width,
            height=done.height,
            duration_s=done.duration_s,
            model_label=info.label,
            model_revision=info.revision,
            is_toy=info.is_toy,
        )
        lease_until = self._clock.now() + timedelta(seconds=self._settings.lease_s)
        async with self._open_unit() as unit:
            await unit.jobs.add_picture(job.id, picture)
            await unit.jobs.renew_lease(job.id, lease_owner=self._settings.name, lease_until=lease_until)
            await unit.commit()
        self._estimates.record(job.request, picture)
        job = replace(job, pictures=(*job.pictures, picture))
        await self._board.show(job)
        return job

    async def _retry_or_fail(self, job: Job) -> None:
        if job.id in self._cancel_requests:
            await self._end(job, JobState.CANCELLED)
        elif job.attempt >= self._settings.max_attempts:
            await self._end(job, JobState.FAILED, FailureKind.ENGINE_LOST)
        else:
            await self._insist(lambda: self._requeue(job, keep_attempt=True))

    async def _hand_back(self, job: Job) -> None:
        """An orderly shutdown: the job is queued again and the attempt does not count."""
        try:
            await self._requeue(job, keep_attempt=False)
        except Exception:
            log.exception("job %s: could not be handed back; it is recovered at the next start", job.id)

    async def _requeue(self, job: Job, *, keep_attempt: bool) -> None:
        async with self._open_unit() as unit:
            await unit.jobs.requeue(job.id, lease_owner=self._settings.name, keep_attempt=keep_attempt)
            queued = await unit.jobs.get(job.id)
            await unit.commit()
        if queued is not None and queued.state is JobState.QUEUED:
            self._queue.put_back(queued.owner, queued.id)
            await self._board.show(queued)

    async def _end(self, job: Job, state: JobState, failure: FailureKind | None = None) -> None:
        async def end() -> None:
            ended = await end_job(self._open_unit, job, state, failure=failure, now=self._clock.now())
            if ended is not None:
                await self._board.show(ended)
            else:
                log.warning("job %s was no longer ours to end", job.id)

        await self._insist(end)
        self._cancel_requests.discard(job.id)
        self._relay.wake()

    async def _insist(self, action: Callable[[], Awaitable[T]]) -> T:
        """Repeat until the database takes it: an answered request must not hang on a full disk or a lost server."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                return await action()
            except Exception:
                log.exception("worker: the database did not take a change, trying again in %.1f s", pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)


def failure_of(error: Exception) -> FailureKind:
    """The kind of failure that a person is told."""
    match error:
        case EngineRefused():
            return FailureKind.REFUSED_BY_MODEL
        case EngineOutOfMemory():
            return FailureKind.OUT_OF_MEMORY
        case PictureMissing():
            return FailureKind.PICTURE_MISSING
        case EngineFailed():
            return FailureKind.INTERNAL
        case _:
            return FailureKind.INTERNAL


def task_of(job: Job, index: int, subject: bytes | None, styles: tuple[bytes, ...], preview_every: int) -> EngineTask:
    """What the engine needs to make the picture at `index`."""
    request = job.request
    seed, variation = request.seeds_of(index)
    return EngineTask(
        job_id=job.id,
        prompt=request.prompt,
        subject=subject,
        styles=styles,
        width=request.width,
        height=request.height,
        keep_size=request.keep_size,
        steps=request.steps,
        guidance=request.guidance,
        subject_size=request.subject_size,
        seed=seed,
        variation=variation,
        preview_every=preview_every,
    )


def recipe_of(job: Job, index: int, done: PictureDone, info: EngineInfo) -> Recipe:
    """How to make the picture at `index` again."""
    request = job.request
    seed, variation = request.seeds_of(index)
    return Recipe(
        prompt=request.prompt,
        subject=request.subject,
        styles=request.styles,
        width=request.width,
        height=request.height,
        keep_size=request.keep_size,
        steps=request.steps,
        guidance=request.guidance,
        subject_size=request.subject_size,
        seed=seed,
        variation_seed=variation.seed if variation else None,
        variation_strength=variation.strength if variation else 0.0,
        picture_width=done.width,
        picture_height=done.height,
        model_label=info.label,
        model_revision=info.revision,
        recipe_id=f"{job.id}-{index + 1}",
    )
