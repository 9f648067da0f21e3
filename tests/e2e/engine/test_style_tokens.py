"""What was computed from prompts and pictures survives the engine's process, and goes when it is to be forgotten."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from adapters.engine.process import EngineProcess
from adapters.engine.settings import EngineSettings
from adapters.engine.style_tokens import StyleTokenFolder
from bot.ports.engine import PictureDone
from tests.support.pictures import png
from tests.support.tasks import engine_task

Starter = Callable[[EngineSettings], Awaitable[EngineProcess]]
STYLES = (png(40, 30, (9, 90, 200)), png(30, 40, (200, 90, 9)))
SUBJECT = png(50, 40, (20, 200, 20))


async def draw(engine: EngineProcess) -> bytes:
    task = engine_task(width=256, height=256, steps=1, subject=SUBJECT, styles=STYLES, preview_every=0)
    (done,) = [event async for event in engine.generate(task) if isinstance(event, PictureDone)]
    return done.rgb


async def test_tokens_are_read_by_the_next_process(
    settings: EngineSettings, start_engine: Starter, tmp_path: Path
) -> None:
    plain = await start_engine(settings)
    without = await draw(plain)
    await plain.close()
    keeping = replace(settings, style_cache_folder=tmp_path / "tokens")
    first = await start_engine(keeping)
    assert await draw(first) == without
    await first.close()
    written = {path: path.stat().st_ino for path in (tmp_path / "tokens").glob("*/*.safetensors")}
    assert len(written) == 4, "prompt, subject and two styles, and not what the engine practised with"
    for path in written:
        os.utime(path, (1, 1))

    second = await start_engine(keeping)
    assert await draw(second) == without
    assert {path: path.stat().st_ino for path in written} == written, "nothing was written anew"
    assert all(path.stat().st_mtime > 1 for path in written), "all were read"

    folder = StyleTokenFolder(tmp_path / "tokens")
    await folder.forget(STYLES[0])
    await folder.forget(SUBJECT)
    assert sum(path.exists() for path in written) == 2
    await folder.forget_prompts()
    assert sum(path.exists() for path in written) == 1
