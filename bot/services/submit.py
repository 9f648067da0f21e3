"""Taking a request in: the one road that new, re-rolled and varied requests all go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.actors import Actor, ReplyAddress
from bot.domain.credits import cost_of
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobState, Lineage, new_job_id
from bot.domain.limits import Limits
from bot.domain.operations import RunMode
from bot.domain.people import UserSettings
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Draft, GenerationRequest, Stored, Variation
from bot.domain.styles import Tray
from bot.ports.clock import Clock
from bot.ports.images import ImageStore
from bot.ports.storage import DuplicateEvent, StorageUnavailable, UnitOfWork, UnitOfWorkFactory
from bot.services.admission import Admission
from bot.services.board import CardBoard
from bot.services.fair_queue import FairQueue
from bot.services.keeping import PictureKeeper, check_references
from bot.services.measuring import Measuring
from bot.services.prompt_list import PromptList
from bot.services.quotas import Quotas, Standing
from bot.services.run_switch import RunSwitch
from bot.services.validation import Rounded, build_request, check_numbers


@dataclass(frozen=True, slots=True)
class Submitted:
    """The accepted job and what was rounded; `is_new` is False when the same event came a second time."""

    job: Job
    rounded: tuple[Rounded, ...] = ()
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. `event_key` names the platform's event, so that its repetition makes no second job."""

    actor: Actor
    event_key: str
    reply_to: ReplyAddress | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """What goes through the one transaction; `tray` is what of the person's tray the request uses up."""

    origin: Origin
    request: GenerationRequest
    lineage: Lineage | None = None
    tray: Tray = field(default_factory=Tray)


class _CommitDoubtful(StorageUnavailable):
    """The database did not answer a commit: it may have happened."""


