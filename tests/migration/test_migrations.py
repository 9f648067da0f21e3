"""The migrations lead from an empty file to the tables of the code, and back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.domain.actors import Actor, Platform
from storage.database import Database, open_engine, upgrade
from storage.errors import SchemaUnknown
from storage.migrations.runner import run_downgrade
from storage.tables import Table

Result = TypeVar("Result")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def run(url: str, work: Callable[[sa.Connection], Result]) -> Result:
    engine = open_engine(url, enforce_foreign_keys=False)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def tables_of(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def describe(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """All that the database itself says of our tables, lists in an order that does not depend on how they were made."""
    inspector = sa.inspect(connection)

    def in_order(found: Any) -> list[str]:
        return sorted(repr(sorted(entry.items())) for entry in found)

    return {
        table: {
            "columns": in_order({**column, "type": str(column["type"])} for column in inspector.get_columns(table)),
            "key": inspector.get_pk_constraint(table),
            "indexes": in_order(inspector.get_indexes(table)),
            "unique": in_order(inspector.get_unique_constraints(table)),
            "foreign": in_order(inspector.get_foreign_keys(table)),
            "checks": in_order(inspector.get_check_constraints(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


async def test_an_empty_file_gets_all_tables(url: str, file: Path) -> None:
    await upgrade(url)

    assert tables_of(file) == {*Table.metadata.tables, "alembic_version"}


async def test_alembic_finds_nothing_left_to_migrate(url: str) -> None:
    await upgrade(url)

    def differences(connection: sa.Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Table.metadata)

    assert await run(url, differences) == []


async def test_migrated_tables_equal_created_ones_down_to_their_checks(url: str, tmp_path: Path) -> None:
    created_url = f"sqlite+aiosqlite:///{tmp_path / 'created.db'}"
    await upgrade(url)
    await run(created_url, Table.metadata.create_all)

    migrated, created = await run(url, describe), await run(created_url, describe)

    assert migrated == created
    assert len(created["jobs"]["checks"]) == 6


async def test_upgrading_again_keeps_everything(url: str) -> None:
    actor, now = Actor(Platform.WEB, "local"), datetime(2026, 3, 1, tzinfo=UTC)
    await upgrade(url)
    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        user_id = await unit.users.resolve(actor, now=now)
        await unit.commit()
    await database.close()

    await upgrade(url)

    database = await Database.open(url)
    async with database.unit_of_work() as unit:
        assert await unit.users.find(actor) == user_id
    await database.close()


async def test_the_way_back_leads_to_nothing_and_forth_again(url: str, file: Path) -> None:
    await upgrade(url)
    await run(url, lambda connection: run_downgrade(connection, "base"))
    assert tables_of(file) == {"alembic_version"}

    await upgrade(url)
    assert tables_of(file) == {*Table.metadata.tables, "alembic_version"}


async def test_several_starts_at_once_upgrade_once(url: str, file: Path) -> None:
    await asyncio.gather(*(upgrade(url) for _ in range(4)))

    assert tables_of(file) == {*Table.metadata.tables, "alembic_version"}
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


async def test_an_upgrade_that_fails_halfway_leaves_the_database_as_it_was(url: str, file: Path) -> None:
    last_created = "pictures"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"CREATE TABLE {last_created} (somebody TEXT)")

    with pytest.raises(sa.exc.OperationalError, match="already exists"):
        await upgrade(url)

    assert tables_of(file) == {last_created}


async def test_a_database_of_a_newer_bot_is_left_alone(url: str, file: Path) -> None:
    await upgrade(url)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(SchemaUnknown) as raised:
        await upgrade(url)

    assert raised.value.revision == "9999"
