"""Empty databases of both kinds, and questions to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from storage.sql.connections import open_engine
from tests.support.postgres import Cluster

Result = TypeVar("Result")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bot.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


async def run(url: str, work: Callable[[sa.Connection], Result]) -> Result:
    """Work in one transaction, as migrations do."""
    engine = open_engine(url, for_migration=True)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def tables_of(url: str) -> set[str]:
    """The names of all tables."""
    return set(await run(url, lambda connection: sa.inspect(connection).get_table_names()))


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
