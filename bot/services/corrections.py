"""Corrections: somebody says again, differently, what they asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job
from bot.domain.limits import DRAW_SEED, Limits
from bot.domain.requests import Aspect, Draft, GenerationRequest, Stored
from bot.ports.storage import UnitOfWorkFactory
from bot.services.cancel import Cancel
from bot.services.validation import check_numbers, clean_prompt, most_pixels


@dataclass(frozen=True, slots=True)
class Way:
    """Where a correction goes: the key to enter it under, and the request it takes the place of, if there was one."""

    event_key: str
    replaced: Job | None = None


class Corrections:
    """Lets the corrected words of a message take the place of its request.

    A message makes one job at a time: the first under the message's event key, what corrects it under `KEY#2`, `KEY#3`
    and so on. So all of them are found again from the message alone.
    """

    def __init__(self, *, open_unit: UnitOfWorkFactory, cancel: Cancel, limits: Limits) -> None:
        self._limits = limits
        self._open_unit = open_unit
        self._cancel = cancel

    async def make_way(self, actor: Actor, event_key: str, corrected: Draft) -> Way | None:
        """Withdraw the waiting request of a message, charge included; None if nothing was corrected.

        Raises `Rejected` once it is being drawn or over, and, leaving it as it is, for numbers out of range. A message
        whose request was refused has made none.
        """
        key, latest = event_key, None
        number = 1
        async with self._open_unit() as unit:
            while (job := await unit.jobs.find_by_event(key)) is not None:
                latest = job
                number += 1
                key = f"{event_key}#{number}"
        if latest is None:
            return Way(key)
        self._check(latest.request, corrected)
        if _asks_the_same(latest.request, corrected):
            return None
        if not await self._cancel.withdraw(actor, latest.id):
            raise Rejected(Rejection.JOB_BEGUN)
        return Way(key, latest)

    def _check(self, request: GenerationRequest, corrected: Draft) -> None:
        """What can not be taken must not cost anybody the request that waits."""
        subject = Stored(request.subject) if request.subject is not None else None
        check_numbers(replace(corrected, subject=corrected.subject or subject), self._limits)
        most_pixels(corrected, self._limits)


def _asks_the_same(request: GenerationRequest, draft: Draft) -> bool:
    """Whether the words and numbers are those of the request; what the draft leaves open does not differ."""
    wanted = (clean_prompt(draft.prompt), draft.steps, draft.count, draft.subject_size, draft.keep_size)
    has_its_own = (request.prompt, request.steps, request.count, request.subject_size, request.keep_size)
    width, height = draft.width, draft.height
    if draft.aspect is not None:
        width, height = Aspect(draft.aspect).size_px
    return (
        wanted == has_its_own
        and round(draft.guidance, 2) == request.guidance
        and draft.seed in {DRAW_SEED, request.seed}
        and width in {None, request.width}
        and height in {None, request.height}
        and draft.private in {None, request.private}
        and draft.spoiler in {None, request.spoiler}
    )
