"""Every storage under test, and the rows the stories are told with."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.domain.actors import Actor, Platform, ReplyAddress, UserId
from bot.domain.jobs import Job, JobState, ResultPicture, new_job_id
from bot.domain.requests import GenerationRequest
from bot.ports.images import ImageStore
from bot.ports.storage import UnitOfWorkFactory
from storage.database import Database, upgrade
from storage.image_store import FolderImageStore
from storage.memory import MemoryImageStore, MemoryStorage

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@asynccontextmanager
async def _memory(_request: pytest.FixtureRequest) -> AsyncIterator[UnitOfWorkFactory]:
    yield MemoryStorage().unit_of_work


@asynccontextmanager
async def _sqlite(request: pytest.FixtureRequest) -> AsyncIterator[UnitOfWorkFactory]:
    url = f"sqlite+aiosqlite:///{request.getfixturevalue('tmp_path') / 'bot.db'}"
    await upgrade(url)
    database = await Database.open(url)
    yield database.unit_of_work
    await database.close()


@asynccontextmanager
async def _postgres(request: pytest.FixtureRequest) -> AsyncIterator[UnitOfWorkFactory]:
    database = await Database.open(request.getfixturevalue("postgres_url"))
    yield database.unit_of_work
    await database.close()


# Another database joins the whole suite with one entry here.
_DATABASES: dict[str, Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[UnitOfWorkFactory]]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "postgresql": _postgres,
}


@pytest.fixture(params=_DATABASES)
async def unit_of_work(request: pytest.FixtureRequest) -> AsyncIterator[UnitOfWorkFactory]:
    async with _DATABASES[request.param](request) as factory:
        yield factory


@pytest.fixture(params=["memory", "folder"])
def images(request: pytest.FixtureRequest, tmp_path: Path) -> ImageStore:
    return MemoryImageStore() if request.param == "memory" else FolderImageStore(tmp_path / "pictures")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def actor() -> Actor:
    return Actor(Platform.DISCORD, "80351110224678912", name="Nelly", locale="de")


@pytest.fixture
async def owner(unit_of_work: UnitOfWorkFactory, actor: Actor) -> UserId:
    async with unit_of_work() as unit:
        user_id = await unit.users.resolve(actor, now=NOW)
        await unit.commit()
    return user_id


@pytest.fixture
async def stranger(unit_of_work: UnitOfWorkFactory) -> UserId:
    """Somebody else."""
    async with unit_of_work() as unit:
        user_id = await unit.users.resolve(Actor(Platform.WEB, "stranger", name="Otto"), now=NOW)
        await unit.commit()
    return user_id


class MakeJob(Protocol):
    def __call__(self, **changes: Any) -> Job: ...


@pytest.fixture
def make_job(owner: UserId) -> MakeJob:
    """Make queued jobs of `owner`; fields of the request can be changed by name like those of the job."""
    numbers = itertools.count()
    plain = GenerationRequest(
        prompt="a clay cat",
        subject=None,
        styles=(),
        width=1024,
        height=768,
        keep_size=False,
        steps=25,
        guidance=4.0,
        subject_size=512,
        seed=7,
    )

    def make(**changes: Any) -> Job:
        asked = {name: changes.pop(name) for name in list(changes) if name in GenerationRequest.__dataclass_fields__}
        number = next(numbers)
        job = Job(
            id=new_job_id(),
            owner=owner,
            request=replace(plain, **asked),
            state=JobState.QUEUED,
            event_key=f"discord:interaction:{number}",
            created_at=NOW,
            reply_to=ReplyAddress(Platform.DISCORD, {"channel": "12", "message": number}),
        )
        return replace(job, **changes)

    return make


AddJob = Callable[[Job], Awaitable[Job]]


@pytest.fixture
def add_job(unit_of_work: UnitOfWorkFactory) -> AddJob:
    """Store a job and return it with its number."""

    async def add(job: Job) -> Job:
        async with unit_of_work() as unit:
            await unit.jobs.add(job)
            stored = await unit.jobs.get(job.id)
            await unit.commit()
        assert stored is not None
        return replace(job, number=stored.number)

    return add


class MakePicture(Protocol):
    def __call__(self, **changes: Any) -> ResultPicture: ...


@pytest.fixture
def make_picture() -> MakePicture:
    plain = ResultPicture(
        index=0,
        picture="d" * 64,
        seed=7,
        variation_seed=None,
        width=1024,
        height=768,
        duration_s=12.5,
        model_label="USO",
        model_revision="0123abc",
        is_toy=False,
    )
    return lambda **changes: replace(plain, **changes)
