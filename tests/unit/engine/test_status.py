"""One status, many readers, no backlog."""

from __future__ import annotations

import asyncio

import pytest

from adapters.engine.status import StatusBoard
from bot.domain.engines import EngineState
from bot.ports.engine import EngineInfo, EngineLost, EngineStatus, UpscalerInfo

INFO = EngineInfo(
    label="toy model",
    revision="r1",
    is_toy=True,
    device="cpu",
    profile="cpu",
    native_side_px=256,
    upscaler=UpscalerInfo("small", "s1"),
)
READY = EngineStatus(EngineState.READY, 1.0, info=INFO)


def warming(fraction: float) -> EngineStatus:
    return EngineStatus(EngineState.WARMING_UP, fraction)


async def test_a_reader_gets_the_present_status_at_once() -> None:
    board = StatusBoard()
    board.publish(warming(0.3))
    assert await anext(board.watch()) == warming(0.3)


async def test_a_slow_reader_finds_only_the_latest() -> None:
    board = StatusBoard()
    watching = board.watch()
    assert await anext(watching) == EngineStatus(EngineState.STARTING)
    for percent in range(100):
        board.publish(warming(percent / 100))
    board.publish(READY)
    assert await anext(watching) == READY


async def test_waiting_readers_are_all_woken_once_for_each_change() -> None:
    board = StatusBoard()
    seen: list[list[EngineStatus]] = [[], []]

    async def read(into: list[EngineStatus]) -> None:
        into.extend([status async for status in board.watch()])

    readers = [asyncio.create_task(read(into)) for into in seen]
    for status in (warming(0.5), warming(0.5), READY):
        board.publish(status)
        for _ in range(5):
            await asyncio.sleep(0)
    board.close()
    await asyncio.gather(*readers)
    assert seen == [[warming(0.5), READY]] * 2


async def test_closing_ends_readers_and_fails_those_who_wait_for_ready() -> None:
    board = StatusBoard()
    waiting = asyncio.create_task(board.wait_ready())
    await asyncio.sleep(0)
    board.close()
    with pytest.raises(EngineLost):
        await waiting
    assert [status async for status in board.watch()] == []
    assert board.status == EngineStatus(EngineState.STARTING)


async def test_wait_ready_returns_what_is_loaded() -> None:
    board = StatusBoard()
    waiting = asyncio.create_task(board.wait_ready())
    await asyncio.sleep(0)
    board.publish(warming(0.9))
    board.publish(READY)
    assert await waiting == INFO
