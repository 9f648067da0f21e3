"""The engine's soak, reduced, and that its verdict sees what it is to see."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.engine.settings import DeviceChoice, EngineSettings
from benchmarks.machine import machine
from bot.ports.engine import EngineMemory
from tests.soak.engine import GROWTH_BYTES, Answer, Soak, as_data, as_markdown, plot_of, soak
from tests.soak.engine_plan import Kind, requests

REQUESTS = 32
# So few fill the caches no more than once: what is shown here is that it works, not that nothing grows.
REDUCED_GROWTH_BYTES = 8 * GROWTH_BYTES


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Soak:
    """One run for all tests."""
    settings = EngineSettings(tmp_path_factory.mktemp("soak"), device=DeviceChoice.CPU, threads=1)
    return asyncio.run(soak(REQUESTS, 7, settings))


def test_all_requests_end_as_they_should_in_one_process(run: Soak) -> None:
    planned = list(requests(REQUESTS, 7))
    assert [answer.kind for answer in run.answers] == [request.kind for request in planned]
    endings = Counter(answer.ending for answer in run.answers)
    assert set(endings) == {"done", "cancelled"}
    assert endings["cancelled"] == sum(request.cancelled_after is not None for request in planned)
    assert len(run.process_ids) == 1
    assert all(answer.late_steps <= 1 for answer in run.answers)
    assert {request.kind for request in planned[: len(Kind)]} == set(Kind)


def test_the_memory_does_not_grow_without_end(run: Soak) -> None:
    assert all(0 < answer.memory.reserved_bytes < answer.memory.total_bytes for answer in run.answers)
    assert run.growth_bytes < REDUCED_GROWTH_BYTES


def test_growth_late_steps_and_a_replaced_engine_are_seen(run: Soak) -> None:
    last = run.answers[-1].memory
    more = EngineMemory(last.used_bytes, last.reserved_bytes + 2 * REDUCED_GROWTH_BYTES, last.total_bytes)
    grown = replace(run, answers=(*run.answers[:-1], Answer("text", "cancelled", 2, more)), process_ids=(1, 2))
    assert len(grown.faults) == 3
    assert "MiB more in the end" in grown.faults[0]
    assert "**" + "; ".join(grown.faults) + "**" in as_markdown(grown, machine())
    steady = tuple(replace(answer, memory=last) for answer in run.answers)
    assert replace(run, answers=steady).faults == []


def test_start_and_end_are_told(run: Soak, tmp_path: Path) -> None:
    data = as_data(run, machine())
    assert (data["start_bytes"], data["end_bytes"]) == run.reserved[:2]
    report = as_markdown(run, machine())
    assert f"| end: after {REQUESTS} requests |" in report
    assert plot_of(run.answers).lstrip().startswith("<?xml")
