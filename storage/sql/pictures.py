"""Which picture files are named by rows, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Update, exists, or_, select, tuple_, union, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.deliveries import DeliveryState
from bot.domain.jobs import JobState
from bot.domain.requests import PictureHash
from storage.tables.jobs import DeliveryRow, JobRow, PictureRow, ReferenceRow
from storage.tables.library import FavouriteRow, StylePictureRow, TrayPictureRow

_FINAL = tuple(state for state in JobState if state.is_final)


class SqlPictureRepository:
    """`bot.ports.library.PictureRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def named(self, pictures: Sequence[PictureHash]) -> frozenset[PictureHash]:
        """Those of `pictures` (at most 500) that something names."""
        is_shown = JobRow.hidden_at.is_(None)
        is_needed = or_(ReferenceRow.is_kept, JobRow.state.not_in(_FINAL))
        naming = (
            select(PictureRow.picture)
            .join(JobRow, JobRow.id == PictureRow.job_id)
            .where(PictureRow.picture.in_(pictures), PictureRow.is_kept, is_shown),
            select(ReferenceRow.picture)
            .join(JobRow, JobRow.id == ReferenceRow.job_id)
            .where(ReferenceRow.picture.in_(pictures), is_needed, is_shown),
            select(StylePictureRow.picture).where(StylePictureRow.picture.in_(pictures)),
            select(TrayPictureRow.picture).where(TrayPictureRow.picture.in_(pictures)),
        )
        return frozenset(await self._session.scalars(union(*naming)))

    async def let_go_results(self, *, finished_before: datetime | None, limit: int) -> frozenset[PictureHash]:
        """Have the oldest ended jobs name their results no more; returns what was let go.

        Favourites and what is still to be delivered stay.
        """
        is_favourite = exists().where(FavouriteRow.job_id == PictureRow.job_id, FavouriteRow.index == PictureRow.index)
        is_awaited = exists().where(DeliveryRow.job_id == PictureRow.job_id, DeliveryRow.state == DeliveryState.PENDING)
        oldest = (
            select(PictureRow.number)
            .join(JobRow, JobRow.id == PictureRow.job_id)
            .where(*_ended(finished_before), PictureRow.is_kept, ~is_favourite, ~is_awaited)
            .order_by(JobRow.finished_at, JobRow.number, PictureRow.index)
            .limit(limit)
        )
        return await self._let_go(
            update(PictureRow).where(PictureRow.number.in_(oldest)).values(is_kept=False), PictureRow.picture
        )

    async def let_go_references(self, *, finished_before: datetime | None, limit: int) -> frozenset[PictureHash]:
        """Have the oldest ended jobs name their reference pictures no more; returns what was let go.

        A picture that a job has in two places goes from both.
        """
        oldest = (
            select(ReferenceRow.job_id, ReferenceRow.picture)
            .join(JobRow, JobRow.id == ReferenceRow.job_id)
            .where(*_ended(finished_before), ReferenceRow.is_kept)
            .order_by(JobRow.finished_at, JobRow.number, ReferenceRow.role, ReferenceRow.position)
            .limit(limit)
        )
        named = tuple_(ReferenceRow.job_id, ReferenceRow.picture)
        return await self._let_go(
            update(ReferenceRow).where(named.in_(oldest)).values(is_kept=False), ReferenceRow.picture
        )

    async def _let_go(self, statement: Update, picture: InstrumentedAttribute[PictureHash]) -> frozenset[PictureHash]:
        """Run an UPDATE and return the pictures of the rows that it met."""
        return frozenset(
            await self._session.scalars(statement.returning(picture).execution_options(synchronize_session=False))
        )


def _ended(finished_before: datetime | None) -> Sequence[ColumnElement[bool]]:
    """Jobs that ended before that time and are not hidden: those name nothing already."""
    ended = (JobRow.finished_at.is_not(None), JobRow.state.in_(_FINAL), JobRow.hidden_at.is_(None))
    return ended if finished_before is None else (*ended, JobRow.finished_at < finished_before)
