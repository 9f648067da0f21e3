"""The tray: pictures picked once, used by the next request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final, assert_never

from bot.domain.actors import Actor
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import JobId
from bot.domain.pictures import AdmittedPicture
from bot.domain.requests import Given, PictureHash
from bot.domain.styles import Tray
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWorkFactory
from bot.services.admission import Admission
from bot.services.keeping import PictureKeeper
from bot.services.result_admission import ResultAdmission

_STYLES: Final = 2


class TrayPlace(StrEnum):
    """What a picture in the tray is for."""

    SUBJECT = "subject"
    STYLE = "style"


class Trays:
    """Fills and empties people's trays."""

    def __init__(
        self,
        *,
        open_unit: UnitOfWorkFactory,
        admit: Admission,
        admit_result: ResultAdmission,
        keeper: PictureKeeper,
        clock: Clock,
    ) -> None:
        self._open_unit = open_unit
        self._admit = admit
        self._admit_result = admit_result
        self._keeper = keeper
        self._clock = clock

    async def show(self, actor: Actor) -> Tray:
        """What lies in the actor's tray; empty for somebody never seen."""
        async with self._open_unit() as unit:
            user_id = await unit.users.find(actor)
            return await unit.trays.get(user_id) if user_id is not None else Tray()

    async def put(self, actor: Actor, picture: Given, place: TrayPlace) -> Tray:
        """Lay a picture into the tray; a third style pushes out the oldest. Returns the tray. Raises `Rejected`."""
        return await self._put(actor, await self._admit(picture), place)

    async def put_result(self, actor: Actor, job_id: JobId, index: int, place: TrayPlace) -> Tray:
        """The same with a finished picture that the actor may see. Raises `Rejected`."""
        return await self._put(actor, await self._admit_result(actor, job_id, index), place)

    async def fill(self, actor: Actor, subject: Given, styles: Sequence[Given]) -> Tray:
        """Lay out a subject and at most two styles in place of what lay there. Returns the tray. Raises `Rejected`."""
        if len(styles) > _STYLES:
            raise Rejected(Rejection.TOO_MANY_STYLES, limit=_STYLES, given=len(styles))
        admitted = [await self._admit(picture) for picture in (subject, *styles)]
        first, *others = (picture.sha256 for picture in admitted)
        return await self._change(actor, lambda _: Tray(first, tuple(others)), admitted)

    async def swap(self, actor: Actor) -> Tray:
        """Make the subject the first style and the first style the subject. Returns the tray. Raises `Rejected`."""

        def swapped(tray: Tray) -> Tray:
            if tray.subject is None or not tray.styles:
                raise Rejected(Rejection.NOTHING_TO_SWAP)
            first, *others = tray.styles
            return Tray(first, (tray.subject, *others))

        return await self._change(actor, swapped)

    async def remove(self, actor: Actor, place: TrayPlace, position: int = 0) -> Tray:
        """Take out the subject, or the style at `position`; nothing happens if there is none. Returns the tray."""

        def without(tray: Tray) -> Tray:
            match place:
                case TrayPlace.SUBJECT:
                    return replace(tray, subject=None)
                case TrayPlace.STYLE:
                    left = tuple(style for at, style in enumerate(tray.styles) if at != position)
                    return replace(tray, styles=left)
                case _:
                    assert_never(place)

        return await self._change(actor, without)

    async def clear(self, actor: Actor) -> Tray:
        """Empty the tray and return it."""
        return await self._change(actor, lambda _: Tray())

    async def _put(self, actor: Actor, picture: AdmittedPicture, place: TrayPlace) -> Tray:
        return await self._change(actor, lambda tray: _with(tray, picture.sha256, place), (picture,))

    async def _change(
        self, actor: Actor, change: Callable[[Tray], Tray], pictures: Sequence[AdmittedPicture] = ()
    ) -> Tray:
        now = self._clock.now()
        async with self._keeper.stored(pictures), self._open_unit() as unit:
            user_id = await unit.users.resolve(actor, now=now)
            before = await unit.trays.get(user_id)
            after = change(before)
            await unit.trays.put(user_id, after, now=now)
            await unit.commit()
        await self._keeper.release(before.pictures - after.pictures)
        return after


def _with(tray: Tray, picture: PictureHash, place: TrayPlace) -> Tray:
    match place:
        case TrayPlace.SUBJECT:
            return replace(tray, subject=picture)
        case TrayPlace.STYLE:
            others = tuple(style for style in tray.styles if style != picture)
            return replace(tray, styles=(*others, picture)[-_STYLES:])
        case _:
            assert_never(place)
