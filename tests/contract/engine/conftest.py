"""The engines that must behave alike, each with a way to kill it."""

from __future__ import annotations

import asyncio
import os
import signal
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from adapters.engine.fake import FakeEngine
from adapters.engine.process import EngineProcess
from adapters.engine.settings import EngineSettings
from bot.ports.engine import EngineStatus, EngineTask
from tests.support.tasks import engine_task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.ports.engine import Engine

READY_TIMEOUT_S = 240.0


class EngineUnderTest(ABC):
    """An engine, what its status was from the first moment, and the power to kill it."""

    engine: Engine

    def __init__(self) -> None:
        self.statuses: list[EngineStatus] = []
        self._watcher: asyncio.Task[None] | None = None

    @abstractmethod
    def kill(self) -> None:
        """Make the engine die as if its process were shot."""

    @abstractmethod
    async def is_gone(self) -> bool:
        """Whether nothing is left of it after `close`."""

    async def start(self) -> None:
        """Start and wait until it is ready."""
        self._watcher = asyncio.create_task(self._watch())
        await asyncio.sleep(0)
        await self.engine.start()
        await self.wait_ready()

    async def wait_ready(self) -> None:
        """Wait until tasks are taken."""
        await asyncio.wait_for(self.engine.wait_ready(), READY_TIMEOUT_S)

    async def close(self) -> None:
        """End everything."""
        await self.engine.close()
        if self._watcher is not None:
            await asyncio.wait_for(self._watcher, READY_TIMEOUT_S)

    async def _watch(self) -> None:
        async for status in self.engine.watch_status():
            self.statuses.append(status)


class FakeUnderTest(EngineUnderTest):
    """The fake."""

    def __init__(self) -> None:
        super().__init__()
        self.engine: FakeEngine = FakeEngine()

    def kill(self) -> None:
        self.engine.lose()

    async def is_gone(self) -> bool:
        return not self.engine.is_working


class ProcessUnderTest(EngineUnderTest):
    """The real process with the toy model."""

    def __init__(self, cache_folder: Path) -> None:
        super().__init__()
        self.engine: EngineProcess = EngineProcess(
            EngineSettings(cache_folder=cache_folder, threads=1, backoff_first_s=0.01)
        )
        self._pids: list[int] = []

    async def wait_ready(self) -> None:
        await super().wait_ready()
        assert self.engine.pid is not None
        self._pids.append(self.engine.pid)

    def kill(self) -> None:
        assert self.engine.pid is not None
        os.kill(self.engine.pid, signal.SIGKILL)

    async def is_gone(self) -> bool:
        return self.engine.pid is None and not any(_exists(pid) for pid in self._pids)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="session")
def toy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine-cache")


def _new(kind: str, cache_folder: Path) -> EngineUnderTest:
    return FakeUnderTest() if kind == "fake" else ProcessUnderTest(cache_folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["fake", "process"])
async def lasting(request: pytest.FixtureRequest, toy_cache: Path) -> AsyncIterator[EngineUnderTest]:
    """One engine for a whole module: it has to heal from whatever a test does to it."""
    under_test = _new(request.param, toy_cache)
    await under_test.start()
    yield under_test
    await under_test.close()
    assert await under_test.is_gone()


@pytest_asyncio.fixture(loop_scope="module", params=["fake", "process"])
async def unstarted(request: pytest.FixtureRequest, toy_cache: Path) -> AsyncIterator[EngineUnderTest]:
    """An engine of the test's own."""
    under_test = _new(request.param, toy_cache)
    yield under_test
    await under_test.close()
    assert await under_test.is_gone()


@pytest.fixture
def small_task() -> EngineTask:
    return engine_task()


@pytest.fixture
def endless_task(small_task: EngineTask) -> EngineTask:
    """More steps than any test has patience for."""
    return replace(small_task, job_id="endless", steps=1000, preview_every=0)
