"""The migrations lead from an empty database, and from every released step, to the tables of the code, and back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.domain.actors import Actor, Platform
from bot.domain.histories import Search
from bot.domain.jobs import FailureKind, Job, JobState, Lineage, LineageKind, ResultPicture
from bot.domain.requests import GenerationRequest, upscale_request
from storage.database import Database, upgrade
from storage.errors import SchemaUnknown
from storage.migrations.runner import run_downgrade, run_upgrade
from storage.tables import Table
from tests.migration.conftest import describe, run, tables_of

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANN = Actor(Platform.TELEGRAM, "42")
PICTURE = ResultPicture(0, "7" * 64, 7, None, 512, 512, 12.5, "USO", "0123abc", is_toy=False)
ALL_TABLES = {*Table.metadata.tables, "alembic_version"}


async def test_an_empty_database_gets_all_tables(url: str) -> None:
    await upgrade(url)

    assert await tables_of(url) == ALL_TABLES


async def test_alembic_finds_nothing_left_to_migrate(url: str) -> None:
    await upgrade(url)

    def differences(connection: sa.Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Table.metadata)

    assert await run(url, differences) == []


async def test_migrated_tables_equal_created_ones_down_to_their_checks(url: str) -> None:
    await upgrade(url)
    migrated = await run(url, describe)
    await run(url, lambda connection: run_downgrade(connection, "base"))

    await run(url, Table.metadata.create_all)

    created = await run(url, describe)
    assert migrated == created
    assert len(created["jobs"]["checks"]) == 7


async def test_upgrading_again_keeps_everything(url: str) -> None:
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        user_id = await unit.users.resolve(ANN, now=NOW)
        await unit.commit()
    await database.close()

    await upgrade(url)

    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        assert await unit.users.find(ANN) == user_id
    await database.close()


async def test_the_way_back_leads_to_nothing_and_forth_again(url: str) -> None:
    await upgrade(url)
    await run(url, lambda connection: run_downgrade(connection, "base"))
    assert await tables_of(url) == {"alembic_version"}

    await upgrade(url)
    assert await tables_of(url) == ALL_TABLES


async def test_several_starts_at_once_upgrade_once(url: str) -> None:
    await asyncio.gather(*(upgrade(url) for _ in range(4)))

    assert await tables_of(url) == ALL_TABLES
    version = sa.text("SELECT version_num FROM alembic_version")
    assert len(await run(url, lambda connection: connection.execute(version).all())) == 1


async def test_an_upgrade_that_fails_halfway_leaves_the_database_as_it_was(url: str) -> None:
    last_created = "tray_pictures"
    await run(url, lambda connection: connection.execute(sa.text(f"CREATE TABLE {last_created} (somebody TEXT)")))

    with pytest.raises(sa.exc.DBAPIError, match="already exists"):
        await upgrade(url)

    assert await tables_of(url) == {last_created}


async def test_a_database_of_a_newer_bot_is_left_alone(url: str) -> None:
    await upgrade(url)
    await run(url, lambda connection: connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))

    with pytest.raises(SchemaUnknown) as raised:
        await upgrade(url)

    assert raised.value.revision == "9999"


FIRST_ROWS = Path(__file__).with_name("rows_0001.sql")


def fill_first_tables(connection: sa.Connection) -> None:
    """A person with a job of each kind, as the first release wrote them."""
    run_upgrade(connection, "0001")
    for statement in FIRST_ROWS.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            connection.execute(sa.text(statement.replace(":", r"\:")))


async def test_rows_of_the_first_release_are_kept_and_completed(url: str) -> None:
    await run(url, fill_first_tables)

    await upgrade(url)

    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        owner = await unit.users.find(ANN)
        assert owner == "a" * 32
        (found,) = (await unit.history.search(Search(owner, words=("ÖDE",)))).jobs
        assert (found.id, found.request.prompt, found.cost, found.weight) == ("firstjob0001", "Die Öde 50%", 0, 1)
        assert found.hidden_at is None
        assert found.request.subject == "5" * 64
        assert [picture.is_kept for picture in found.pictures] == [True]
        assert await unit.pictures.named(["5" * 64, "9" * 64, "0" * 64]) == {"5" * 64, "9" * 64}
        failed = await unit.jobs.get("firstjob0002")
        assert failed is not None
        assert (failed.state, failed.failure) == (JobState.FAILED, FailureKind.OUT_OF_MEMORY)
        assert failed.lineage is not None
        assert failed.lineage.kind is LineageKind.REROLL
        assert [identity.name for identity in await unit.users.identities(owner)] == [""]
    await database.close()


async def test_the_way_back_keeps_the_rows_that_the_first_release_knows(url: str) -> None:
    await run(url, fill_first_tables)
    await upgrade(url)
    new = sa.text(
        "UPDATE jobs SET lineage_kind = 'remix', failure = CASE WHEN failure IS NULL THEN NULL ELSE 'storage-full' END"
    )
    await run(url, lambda connection: connection.execute(new))

    await run(url, lambda connection: run_downgrade(connection, "0001"))

    query = sa.text("SELECT id, prompt, failure, lineage_kind, lineage_parent FROM jobs ORDER BY number")
    rows = [tuple(row) for row in await run(url, lambda connection: connection.execute(query).all())]
    assert rows == [
        ("firstjob0001", "Die Öde 50%", None, None, None),
        ("firstjob0002", "again", "internal", None, None),
    ]
    first = await run(url, describe)
    await run(url, lambda connection: run_downgrade(connection, "base"))
    await run(url, lambda connection: run_upgrade(connection, "0001"))
    assert await run(url, describe) == first


async def ids_in(url: str, table: str, column: str) -> list[str]:
    query = sa.text(f"SELECT {column} FROM {table}")
    return [str(row[0]) for row in await run(url, lambda connection: connection.execute(query).all())]


async def test_the_way_back_from_the_third_step_deletes_upscales_only(url: str) -> None:
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        owner = await unit.users.resolve(ANN, now=NOW)
        drawing = GenerationRequest("a fox", None, ("5" * 64,), 512, 512, False, 25, 4.0, 512, 7)
        drawn = Job("drawnjob0001", owner, drawing, JobState.DONE, "one", NOW, finished_at=NOW, pictures=(PICTURE,))
        enlarging = replace(drawn, id="upscaledjob1", event_key="two", request=upscale_request("6" * 64, (1024, 1024)))
        await unit.jobs.add(drawn)
        await unit.jobs.add(replace(enlarging, lineage=Lineage(LineageKind.UPSCALE, drawn.id, 0)))
        await unit.history.set_favourite(owner, enlarging.id, 0, is_on=True, now=NOW)
        await unit.commit()
    await database.close()

    await run(url, lambda connection: run_downgrade(connection, "0002"))

    for table, column in (("jobs", "id"), ("pictures", "job_id"), ("job_references", "job_id")):
        assert await ids_in(url, table, column) == ["drawnjob0001"]
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        assert await unit.jobs.get("drawnjob0001") == replace(drawn, number=1)
    await database.close()
