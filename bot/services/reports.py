"""Reports: people point at a picture, operators look and decide."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.credits import user_account
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job, JobId
from bot.domain.reports import REASON_CHARS, Report, ReportId
from bot.ports.clock import Clock
from bot.ports.storage import UnitOfWork, UnitOfWorkFactory
from bot.services.follow_up import visible_job
from bot.services.history import picture_of
from bot.services.keeping import PictureKeeper
from bot.services.moderation_news import ModerationNews, News, Reported, TakenDown
from bot.services.operators import Operators

MOST_REPORTS_A_DAY: Final = 10
_DAY: Final = timedelta(hours=24)
_MOST_SHOWN: Final = 500
_MOST_IDS: Final = 2**63  # beyond it no database can even look


class Reports:
    """Anybody reports what they can see, once a picture and ten times a day; operators close reports."""

    def __init__(
        self,
        *,
        operators: Operators,
        news: ModerationNews,
        open_unit: UnitOfWorkFactory,
        keeper: PictureKeeper,
        clock: Clock,
    ) -> None:
        self._operators = operators
        self._news = news
        self._open_unit = open_unit
        self._keeper = keeper
        self._clock = clock

    async def report(
        self, actor: Actor, job_id: JobId, index: int, reason: str, *, place: ReplyAddress | None = None
    ) -> None:
        """Complain about a picture that the actor can see; operators are told. Raises `Rejected`.

        The reason has 1 to 500 characters. `place` is the message that shows the picture: it goes if that is deleted.
        """
        reason = _checked_reason(reason)
        now = self._clock.now()
        async with self._open_unit() as unit:
            job = await visible_job(unit, actor, job_id)
            picture_of(job, index)
            reporter = await unit.users.resolve(actor, now=now)
            user = await unit.users.get(reporter)
            if user is not None and user.blocked_at is not None:
                raise Rejected(Rejection.BLOCKED)
            report = Report(job_id, index, reporter, actor.key, reason, now, place)
            number = await unit.reports.add(report)
            if number is None:
                raise Rejected(Rejection.REPORTED_BEFORE)
            # One after another: else many at once would all find room below the limit.
            await unit.accounts.lock(user_account(reporter), now=now)
            if await unit.reports.count(reporter, since=now - _DAY) > MOST_REPORTS_A_DAY:
                raise Rejected(Rejection.TOO_MANY_REPORTS, limit=MOST_REPORTS_A_DAY)
            await unit.commit()
        self._news.tell(Reported(replace(report, id=number), job))

    async def open_reports(self, actor: Actor) -> list[Report]:
        """What waits for a decision, oldest first, at most 500. Raises `Rejected` for anybody but operators."""
        self._operators.check(actor)
        async with self._open_unit() as unit:
            return list(await unit.reports.open(limit=_MOST_SHOWN))

    async def job(self, actor: Actor, report_id: ReportId) -> Job:
        """The job that an open report is about, private or not. Raises `Rejected` for anybody but operators."""
        self._operators.check(actor)
        async with self._open_unit() as unit:
            return (await _reported(unit, report_id))[1]

    async def close(self, actor: Actor, report_id: ReportId, *, delete_picture: bool = False) -> None:
        """Decide: leave the picture, or delete the request with all its pictures, its message in the chat included.

        Deleting closes all reports about that request. Raises `Rejected` for anybody but operators, and for a report
        that is not open (any more).
        """
        self._operators.check(actor)
        now = self._clock.now()
        closed: Sequence[Report] = ()
        async with self._open_unit() as unit:
            _, job = await _reported(unit, report_id)
            if delete_picture:
                if not await unit.history.hide(job.id, now=now):
                    raise Rejected(Rejection.JOB_NOT_DONE)
                closed = await unit.reports.close_all(job.id, now=now)
            elif not await unit.reports.close(report_id, now=now):
                raise Rejected(Rejection.REPORT_UNKNOWN)
            detail = "deleted" if delete_picture else "kept"
            await unit.audit.add(AuditEntry(now, actor.key, AuditAction.REPORT_CLOSE, job.id, detail))
            await unit.commit()
        if delete_picture:
            places = [job.reply_to, *(report.place for report in closed)]
            self._news.tell(TakenDown(job, tuple(place for place in places if place is not None)))
            await self._keeper.release({*job.request.references, *(one.picture for one in job.pictures)})

    def operators_on(self, platform: Platform) -> tuple[str, ...]:
        """The ids of the operators whom that platform can tell something."""
        keys = (key.partition(":") for key in sorted(self._operators.keys))
        return tuple(external_id for name, _, external_id in keys if name == platform.value)

    def news(self) -> AsyncIterator[News]:
        """What is reported and taken down from now on, for platforms; ends when closed."""
        return self._news.follow()


async def _reported(unit: UnitOfWork, report_id: ReportId) -> tuple[Report, Job]:
    report = await unit.reports.get(report_id) if 0 < report_id < _MOST_IDS else None
    job = await unit.jobs.get(report.job_id) if report is not None else None
    if report is None or job is None:
        raise Rejected(Rejection.REPORT_UNKNOWN)
    return report, job


def _checked_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Rejected(Rejection.REPORT_WITHOUT_REASON)
    if len(reason) > REASON_CHARS:
        raise Rejected(Rejection.REPORT_REASON_TOO_LONG, limit=REASON_CHARS)
    return reason
