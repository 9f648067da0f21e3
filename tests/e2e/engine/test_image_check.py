"""The image check as it runs: a real classifier in a process of its own."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from adapters.engine.image_check.process import CheckSettings, ImageCheckProcess
from bot.ports.image_check import CheckFailed, CheckState
from tests.support.tiny_classifier import make_classifier

RED, GREEN, REDDISH = (255, 0, 0), (0, 255, 0), (140, 100, 0)


def picture(colour: tuple[int, int, int], kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(file, kind)
    return file.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_classifier(tmp_path_factory.mktemp("image-check"))


def settings(folder: Path, flagged_from: float = 0.5) -> CheckSettings:
    return CheckSettings(folder, ("nsfw",), flagged_from)


@pytest.fixture
async def check(folder: Path) -> AsyncIterator[ImageCheckProcess]:
    check = ImageCheckProcess(settings(folder))
    yield check
    await check.close()


async def test_pictures_of_every_kind_are_told_apart(check: ImageCheckProcess) -> None:
    assert check.state().state is CheckState.READY
    for kind in ("PNG", "JPEG", "WEBP"):
        assert await check.flags(picture(RED, kind))
        assert not await check.flags(picture(GREEN, kind))


async def test_many_at_once_each_get_their_own_answer(check: ImageCheckProcess) -> None:
    colours = [RED, GREEN, GREEN, RED, GREEN, RED]
    answers = await asyncio.gather(*(check.flags(picture(colour)) for colour in colours))
    assert answers == [colour is RED for colour in colours]


async def test_the_probability_from_which_on_a_picture_is_flagged_counts(folder: Path) -> None:
    for flagged_from, is_flagged in ((0.5, True), (0.99, False)):
        check = ImageCheckProcess(settings(folder, flagged_from))
        assert await check.flags(picture(REDDISH)) is is_flagged
        await check.close()


async def test_what_is_no_picture_fails_alone(check: ImageCheckProcess) -> None:
    with pytest.raises(CheckFailed, match="UnidentifiedImageError"):
        await check.flags(b"no picture")
    assert await check.flags(picture(RED))


async def test_a_process_that_dies_is_replaced(check: ImageCheckProcess) -> None:
    assert await check.flags(picture(RED))
    first = check.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    with pytest.raises(CheckFailed, match="is gone"):
        await check.flags(picture(RED))
    assert await check.flags(picture(RED))
    assert check.pid not in {None, first}


async def test_who_gives_up_waiting_gets_nobody_elses_answer(check: ImageCheckProcess) -> None:
    assert not await check.flags(picture(GREEN))
    waiting = asyncio.create_task(check.flags(picture(RED)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not await check.flags(picture(GREEN))


async def test_without_weights_nothing_is_flagged_and_nothing_is_started(tmp_path: Path) -> None:
    check = ImageCheckProcess(settings(tmp_path / "none"))
    assert check.state().state is CheckState.OFF
    assert not await check.flags(picture(RED))
    assert check.pid is None
    await check.close()


async def test_damaged_weights_are_told_and_let_nothing_pass(folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "preprocessor_config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    check = ImageCheckProcess(settings(tmp_path))
    for _ in range(2):
        with pytest.raises(CheckFailed, match="can not be loaded"):
            await check.flags(picture(GREEN))
        assert check.state().state is CheckState.BROKEN
    assert check.pid is None


async def test_the_process_ends_with_its_input(check: ImageCheckProcess) -> None:
    await check.flags(picture(GREEN))
    assert check.pid is not None
    pid = check.pid
    await check.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
