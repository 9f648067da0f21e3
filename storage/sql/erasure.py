"""Forgetting a person in SQL.

No list of jobs is ever sent: people may have more of them than a statement may have parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Select, Text, cast, delete, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.actors import Platform, Server, UserId
from bot.domain.credits import user_account
from bot.domain.requests import PictureHash
from storage.people import pseudonym
from storage.sql.settings import SqlSettingsRepository
from storage.sql.statements import change
from storage.tables.access import WebSessionRow
from storage.tables.jobs import JobRow, PictureRow, ReferenceRow
from storage.tables.library import StylePictureRow, StyleRow, TrayPictureRow
from storage.tables.moderation import AuditRow
from storage.tables.people import AccountRow, BookingRow, IdentityRow, ServerSettingsRow, UserRow


class SqlErasureRepository:
    """`bot.ports.library.ErasureRepository` in SQL."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def erase(self, user_id: UserId) -> frozenset[PictureHash]:
        """Remove every row of the person and return the pictures that those rows named.

        Locks jobs, then the account, then the person, as all transactions do; see `storage.sql.merging`.
        """
        pictures = await self._erase_jobs(user_id)
        await self._erase_account(user_id)
        await self._session.execute(select(UserRow.id).where(UserRow.id == user_id).with_for_update())
        # What was accepted between the first statement and the locks.
        pictures |= await self._erase_jobs(user_id)
        pictures |= await self._kept_by(user_id)
        await self._unblock_everywhere(user_id)
        await self._sign_out(user_id)
        # Whatever else is theirs goes along: identities, codes, settings, favourites, style cards, tray, reports.
        await change(self._session, delete(UserRow).where(UserRow.id == user_id))
        return pictures

    async def _erase_jobs(self, user_id: UserId) -> frozenset[PictureHash]:
        """Remove the jobs and return what they named; pictures, references, deliveries, favourites, copies go along."""
        locked = select(JobRow.number).where(JobRow.owner == user_id).with_for_update().subquery()
        if not await self._session.scalar(select(func.count()).select_from(locked)):
            return frozenset()
        own = _jobs_of(user_id)
        pictures = await self._session.scalars(
            union(
                select(PictureRow.picture).where(PictureRow.job_id.in_(own)),
                select(ReferenceRow.picture).where(ReferenceRow.job_id.in_(own)),
            )
        )
        named = frozenset(pictures)
        nameless = {"lineage_kind": None, "lineage_parent": None, "lineage_picture_index": None}
        await change(self._session, update(BookingRow).where(BookingRow.job_id.in_(own)).values(job_id=None))
        await change(self._session, update(JobRow).where(JobRow.lineage_parent.in_(own)).values(**nameless))
        await change(self._session, delete(JobRow).where(JobRow.owner == user_id))
        return named

    async def _erase_account(self, user_id: UserId) -> None:
        """Remove the account with its bookings; bookings of others no longer say that the person made them."""
        await change(self._session, delete(AccountRow).where(AccountRow.id == user_account(user_id)))
        identities = await self._session.execute(
            select(IdentityRow.platform, IdentityRow.external_id).where(IdentityRow.user_id == user_id)
        )
        names = [f"{platform.value}:{external_id}" for platform, external_id in identities]
        await change(self._session, update(BookingRow).where(BookingRow.by.in_(names)).values(by=""))
        await self._rename_in_log(names)

    async def _rename_in_log(self, names: Sequence[str]) -> None:
        """Put one drawn name in place of the person's ids; what was written about them may name them, too."""
        drawn = pseudonym()
        about = update(AuditRow).where(AuditRow.subject.in_(names)).values(subject=drawn, detail="")
        await change(self._session, about)
        await change(self._session, update(AuditRow).where(AuditRow.by.in_(names)).values(by=drawn))

    async def _kept_by(self, user_id: UserId) -> frozenset[PictureHash]:
        """The pictures of the person's style cards and tray."""
        cards = select(StylePictureRow.picture).join(StyleRow).where(StyleRow.owner == user_id)
        tray = select(TrayPictureRow.picture).where(TrayPictureRow.user_id == user_id)
        return frozenset(await self._session.scalars(union(cards, tray)))

    async def _sign_out(self, user_id: UserId) -> None:
        """End the sessions of the page, which tell of browsers and addresses, if the person is who is at the page."""
        at_page = (IdentityRow.user_id == user_id, IdentityRow.platform == Platform.WEB)
        if await self._session.scalar(select(IdentityRow.external_id).where(*at_page).limit(1)) is not None:
            await change(self._session, delete(WebSessionRow))

    async def _unblock_everywhere(self, user_id: UserId) -> None:
        """Strike the person from the lists of who is shut out on a server."""
        rows = await self._session.execute(
            select(ServerSettingsRow.platform, ServerSettingsRow.external_id)
            .where(cast(ServerSettingsRow.chosen, Text).contains(user_id, autoescape=True))
            .order_by(ServerSettingsRow.platform, ServerSettingsRow.external_id)
            .with_for_update()
        )
        settings = SqlSettingsRepository(self._session)
        for platform, external_id in rows.all():
            server = Server(platform, external_id)
            chosen = await settings.of_server(server)
            blocked = tuple(other for other in chosen.blocked if other != user_id)
            await settings.set_server(server, replace(chosen, blocked=blocked))


def _jobs_of(user_id: UserId) -> Select[str]:
    return select(JobRow.id).where(JobRow.owner == user_id)
