"""Reports: anybody points at what they can see, operators decide."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.domain.actors import Actor, Platform, ReplyAddress, Server
from bot.domain.audit import AuditAction
from bot.domain.cards import Phase
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import Job
from bot.domain.requests import Draft
from bot.services.moderation_news import News, Reported, TakenDown
from bot.services.reports import MOST_REPORTS_A_DAY
from bot.services.submit import Origin
from storage.memory import MemoryImageStore
from tests.support.spine import SpineKit, running_spine

ADA = Actor(Platform.DISCORD, "80351110224678912")
ANN = Actor(Platform.DISCORD, "1", name="Ann")
BOB = Actor(Platform.TELEGRAM, "42", name="Bob")
PAGE = Actor(Platform.WEB, "local")
CARD = ReplyAddress(Platform.DISCORD, {"message": 7})
OPERATORS = (ADA.key, "telegram:7", "discord:5")


async def drawn(kit: SpineKit, actor: Actor = ANN, **changes: object) -> Job:
    draft = replace(Draft("a fish", steps=1), **changes)  # type: ignore[arg-type]
    async with kit.open_unit() as unit:
        event = f"event {len(await unit.jobs.unfinished())} {changes}"
    job = (await kit.application.submit(Origin(actor, event, CARD), draft)).job
    await kit.until(job.id, Phase.DONE)
    return await kit.job(job.id)


async def refusal(asked: object) -> Rejection:
    with pytest.raises(Rejected) as raised:
        await asked  # type: ignore[misc]
    return raised.value.rejection


async def test_a_report_waits_for_an_operator_with_its_reason_on_one_line() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        job, reports = await drawn(kit), kit.application.reports
        await reports.report(BOB, job.id, 0, "  that is\nmy face ")
        for operator in (ADA, PAGE):
            [report] = await reports.open_reports(operator)
            assert (report.job_id, report.index, report.by, report.reason) == (job.id, 0, BOB.key, "that is my face")
            assert report.at == kit.clock.now()
            assert (await reports.job(operator, report.id)).id == job.id


async def test_only_operators_read_and_close_reports() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        job, reports = await drawn(kit), kit.application.reports
        await reports.report(BOB, job.id, 0, "no")
        [report] = await reports.open_reports(ADA)
        moderator = replace(BOB, server=Server(Platform.TELEGRAM, "-1"), is_moderator=True)
        for actor in (ANN, BOB, moderator):
            assert await refusal(reports.open_reports(actor)) is Rejection.OPERATORS_ONLY
            assert await refusal(reports.job(actor, report.id)) is Rejection.OPERATORS_ONLY
            assert await refusal(reports.close(actor, report.id)) is Rejection.OPERATORS_ONLY
        assert await reports.open_reports(ADA) == [report]


async def test_only_what_one_can_see_is_reported_once_and_with_a_reason() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        job, private, reports = await drawn(kit), await drawn(kit, private=True), kit.application.reports
        assert await refusal(reports.report(BOB, private.id, 0, "no")) is Rejection.JOB_NOT_YOURS
        assert await refusal(reports.report(BOB, "unknownjob01", 0, "no")) is Rejection.JOB_UNKNOWN
        assert await refusal(reports.report(BOB, job.id, 1, "no")) is Rejection.PICTURE_UNKNOWN
        assert await refusal(reports.report(BOB, job.id, 0, " \n")) is Rejection.REPORT_WITHOUT_REASON
        assert await refusal(reports.report(BOB, job.id, 0, "x" * 501)) is Rejection.REPORT_REASON_TOO_LONG
        await reports.report(BOB, job.id, 0, "x" * 500)
        assert await refusal(reports.report(BOB, job.id, 0, "again")) is Rejection.REPORTED_BEFORE
        await kit.application.operations.block(ADA, ANN, "spam")
        assert await refusal(reports.report(ANN, job.id, 0, "no")) is Rejection.BLOCKED
        assert len(await reports.open_reports(ADA)) == 1


async def test_one_person_reports_so_many_a_day_also_all_at_once() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        reports = kit.application.reports
        jobs = [await drawn(kit, seed=number, count=4) for number in range(3)]
        asked = (reports.report(BOB, job.id, index, "no") for job in jobs for index in range(4))
        answers = await asyncio.gather(*asked, return_exceptions=True)
        refused = [answer.rejection for answer in answers if isinstance(answer, Rejected)]
        assert refused == [Rejection.TOO_MANY_REPORTS] * (12 - MOST_REPORTS_A_DAY)
        assert len(await reports.open_reports(ADA)) == MOST_REPORTS_A_DAY
        await reports.report(ANN, jobs[2].id, 3, "somebody else still may")
        kit.clock.advance(24 * 3600 + 1)
        await reports.report(BOB, jobs[2].id, 3, "the next day")


async def test_closing_keeps_the_picture_or_deletes_it_and_is_in_the_audit_log() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        assert isinstance(kit.images, MemoryImageStore)
        reports, history = kit.application.reports, kit.application.history
        kept, deleted = await drawn(kit, seed=1), await drawn(kit, seed=2, count=2)
        await reports.report(BOB, kept.id, 0, "no")
        await reports.report(BOB, deleted.id, 0, "no")
        await reports.report(BOB, deleted.id, 1, "no")
        of_kept, of_deleted, _ = await reports.open_reports(ADA)

        await reports.close(ADA, of_kept.id)
        assert (await history.job(ANN, kept.id)).id == kept.id
        await reports.close(PAGE, of_deleted.id, delete_picture=True)
        assert await refusal(history.job(ANN, deleted.id)) is Rejection.JOB_UNKNOWN
        assert len(kit.images) == 1, "the files of the deleted job are gone"

        assert await reports.open_reports(ADA) == []
        for closed in (of_kept, of_deleted):
            assert await refusal(reports.close(ADA, closed.id)) is Rejection.REPORT_UNKNOWN
            assert await refusal(reports.job(ADA, closed.id)) is Rejection.REPORT_UNKNOWN
        for number in (-1, 0, 12345, 2**63, 10**30):
            assert await refusal(reports.close(ADA, number)) is Rejection.REPORT_UNKNOWN
        assert [(one.by, one.action, one.subject, one.detail) for one in await kit.application.audit.recent(ADA)] == [
            (PAGE.key, AuditAction.REPORT_CLOSE, deleted.id, "deleted"),
            (ADA.key, AuditAction.REPORT_CLOSE, kept.id, "kept"),
        ]


async def test_a_report_ends_when_its_owner_deletes_the_picture() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        job, reports = await drawn(kit), kit.application.reports
        await reports.report(BOB, job.id, 0, "no")
        await kit.application.history.delete(ANN, job.id)
        assert await reports.open_reports(ADA) == []


async def test_platforms_are_told_of_reports_and_of_what_is_taken_down() -> None:
    async with running_spine(operators=OPERATORS) as kit:
        job, reports = await drawn(kit), kit.application.reports
        heard: list[News] = []

        async def listen() -> None:
            async with aclosing(reports.news()) as news:  # type: ignore[type-var]
                async for one in news:
                    heard.append(one)
                    if isinstance(one, TakenDown):
                        return

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        place = ReplyAddress(Platform.TELEGRAM, {"chat_id": 42})
        await reports.report(BOB, job.id, 0, "no", place=place)
        assert await refusal(reports.report(BOB, job.id, 0, "no")) is Rejection.REPORTED_BEFORE
        [report] = await reports.open_reports(ADA)
        await reports.close(ADA, report.id, delete_picture=True)
        await asyncio.wait_for(listening, 5)
        assert heard == [Reported(report, job), TakenDown(job, (CARD, place))]
    assert reports.operators_on(Platform.DISCORD) == ("5", "80351110224678912")
    assert reports.operators_on(Platform.TELEGRAM) == ("7",)