class Submit:
    """Accepts requests; a refused one leaves no row, no charge and no file behind."""

    def __init__(
        self,
        *,
        limits: Limits,
        quotas: Quotas,
        images: ImageStore,
        admit: Admission,
        prompt_list: PromptList,
        keeper: PictureKeeper,
        open_unit: UnitOfWorkFactory,
        queue: FairQueue,
        board: CardBoard,
        switch: RunSwitch,
        measuring: Measuring,
        clock: Clock,
    ) -> None:
        self._limits = limits
        self._quotas = quotas
        self._images = images
        self._admit = admit
        self._prompt_list = prompt_list
        self._keeper = keeper
        self._open_unit = open_unit
        self._queue = queue
        self._board = board
        self._switch = switch
        self._measuring = measuring
        self._clock = clock

    async def __call__(
        self, origin: Origin, draft: Draft, *, lineage: Lineage | None = None, variation: Variation | None = None
    ) -> Submitted:
        """Check, admit, store, charge and queue a fresh request. Raises `Rejected`.

        `lineage` and `variation` are those of a remix.
        """
        with self._measuring.refusals(origin.actor.platform):
            return await self._take(origin, draft, lineage, variation)

    async def _take(
        self, origin: Origin, draft: Draft, lineage: Lineage | None, variation: Variation | None
    ) -> Submitted:
        if (known := await self._already(origin)) is not None:
            return known
        draft, tray = await self._complete(origin.actor, draft)
        check_numbers(draft, self._limits)
        subject = await self._admit(draft.subject) if draft.subject is not None else None
        styles = [await self._admit(style) for style in draft.styles]
        validated = build_request(draft, subject, tuple(styles), self._limits)
        request = replace(validated.request, variation=variation)
        submitted = await self._enter(_Entry(origin, request, lineage, tray), validated.pictures)
        return Submitted(submitted.job, validated.rounded, submitted.is_new)

    async def enter(
        self,
        origin: Origin,
        request: GenerationRequest,
        *,
        lineage: Lineage | None = None,
        pictures: Sequence[AdmittedPicture] = (),
    ) -> Submitted:
        """Charge and queue a request that is complete; `pictures` are those it needs and that come with it.

        Raises `Rejected`, also if its other pictures were let go.
        """
        if (known := await self._already(origin)) is not None:
            return known
        brought = {picture.sha256 for picture in pictures}
        with self._measuring.refusals(origin.actor.platform):
            await check_references(self._images, request.references - brought)
            return await self._enter(_Entry(origin, request, lineage), pictures)

    async def _complete(self, actor: Actor, draft: Draft) -> tuple[Draft, Tray]:
        """The draft with the person's choices where it leaves them open, and the part of their tray that it took."""
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            if user_id is None:
                return draft, Tray()
            chosen = await unit.settings.of_user(user_id)
            tray = await unit.trays.get(user_id) if draft.use_tray else Tray()
        names_shape = draft.keep_size or any(one is not None for one in (draft.aspect, draft.width, draft.height))
        taken = Tray(
            subject=tray.subject if draft.subject is None else None,
            styles=() if draft.styles else tray.styles,
        )
        completed = replace(
            draft,
            subject=Stored(taken.subject) if taken.subject is not None else draft.subject,
            styles=tuple(Stored(style) for style in taken.styles) or draft.styles,
            aspect=draft.aspect if names_shape else chosen.aspect,
            private=chosen.private if draft.private is None else draft.private,
            spoiler=chosen.spoiler if draft.spoiler is None else draft.spoiler,
        )
        return completed, taken

    async def _enter(self, entry: _Entry, pictures: Sequence[AdmittedPicture]) -> Submitted:
        """Store the pictures, then in one transaction charge and job; then it waits its turn."""
        try:
            async with self._keeper.stored(pictures):
                job = await self._insert(entry)
        except DuplicateEvent:
            job = None  # another process took the same event in the same moment
        except _CommitDoubtful:
            # Perhaps all is stored and only the answer was lost: who is refused now must not be charged for it.
            if (stored := await self._already(entry.origin)) is None:
                raise
            return Submitted(stored.job)
        if job is None:
            known = await self._already(entry.origin)
            assert known is not None, "only a repeated event inserts nothing"
            return known
        await self._line_up(job)
        return Submitted(job)

    async def _line_up(self, job: Job) -> None:
        self._queue.put(job.owner, job.id, weight=job.weight, cost=cost_of(job.request))
        await self._board.show(job)

    async def _insert(self, entry: _Entry) -> Job | None:
        origin, actor = entry.origin, entry.origin.actor
        async with self._open_unit() as unit:
            if await unit.jobs.find_by_event(origin.event_key) is not None:
                return None
            if self._switch.mode is RunMode.DRAINING:
                raise Rejected(Rejection.DRAINING)
            now = self._clock.now()
            standing = await self._quotas.admit(unit, actor, now=now)
            _check_channel(actor, standing)
            self._prompt_list.check(entry.request.prompt, standing.server)
            await self._check_caps(unit, standing, entry.request)
            chosen = await unit.settings.of_user(standing.user_id)
            job_id = new_job_id()
            cost = cost_of(entry.request)
            job = Job(
                id=job_id,
                owner=standing.user_id,
                request=entry.request,
                state=JobState.QUEUED,
                event_key=origin.event_key,
                created_at=now,
                locale=_card_locale(actor, standing, chosen, is_private=entry.request.private),
                reply_to=origin.reply_to,
                lineage=entry.lineage,
                server=actor.server,
                cost=await self._quotas.charge(unit, actor, standing, job_id=job_id, cost=cost, now=now),
                weight=standing.tier.weight,
            )
            await unit.jobs.add(job)
            if not chosen.keep_tray:
                await self._empty_tray(unit, standing, entry.tray)
            try:
                await unit.commit()
            except StorageUnavailable as error:
                raise _CommitDoubtful(error.reason, error.rejection) from error
            return job

    async def _check_caps(self, unit: UnitOfWork, standing: Standing, request: GenerationRequest) -> None:
        most = standing.server.max_count
        if most is not None and request.count > most:
            raise Rejected(Rejection.COUNT_OUT_OF_RANGE, low=1, high=most)
        caps = (standing.tier.max_waiting or self._limits.max_waiting_jobs, standing.server.max_waiting)
        cap = min(one for one in caps if one is not None)
        if await unit.jobs.count_waiting(standing.user_id) >= cap:
            raise Rejected(Rejection.TOO_MANY_WAITING, limit=cap)

    async def _empty_tray(self, unit: UnitOfWork, standing: Standing, taken: Tray) -> None:
        if not taken.pictures:
            return
        tray = await unit.trays.get(standing.user_id)
        left = Tray(
            subject=None if taken.subject == tray.subject else tray.subject,
            styles=() if taken.styles == tray.styles else tray.styles,
        )
        await unit.trays.put(standing.user_id, left, now=self._clock.now())

    async def _already(self, origin: Origin) -> Submitted | None:
        async with self._open_unit() as unit:
            job = await unit.jobs.find_by_event(origin.event_key)
        if job is None:
            return None
        if job.state is JobState.QUEUED and not self._board.has(job.id):
            await self._line_up(job)  # stored by a commit whose answer was lost
        return Submitted(job, is_new=False)


def _check_channel(actor: Actor, standing: Standing) -> None:
    """Refuse a request from a channel that the moderators did not name, once they have named any."""
    named = standing.server.channels
    if named and not set(named) & set(actor.channels):
        raise Rejected(Rejection.CHANNEL_NOT_ALLOWED, channels=", ".join(named))


def _card_locale(actor: Actor, standing: Standing, chosen: UserSettings, *, is_private: bool) -> str:
    """The language of a card: as its owner chose; one that all see, as its server did; else as their platform says."""
    return chosen.locale or (None if is_private else standing.server.locale) or actor.locale
