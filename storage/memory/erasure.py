"""Forgetting a person in the in-memory twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.access import ApiToken
from bot.domain.actors import Platform, UserId
from bot.domain.credits import user_account
from bot.domain.jobs import JobId
from bot.domain.requests import PictureHash
from storage.memory.tables import MemoryTransaction, Tables
from storage.people import pseudonym


class MemoryErasureRepository:
    """`bot.ports.library.ErasureRepository` in memory."""

    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def erase(self, user_id: UserId) -> frozenset[PictureHash]:
        """Remove every row of the person and return the pictures that those rows named."""
        tables = await self._transaction.tables()
        pictures = _pictures(tables, user_id)
        jobs = {job.id for job in tables.jobs.values() if job.owner == user_id}
        _forget_bookings(tables, user_id, jobs)
        _rename_in_log(tables, user_id)
        _forget_jobs(tables, jobs)
        _forget_standing(tables, user_id)
        return pictures


def _pictures(tables: Tables, user_id: UserId) -> frozenset[PictureHash]:
    jobs = [job for job in tables.jobs.values() if job.owner == user_id]
    results = {picture.picture for job in jobs for picture in job.pictures}
    references = {picture for job in jobs for picture in job.request.references}
    cards = {picture for card in tables.styles.values() if card.owner == user_id for picture in card.pictures}
    tray = tables.trays[user_id].pictures if user_id in tables.trays else frozenset()
    return frozenset(results | references | cards | tray)


def _forget_bookings(tables: Tables, user_id: UserId, jobs: set[JobId]) -> None:
    """Remove the person's account; the bookings of others lose what names the person."""
    own = user_account(user_id)
    tables.accounts.pop(own, None)
    _remove(tables.bookings, lambda number: tables.bookings[number].account == own)
    names = _names(tables, user_id)
    for number, booking in tables.bookings.items():
        job_id = None if booking.job_id in jobs else booking.job_id
        by = "" if booking.by in names else booking.by
        tables.bookings[number] = replace(booking, job_id=job_id, by=by)


def _rename_in_log(tables: Tables, user_id: UserId) -> None:
    """Put one drawn name in place of the person's ids; what was written about them may name them, too."""
    names, drawn = _names(tables, user_id), pseudonym()
    for number, entry in tables.audit.items():
        is_about = entry.subject in names
        tables.audit[number] = replace(
            entry,
            by=drawn if entry.by in names else entry.by,
            subject=drawn if is_about else entry.subject,
            detail="" if is_about else entry.detail,
        )


def _names(tables: Tables, user_id: UserId) -> frozenset[str]:
    """The ids by which platforms know the person."""
    identities = (one for one in tables.identities.values() if one.user_id == user_id)
    return frozenset(f"{one.platform.value}:{one.external_id}" for one in identities)


def _forget_jobs(tables: Tables, jobs: set[JobId]) -> None:
    """Remove the jobs with all that hangs on them; what was made from them forgets that."""
    _remove(tables.jobs, lambda job_id: job_id in jobs)
    _remove(tables.recorded, lambda key: key[0] in jobs)
    _remove(tables.let_go, lambda key: key[0] in jobs)
    _remove(tables.deliveries, lambda number: tables.deliveries[number].job_id in jobs)
    _remove(tables.favourites, lambda key: key[1] in jobs)
    _remove(tables.copies, lambda key: key[1] in jobs)
    _remove(tables.reports, lambda number: tables.reports[number].job_id in jobs)
    for job in list(tables.jobs.values()):
        if job.lineage is not None and job.lineage.parent in jobs:
            tables.jobs[job.id] = replace(job, lineage=None)


def _forget_standing(tables: Tables, user_id: UserId) -> None:
    """Remove what the person kept and chose, and the person."""
    _remove(tables.favourites, lambda key: key[0] == user_id)
    _remove(tables.styles, lambda style_id: tables.styles[style_id].owner == user_id)
    _remove(tables.reports, lambda number: tables.reports[number].reporter == user_id)
    _remove(tables.closed_reports, lambda number: number not in tables.reports)
    _remove(tables.codes, lambda digest: tables.codes[digest].user_id == user_id)
    if any(one.user_id == user_id and one.platform is Platform.WEB for one in tables.identities.values()):
        tables.sessions.clear()  # they tell of the browsers and addresses of who is at the page
    _remove(tables.identities, lambda key: tables.identities[key].user_id == user_id)
    _remove(tables.tokens, lambda digest: _identity(tables.tokens[digest]) not in tables.identities)
    tables.trays.pop(user_id, None)
    tables.user_settings.pop(user_id, None)
    tables.users.pop(user_id, None)
    for server, settings in tables.server_settings.items():
        blocked = tuple(other for other in settings.blocked if other != user_id)
        tables.server_settings[server] = replace(settings, blocked=blocked)


def _identity(token: ApiToken) -> tuple[Platform, str]:
    return token.platform, token.external_id


def _remove(table: dict[Any, Any], is_gone: Callable[[Any], bool]) -> None:
    for key in [key for key in table if is_gone(key)]:
        del table[key]
