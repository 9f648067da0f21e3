"""A newcomer's first evening, played in an empty folder: clone, set up, examine, run, first picture, backup, move.

Only the installation is left out, which takes minutes (`make soak` plays it): the clone gets an environment that is
this one, and the cloned code runs in it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.browser.chromium import FLAGS, chromium_path
from tests.support.dockerfile import ROOT
from tests.support.pictures import png

START_S = 120.0
PICTURE_S = 240.0
PROGRAM = """#!/bin/sh
export PYTHONPATH={clone} PYTHONSAFEPATH=1
exec {python} -c 'from bot.cli import main; main()' "$@"
"""


@pytest.fixture
def chromium() -> str:
    """The system's browser; in CI it is there."""
    path = chromium_path()
    if path is None:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The repository as it is committed, with what `make install` leaves."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        reason = "this is no clone of the repository, or git is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path / "uso-bot"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)], check=True, timeout=120)
    program = folder / ".venv/bin/uso-bot"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM.format(clone=folder, python=sys.executable))
    program.chmod(0o755)
    (folder / ".venv/.installed").touch()
    return folder


@pytest.fixture
def environment(toy_cache: Path) -> dict[str, str]:
    """A shell without tokens."""
    hidden = ("DISCORD_TOKEN", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "HF_TOKEN", "MAKEFLAGS", "MAKELEVEL")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"XDG_CACHE_HOME": str(toy_cache)}


async def typed(folder: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """What a person types into the shell, and what it answers."""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, text=True, timeout=200, check=False
        )

    return await asyncio.to_thread(run)


@asynccontextmanager
async def make_run(folder: Path, environment: dict[str, str]) -> AsyncIterator[str]:
    """`make run`, until Ctrl-C; the address that it tells."""
    process = await asyncio.create_subprocess_exec(
        "make", "run", cwd=folder, env=environment, stderr=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert process.stderr is not None
    said = ""
    try:
        async with asyncio.timeout(START_S):
            while not (found := re.search(r"ready at (http://\S+)", said)):
                line = await process.stderr.readline()
                assert line, f"it ended: {said}"
                said += line.decode()
        reading = asyncio.create_task(process.stderr.read())
        yield found[1]
        os.killpg(process.pid, signal.SIGINT)
        await asyncio.wait_for(reading, 60)
        await asyncio.wait_for(process.wait(), 60)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


@asynccontextmanager
async def browser_at(chromium: str, address: str) -> AsyncIterator[Page]:
    """The page, opened in a browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = await (await browser.new_context(locale="en-GB")).new_page()
        await page.goto(address)
        yield page
        await browser.close()


@pytest.mark.timeout(900)  # two starts and a browser on a machine that may be busy
async def test_from_clone_to_first_picture_and_on_to_another_folder(
    clone: Path, environment: dict[str, str], chromium: str, tmp_path: Path
) -> None:
    bot = str(clone / ".venv/bin/uso-bot")
    set_up = await typed(clone, environment, bot, "init", "--no-input", "--port", "0", "--operator", "telegram:42")
    assert set_up.returncode == 0, set_up.stderr
    assert "uso-bot doctor" in set_up.stdout
    examined = await typed(clone, environment, bot, "doctor")
    assert examined.returncode == 0, examined.stdout
    assert "the toy model stands in" in examined.stdout
    status = await typed(clone, environment, "git", "status", "--porcelain")
    assert status.stdout == " M config.toml\n", "all else that is set up is ignored by git, tokens above all"

    (tmp_path / "fox.png").write_bytes(png(200, 150, (200, 80, 20)))
    async with make_run(clone, environment) as address:
        async with browser_at(chromium, address) as page:
            src = await first_picture(page, tmp_path / "fox.png")
            made = await (await page.request.get(address + src)).body()
        assert made.startswith(b"\x89PNG")
        running = json.loads((await typed(clone, environment, bot, "doctor", "--json")).stdout)
        assert [one["outcome"] for one in running["findings"] if one["check"] == "bot"] == ["ok"]
        kept = await typed(clone, environment, bot, "backup", "../evening.tar")
        assert kept.returncode == 0, kept.stderr
        refused = await typed(clone, environment, bot, "restore", "../evening.tar", "--force")
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert "running" in refused.stderr

    new_home = tmp_path / "new home"
    moved = await typed(tmp_path, environment, bot, "init", str(new_home), "--no-input", "--port", "0")
    assert moved.returncode == 0, moved.stderr
    assert (await typed(new_home, environment, bot, "restore", "../evening.tar")).returncode == 0
    (new_home / "Makefile").write_text(f"run:\n\t@exec {bot} run\n")
    async with make_run(new_home, environment) as address, browser_at(chromium, address) as page:
        again = await page.request.get(address + src)
        assert await again.body() == made


async def first_picture(page: Page, subject: Path) -> str:
    """Ask for a picture as a newcomer does; returns its address."""
    page.set_default_timeout(20_000)
    await page.locator("#prompt").fill("a fox in the snow")
    await page.locator("#subject").set_input_files(subject)
    await page.locator("#generate").click()
    await expect(page.locator('.card[data-phase="done"]')).to_be_visible(timeout=PICTURE_S * 1000)
    image = page.locator('.card[data-phase="done"] img').first
    await expect(image).to_be_visible()
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    jobs = await (await page.request.get(page.url.rstrip("/") + "/api/jobs")).json()
    return str(jobs["jobs"][0]["pictures"][0]["url"])
