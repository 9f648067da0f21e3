"""What all tests share: one PostgreSQL server for each worker, started when the first test wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.postgres import Cluster, running_cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A server; tests that stop it start their own."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated_template(postgres: Cluster) -> str:
    """A database with our tables in it, to be copied."""
    from storage.database import upgrade  # most tests need no database

    name = postgres.create()
    # In a thread: the fixture may be asked for while the test's event loop runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade(postgres.url(name))).result()
    return name


@pytest.fixture
def postgres_url(postgres: Cluster, migrated_template: str) -> Iterator[str]:
    """A database of the test's own, with our tables and no rows."""
    name = postgres.create(migrated_template)
    yield postgres.url(name)
    postgres.drop(name)
