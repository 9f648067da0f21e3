"""Real engine processes, started and ended for each test."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from adapters.engine.process import EngineProcess
from adapters.engine.settings import DeviceChoice, EngineSettings
from bot.ports.engine import EngineTask
from tests.support.tasks import engine_task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def toy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine-cache")


@pytest.fixture
def settings(toy_cache: Path) -> EngineSettings:
    return EngineSettings(
        cache_folder=toy_cache, device=DeviceChoice.CPU, threads=1, backoff_first_s=0.01, backoff_max_s=0.05
    )


@pytest_asyncio.fixture
async def start_engine() -> AsyncIterator[Callable[[EngineSettings], Awaitable[EngineProcess]]]:
    """Start engines, and close them when the test is over."""
    engines: list[EngineProcess] = []

    async def start(settings: EngineSettings) -> EngineProcess:
        engines.append(EngineProcess(settings))
        await engines[-1].start()
        return engines[-1]

    yield start
    for engine in engines:
        await engine.close()


@pytest.fixture
def wait_for_end() -> Callable[[int], Awaitable[None]]:
    """Wait until the process of that number has ended."""

    async def wait(pid: int) -> None:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        has_ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(descriptor, has_ended.set)
        try:
            await asyncio.wait_for(has_ended.wait(), 60.0)
        finally:
            asyncio.get_running_loop().remove_reader(descriptor)
            os.close(descriptor)

    return wait


@pytest.fixture
def endless_task() -> EngineTask:
    """More steps than any test has patience for."""
    return engine_task(job_id="endless", steps=1000, preview_every=0)
