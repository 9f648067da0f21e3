"""The worker: takes jobs from the queue, has the engine make their pictures, and ends them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from bot.domain.cards import Phase, Progress
from bot.domain.jobs import FailureKind, Job, JobId, JobState, ResultPicture
from bot.ports.clock import Clock
from bot.ports.engine import (
    Engine,
    EngineInfo,
    EngineLost,
    EngineRestarted,
    EngineTask,
    PictureDone,
    StepDone,
    TaskStopped,
)
from bot.ports.images import ImageStore
from bot.ports.storage import StorageUnavailable, UnitOfWorkFactory
from bot.services.board import CardBoard
from bot.services.cancel import CancelRequests
from bot.services.endings import end_job
from bot.services.estimates import Estimates
from bot.services.fair_queue import FairQueue
from bot.services.job_context import working_on
from bot.services.keeping import PictureKeeper
from bot.services.outbox import OutboxRelay
from bot.services.pace import Pace
from bot.services.picture_check import PictureCheck, Verdict
from bot.services.png import encode_png
from bot.services.recipes import recipe_of
from bot.services.run_switch import RunSwitch
from bot.services.tasks import Maker, PicturesWithheld, failure_of, maker_of, sources_of, task_of

log = logging.getLogger(__name__)

T = TypeVar("T")

_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """`name` signs the leases; a lease outlives `lease_s` without a step only if the process died.

    `retry_s` is the first pause before a change that the database did not take is tried again.
    """

    name: str
    lease_s: float = 900.0
    max_attempts: int = 2
    preview_every: int = 5
    retry_s: float = 0.5


@dataclass(slots=True)
class _InHand:
    """The job under work as it stands by now; `begun` is 1 while a picture has had a step and is not finished.

    `pace` is that of the picture under work.
    """

    job: Job
    begun: int = 0
    pace: Pace = field(default_factory=Pace)


class Worker:
    """Works on one job at a time; a job whose engine died is tried again, then failed."""

    def __init__(
        self,
        *,
        settings: WorkerSettings,
        engine: Engine,
        open_unit: UnitOfWorkFactory,
        images: ImageStore,
        keeper: PictureKeeper,
        queue: FairQueue,
        board: CardBoard,
        estimates: Estimates,
        cancel_requests: CancelRequests,
        relay: OutboxRelay,
        switch: RunSwitch,
        clock: Clock,
        check: PictureCheck,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._open_unit = open_unit
        self._images = images
        self._keeper = keeper
        self._queue = queue
        self._board = board
        self._estimates = estimates
        self._cancel_requests = cancel_requests
        self._relay = relay
        self._switch = switch
        self._clock = clock
        self._check = check

    async def run(self) -> None:
        """Work for ever; cancelling puts the job in hand back to queued."""
        while True:
            # Only an engine that is ready takes a job out of the queue: until then its card says why it waits.
            await self._queue.filled()
            await self._switch.works()
            info = await self._engine.wait_ready()
            if self._switch.is_paused or (job_id := self._queue.take()) is None:
                continue
            job = await self._insist(lambda taken=job_id: self._claim(taken))  # type: ignore[misc]
            if job is not None:
                with working_on(job.id):
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
        if job is None:
            return await self._look_again(job_id)
        await self._board.show(job)
        return job

    async def _look_again(self, job_id: JobId) -> Job | None:
        """A job that is not as we knew it: show how it stands.

        Returns it if it is ours nevertheless: the answer to an earlier try to claim it was lost.
        """
        async with self._open_unit() as unit:
            stored = await unit.jobs.get(job_id)
        if stored is None:  # its owner had everything deleted
            gone = [replace(one, state=JobState.CANCELLED) for one in self._board.unfinished() if one.id == job_id]
            await self._board.show_all(gone)
            return None
        await self._board.show(stored)
        return stored if stored.lease_owner == self._settings.name else None

    async def _work(self, job: Job, info: EngineInfo) -> None:
        hand = _InHand(job)
        try:
            await self._make_all(hand, info)
        except asyncio.CancelledError:
            await asyncio.shield(self._hand_back(hand.job))
            raise
        except EngineRestarted:
            log.info("job %s: the engine is restarted; it is drawn again", job.id)
            await self._retry_or_fail(hand, is_at_fault=False)
        except EngineLost:
            log.warning("job %s: the engine was lost in attempt %d", job.id, job.attempt)
            await self._retry_or_fail(hand)
        except TaskStopped:
            await self._end(hand.job, JobState.CANCELLED, begun=hand.begun)
        except Exception as error:
            failure = failure_of(error)
            level = logging.ERROR if failure is FailureKind.INTERNAL else logging.WARNING
            log.log(level, "job %s failed: %s", job.id, failure.value, exc_info=error)
            await self._end(hand.job, JobState.FAILED, failure)
        else:
            await self._end(hand.job, JobState.DONE)

    async def _make_all(self, hand: _InHand, info: EngineInfo) -> None:
        job = hand.job
        sources = await sources_of(job.request, self._images)
        maker = maker_of(job.request, info)
        made = {picture.index for picture in job.pictures}
        for index in range(job.request.count):
            if index in made:
                continue
            task = task_of(job, index, sources, self._settings.preview_every)
            picture = await self._make_one(hand, index, task)
            hand.job = await self._keep(hand, index, picture, maker)
            hand.begun = 0
        if not hand.job.pictures:
            raise PicturesWithheld

    async def _make_one(self, hand: _InHand, index: int, task: EngineTask) -> PictureDone:
        job = hand.job
        hand.pace = Pace()
        async with aclosing(self._engine.generate(task)) as events:  # type: ignore[type-var]
            async for event in events:
                if job.id in self._cancel_requests:
                    raise TaskStopped
                match event:
                    case PictureDone():
                        return event
                    case StepDone():
                        hand.begun = 1
                        hand.pace.note(event)
                        shown = await self._without_flagged(event)
                        await self._board.report(job.id, self._progress(hand, index, shown))
        raise EngineLost("the engine ended its work without a picture")

    async def _without_flagged(self, event: StepDone) -> StepDone:
        """The step, without a preview that must not be shown."""
        if event.preview is None or await self._check.shows_preview(event.preview):
            return event
        return replace(event, preview=None)

    def _progress(self, hand: _InHand, index: int, event: StepDone) -> Progress:
        request = hand.job.request
        left_s = self._estimates.left_s(request, hand.pace)
        if left_s is not None and (later := request.count - index - 1):
            # Of the very first pictures a whole one is not yet known: as many steps as this one has.
            later_s = self._estimates.picture_s(request) or (hand.pace.step_s or 0.0) * event.steps
            left_s += later_s * later
        return Progress(
            phase=Phase.RUNNING,
            picture_index=index,
            step=event.step,
            steps=event.steps,
            seconds_left=left_s,
            preview=event.preview,
        )

    async def _keep(self, hand: _InHand, index: int, done: PictureDone, maker: Maker) -> Job:
        """Store one finished picture, recipe inside, and its row; the card shows it at once.

        One that is withheld leaves the job as it is; what it cost is given back when the job ends.
        """
        job = hand.job
        recipe = recipe_of(
            job,
            index,
            width=done.width,
            height=done.height,
            model_label=maker.label,
            model_revision=maker.revision,
        )
        png = await asyncio.to_thread(encode_png, done.width, done.height, done.rgb, recipe.as_chunks())
        verdict = await self._check.judge(png)
        if verdict is Verdict.WITHHOLD:
            log.info("job %s: picture %d was flagged and is withheld", job.id, index + 1)
            return job
        if verdict is Verdict.SPOILER:
            job = replace(job, request=replace(job.request, spoiler=True))
        seed, variation = job.request.seeds_of(index)
        picture = ResultPicture(
            index=index,
            picture=await self._images.put(png),
            seed=seed,
            variation_seed=variation.seed if variation else None,
            width=done.width,
            height=done.height,
            duration_s=done.duration_s,
            model_label=maker.label,
            model_revision=maker.revision,
            is_toy=maker.is_toy,
        )
        if not await self._insist(lambda: self._record(job, picture), only=StorageUnavailable):
            await self._keeper.forget([picture.picture])
            raise TaskStopped
        if done.shrunk_to is None:  # a smaller one says nothing of what was asked
            self._estimates.record(job.request, picture, hand.pace)
        job = replace(job, pictures=(*job.pictures, picture))
        await self._board.show(job)
        return job

    async def _record(self, job: Job, picture: ResultPicture) -> bool:
        """Write down a finished picture; False if the job is no longer ours: its owner had everything deleted."""
        lease_until = self._clock.now() + timedelta(seconds=self._settings.lease_s)
        async with self._open_unit() as unit:
            if not await unit.jobs.renew_lease(job.id, lease_owner=self._settings.name, lease_until=lease_until):
                return False
            await unit.jobs.add_picture(job.id, picture)
            if job.request.spoiler:
                await unit.jobs.hide_behind_spoiler(job.id)
            await unit.commit()
        return True

    async def _retry_or_fail(self, hand: _InHand, *, is_at_fault: bool = True) -> None:
        job = hand.job
        if job.id in self._cancel_requests:
            await self._end(job, JobState.CANCELLED, begun=hand.begun)
        elif is_at_fault and job.attempt >= self._settings.max_attempts:
            await self._end(job, JobState.FAILED, FailureKind.ENGINE_LOST)
        else:
            await self._insist(lambda: self._requeue(job, keep_attempt=is_at_fault))

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
            self._queue.put_back(queued.id)
            await self._board.show(queued)

    async def _end(self, job: Job, state: JobState, failure: FailureKind | None = None, *, begun: int = 0) -> None:
        async def end() -> None:
            now = self._clock.now()
            ended = await end_job(self._open_unit, job, state, failure=failure, begun=begun, now=now)
            if ended is not None:
                await self._board.show(ended)
            else:
                log.warning("job %s was no longer ours to end", job.id)
                await self._look_again(job.id)

        await self._insist(end)
        self._cancel_requests.discard(job.id)
        self._relay.wake()

    async def _insist(self, action: Callable[[], Awaitable[T]], *, only: type[Exception] = Exception) -> T:
        """Repeat until the database takes it: an answered request must not hang on a full disk or a lost server."""
        pause_s = self._settings.retry_s
        while True:
            try:
                return await action()
            except only:
                log.exception("worker: the database did not take a change, trying again in %.1f s", pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
