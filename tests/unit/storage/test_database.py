"""How a database is opened, and what it refuses by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.actors import Actor, Platform
from bot.domain.jobs import Job, JobState
from bot.domain.requests import GenerationRequest
from bot.ports.storage import UnitOfWork
from storage.database import Database, upgrade
from storage.errors import DatabaseUnsupported
from storage.sql.connections import open_engine

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
REQUEST = GenerationRequest("a clay cat", None, (), 1024, 1024, False, 25, 4.0, 512, 7)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a folder" / "deeper" / "bot.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def add_job(unit: UnitOfWork, number: int) -> None:
    owner = await unit.users.resolve(Actor(Platform.WEB, "local"), now=NOW)
    await unit.jobs.add(Job(f"job{number}", owner, REQUEST, JobState.QUEUED, f"event{number}", NOW))


async def test_folders_are_made_and_rows_outlive_the_database_object(url: str, file: Path) -> None:
    await upgrade(url)
    for number in range(2):
        database = await Database.open(url)
        async with database.unit_of_work() as unit:
            await add_job(unit, number)
            await unit.commit()
        await database.close()

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT id, mode, state FROM jobs ORDER BY number").fetchall() == [
            ("job0", "text", "queued"),
            ("job1", "text", "queued"),
        ]
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (1,)


async def test_a_plain_sqlite_url_means_the_same(url: str) -> None:
    plain = url.replace("+aiosqlite", "")
    await upgrade(plain)
    database = await Database.open(plain)
    async with database.unit_of_work() as unit:
        assert await unit.jobs.unfinished() == ()
    await database.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 20_000)],
)
async def test_sqlite_is_set_up_for_durable_shared_use(url: str, pragma: str, value: str | int) -> None:
    engine = open_engine(url)
    async with engine.connect() as connection:
        assert await connection.scalar(sa.text(f"PRAGMA {pragma}")) == value
    await engine.dispose()


@pytest.mark.parametrize("url_without_file", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
async def test_a_database_without_file_is_refused(url_without_file: str) -> None:
    with pytest.raises(DatabaseUnsupported, match="needs a file"):
        await Database.open(url_without_file)
    with pytest.raises(DatabaseUnsupported, match="needs a file"):
        await upgrade(url_without_file)


@pytest.fixture
def no_database(file: Path) -> Path:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this is not a database" * 100)
    return file


@pytest.mark.usefixtures("no_database")
async def test_a_file_that_is_no_database_is_an_error_at_once(url: str) -> None:
    with pytest.raises(sa.exc.DatabaseError):
        await Database.open(url)


async def test_two_processes_worth_of_transactions_never_find_the_database_locked(url: str) -> None:
    await upgrade(url)
    databases = [await Database.open(url) for _ in range(2)]

    async def work(number: int) -> None:
        async with databases[number % 2].unit_of_work() as unit:
            await unit.jobs.unfinished()
            await add_job(unit, number)
            await unit.commit()

    await asyncio.gather(*(work(number) for number in range(20)))

    async with databases[0].unit_of_work() as unit:
        assert {job.id for job in await unit.jobs.unfinished()} == {f"job{number}" for number in range(20)}
    for database in databases:
        await database.close()


async def test_on_sqlite_a_transaction_has_seen_all_before_it(url: str) -> None:
    await upgrade(url)
    database = await Database.open(url)

    async def work() -> None:
        async with database.unit_of_work() as unit:
            await add_job(unit, len(await unit.jobs.unfinished()))
            await unit.commit()

    await asyncio.gather(*(work() for _ in range(20)))

    async with database.unit_of_work() as unit:
        assert [job.id for job in await unit.jobs.unfinished()] == [f"job{number}" for number in range(20)]
    await database.close()


async def test_a_database_that_is_open_can_be_read_by_others_during_a_transaction(url: str, file: Path) -> None:
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        await add_job(unit, 1)
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (0,)
        await unit.commit()
    await database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jobs SET state = 'lost'",
        "UPDATE jobs SET state = 'failed'",
        "UPDATE jobs SET failure = 'internal'",
        "UPDATE jobs SET mode = 'sculpture'",
        "UPDATE jobs SET owner = 'nobody'",
        "UPDATE identities SET platform = 'fax'",
        "UPDATE deliveries SET state = 'lost'",
        "UPDATE deliveries SET job_id = 'nosuchjob'",
        "DELETE FROM users",
    ],
)
async def test_the_database_itself_refuses_what_makes_no_sense(url: str, statement: str) -> None:
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        await add_job(unit, 1)
        await unit.outbox.add(job_id="job1", platform=Platform.WEB, now=NOW)
        await unit.commit()
    await database.close()

    engine = open_engine(url)
    async with engine.connect() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            await connection.execute(sa.text(statement))
    await engine.dispose()


async def test_a_deleted_job_takes_its_rows_along(url: str) -> None:
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        await add_job(unit, 1)
        await unit.outbox.add(job_id="job1", platform=Platform.WEB, now=NOW)
        await unit.commit()
    await database.close()

    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text("DELETE FROM jobs"))
        assert await connection.scalar(sa.text("SELECT count(*) FROM deliveries")) == 0
    await engine.dispose()
