"""The step that brings the audit log, reports and withheld pictures, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.domain.actors import Actor, Platform
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.jobs import FailureKind, Job, JobState, ResultPicture
from bot.domain.requests import GenerationRequest
from storage.database import Database, upgrade
from storage.migrations.runner import run_downgrade
from tests.migration.conftest import run, tables_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
REQUEST = GenerationRequest("a fox", None, (), 512, 512, False, 25, 4.0, 512, 7)
PICTURE = ResultPicture(0, "7" * 64, 7, None, 512, 512, 12.5, "USO", "0123abc", is_toy=False)


async def test_the_way_back_forgets_both_tables_and_keeps_every_job(url: str) -> None:
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        owner = await unit.users.resolve(Actor(Platform.TELEGRAM, "42"), now=NOW)
        failed = Job("withheldjob1", owner, REQUEST, JobState.FAILED, "a", NOW, failure=FailureKind.WITHHELD)
        await unit.jobs.add(failed)
        await unit.jobs.add(Job("drawnjob0001", owner, REQUEST, JobState.DONE, "b", NOW, pictures=(PICTURE,)))
        await unit.audit.add(AuditEntry(NOW, "command line", AuditAction.PAUSE))
        await unit.commit()
    await database.close()

    await run(url, lambda connection: run_downgrade(connection, "0004"))

    assert not {"audit_log", "reports"} & await tables_of(url)
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        old, drawn = await unit.jobs.get("withheldjob1"), await unit.jobs.get("drawnjob0001")
        assert await unit.audit.recent(limit=9) == ()
    await database.close()
    assert old is not None
    assert old.failure is FailureKind.REFUSED_BY_MODEL
    assert drawn is not None
    assert drawn.pictures == (PICTURE,)


async def test_what_a_newer_release_wrote_down_is_shown_with_its_own_word(url: str) -> None:
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        await unit.audit.add(AuditEntry(NOW, "command line", AuditAction.PAUSE, "", "at night"))
        await unit.commit()
    newer = sa.text("UPDATE audit_log SET action = 'hibernate'")
    await run(url, lambda connection: connection.execute(newer))
    async with database.unit_of_work() as unit:
        [entry] = await unit.audit.recent(limit=9)
    await database.close()
    assert (entry.action, entry.detail) == (AuditAction.OTHER, "hibernate at night")
