"""The engine's process when things go wrong: shot, hung, unable to start, orphaned."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from adapters.engine.process import EngineProcess
from adapters.engine.settings import DeviceChoice, EngineSettings
from bot.domain.engines import EngineState
from bot.ports.engine import EngineLost, EngineStatus, EngineTask, PictureDone, StepDone

TIMEOUT_S = 120.0
Starter = Callable[[EngineSettings], Awaitable[EngineProcess]]
ROOT = Path(__file__).parents[3]
FORMER_BOT = """
import asyncio, sys
from pathlib import Path
from adapters.engine.process import EngineProcess
from adapters.engine.settings import DeviceChoice, EngineSettings
from bot.ports.engine import EngineTask

async def main():
    engine = EngineProcess(EngineSettings(cache_folder=Path(sys.argv[1]), device=DeviceChoice.CPU, threads=1))
    await engine.start()
    await engine.wait_ready()
    task = EngineTask("j", "a cat", None, (), 256, 256, False, 1000, 4.0, 512, 1, None, 0)
    async for event in engine.generate(task):
        print(engine.pid, flush=True)

asyncio.run(main())
"""

BUILD_TOY = "import sys; from uso.toy import build_toy_weights; build_toy_weights(sys.argv[1], seed=0)"


@pytest.fixture
def toy_weights(tmp_path: Path) -> Path:
    folder = tmp_path / "complete"
    subprocess.run([sys.executable, "-c", BUILD_TOY, str(folder)], check=True, cwd=ROOT)
    return folder


async def wait_for_state(engine: EngineProcess, state: EngineState) -> EngineStatus:
    async with asyncio.timeout(TIMEOUT_S):
        async for status in engine.watch_status():
            if status.state is state:
                return status
    raise AssertionError("the engine was closed")


async def wait_ready(engine: EngineProcess) -> int:
    await asyncio.wait_for(engine.wait_ready(), TIMEOUT_S)
    assert engine.pid is not None
    return engine.pid


async def draw(engine: EngineProcess, task: EngineTask) -> PictureDone:
    async with asyncio.timeout(TIMEOUT_S):
        last = [event async for event in engine.generate(task)][-1]
    assert isinstance(last, PictureDone)
    return last


async def test_an_idle_process_is_left_in_peace_and_a_hung_one_is_replaced(
    settings: EngineSettings,
    start_engine: Starter,
    wait_for_end: Callable[[int], Awaitable[None]],
    endless_task: EngineTask,
) -> None:
    engine = await start_engine(replace(settings, step_timeout_s=2.0))
    pid = await wait_ready(engine)
    await draw(engine, replace(endless_task, steps=1))
    loop = asyncio.get_running_loop()
    later = loop.create_future()
    loop.call_later(2.5, later.set_result, None)  # longer than a task may be silent
    await later
    assert engine.pid == pid
    assert engine.status.state is EngineState.READY

    events = engine.generate(endless_task)
    assert isinstance(await anext(events), StepDone)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(EngineLost):
        await asyncio.wait_for(drain(events), TIMEOUT_S)
    await wait_for_end(pid)
    warming_up = await wait_for_state(engine, EngineState.WARMING_UP)
    assert warming_up.seconds_left is not None, "the first start was timed"
    assert 0.0 < warming_up.seconds_left < TIMEOUT_S
    assert await wait_ready(engine) != pid
    await draw(engine, replace(endless_task, steps=1))


async def test_a_process_that_hangs_while_loading_is_ended(
    settings: EngineSettings, start_engine: Starter, wait_for_end: Callable[[int], Awaitable[None]]
) -> None:
    engine = await start_engine(replace(settings, start_timeout_s=2.0, max_failed_starts=1))
    await wait_for_state(engine, EngineState.WARMING_UP)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await wait_for_end(pid)
    broken = await wait_for_state(engine, EngineState.BROKEN)
    assert broken.reason == "The engine process gave no sign of life for too long."


async def test_starts_that_keep_failing_break_the_engine_until_one_succeeds(
    settings: EngineSettings, start_engine: Starter
) -> None:
    engine = await start_engine(replace(settings, max_failed_starts=2))
    shot: list[int] = []
    async with asyncio.timeout(TIMEOUT_S):
        async for status in engine.watch_status():
            if status.state is EngineState.WARMING_UP and engine.pid is not None and engine.pid not in shot:
                shot.append(engine.pid)
                os.kill(engine.pid, signal.SIGKILL)
            if status.state is EngineState.BROKEN:
                break
    assert len(shot) == 2
    assert engine.status.reason == "The engine process died."
    watching = engine.watch_status()
    assert (await anext(watching)).state is EngineState.BROKEN
    assert (await asyncio.wait_for(anext(watching), TIMEOUT_S)).state is EngineState.READY


async def test_unusable_weights_break_the_engine_at_once_and_good_ones_heal_it(
    settings: EngineSettings, start_engine: Starter, toy_weights: Path, tmp_path: Path, endless_task: EngineTask
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    engine = await start_engine(replace(settings, weights_folder=weights))
    broken = await wait_for_state(engine, EngineState.BROKEN)
    assert broken.reason.startswith("The weights cannot be used: ")
    assert "missing" in broken.reason
    replace_folder(weights, toy_weights)
    await wait_ready(engine)
    assert (await draw(engine, replace(endless_task, steps=1))).width == 64


async def test_a_restart_waits_neither_for_other_weights_nor_for_a_pause(
    settings: EngineSettings, start_engine: Starter, toy_weights: Path, tmp_path: Path
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    engine = await start_engine(replace(settings, weights_folder=weights, backoff_first_s=3600.0, backoff_max_s=3600.0))
    await wait_for_state(engine, EngineState.BROKEN)
    replace_folder(weights, toy_weights)
    await engine.restart()
    assert engine.status.state is EngineState.STARTING
    await wait_ready(engine)


async def test_a_restart_ends_a_process_that_hangs(
    settings: EngineSettings, start_engine: Starter, wait_for_end: Callable[[int], Awaitable[None]]
) -> None:
    engine = await start_engine(settings)
    pid = await wait_ready(engine)
    os.kill(pid, signal.SIGSTOP)
    await engine.restart()
    await wait_for_end(pid)
    assert await wait_ready(engine) != pid


async def test_a_device_that_is_not_there_breaks_the_engine_at_once(
    settings: EngineSettings, start_engine: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    engine = await start_engine(replace(settings, device=DeviceChoice.CUDA))
    broken = await wait_for_state(engine, EngineState.BROKEN)
    assert broken.reason == "CUDA was asked for, but torch finds no CUDA device here."


async def test_a_damaged_toy_is_made_again_and_draws_at_its_scale(
    settings: EngineSettings, start_engine: Starter, tmp_path: Path, endless_task: EngineTask
) -> None:
    (tmp_path / "toy-0").mkdir()
    (tmp_path / "toy-0" / "config.json").write_text("{}")
    engine = await start_engine(replace(settings, cache_folder=tmp_path))
    await wait_ready(engine)
    assert engine.status.info is not None
    assert engine.status.info.is_toy
    assert names_in(tmp_path) == {"toy-0", "warm-up-seconds.json"}
    kept = replace(endless_task, subject=png((64, 48)), keep_size=True, steps=1)
    picture = await draw(engine, kept)
    assert (picture.width, picture.height) == (256, 192)


async def test_the_process_has_no_secrets_and_no_hub(
    settings: EngineSettings, start_engine: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "not-for-everyone")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    engine = await start_engine(settings)
    await wait_for_state(engine, EngineState.WARMING_UP)
    environment = environment_of(engine.pid)
    assert b"HF_HUB_OFFLINE=1" in environment
    assert not any(b"not-for-everyone" in entry for entry in environment)


@pytest.mark.parametrize("is_suspended", [False, True], ids=["loading", "suspended"])
async def test_closing_during_the_warm_up_ends_the_process(
    is_suspended: bool, settings: EngineSettings, start_engine: Starter
) -> None:
    engine = await start_engine(replace(settings, close_timeout_s=0.2))
    await wait_for_state(engine, EngineState.WARMING_UP)
    pid = engine.pid
    assert pid is not None
    if is_suspended:
        os.kill(pid, signal.SIGSTOP)
    await engine.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert engine.pid is None


async def test_the_process_does_not_outlive_the_bot_even_suspended(
    toy_cache: Path, wait_for_end: Callable[[int], Awaitable[None]]
) -> None:
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", FORMER_BOT, str(toy_cache)), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert bot.stdout is not None
    try:
        pid = int(await asyncio.wait_for(bot.stdout.readline(), TIMEOUT_S))
        os.kill(pid, signal.SIGSTOP)
    finally:
        bot.kill()
        await bot.communicate()
    await wait_for_end(pid)


def test_the_bot_side_never_loads_the_model() -> None:
    program = (
        "import sys, adapters.engine.process, adapters.engine.fake, adapters.engine.server;"
        "print([name for name in ('torch', 'uso', 'diffusers', 'transformers') if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert printed.stdout.strip() == "[]"


def replace_folder(empty: Path, complete: Path) -> None:
    empty.rmdir()
    complete.rename(empty)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def png(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "PNG")
    return file.getvalue()


def environment_of(pid: int | None) -> list[bytes]:
    return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")


async def drain(events: AsyncIterator[object]) -> None:
    async for _event in events:
        pass
