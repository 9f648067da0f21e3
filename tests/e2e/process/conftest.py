"""The bot as an operator runs it: the real command, the toy model, SQLite, in a folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

COMMAND = Path(sys.executable).parent / "uso-bot"
START_S = 60.0
PICTURE_S = 240.0


@dataclass
class RunningBot:
    """A bot process that listens, and a client of its page."""

    process: asyncio.subprocess.Process
    lines: list[str]
    page: str
    client: aiohttp.ClientSession

    async def ask(self, key: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        """Post a request; bytes are uploaded as files, lists repeat a field."""
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, bytes):
                    form.add_field(name, one, filename=f"{name}.png", content_type="image/png")
                else:
                    form.add_field(name, str(one))
        headers = {"Idempotency-Key": f"request-{key}"}
        async with self.client.post(f"{self.page}/api/jobs", data=form, headers=headers) as answer:
            return answer.status, await answer.json()

    async def act(self, job_id: str, action: str, **body: Any) -> dict[str, Any]:
        """Press a button."""
        async with self.client.post(f"{self.page}/api/jobs/{job_id}/{action}", json=body or None) as answer:
            assert answer.status in {201, 202}, await answer.text()
            shown: dict[str, Any] = await answer.json()
            return shown

    async def cards(self, job_id: str) -> AsyncIterator[dict[str, Any]]:
        """The card's events until the final one."""
        timeout = aiohttp.ClientTimeout(total=PICTURE_S)
        async with self.client.get(f"{self.page}/api/jobs/{job_id}/events", timeout=timeout) as stream:
            assert stream.status == 200
            async for line in stream.content:
                if line.startswith(b"data:"):
                    yield json.loads(line[5:])

    async def end(self, job_id: str) -> dict[str, Any]:
        """Wait for the final card."""
        last = [card async for card in self.cards(job_id)][-1]
        assert last["is_final"], last
        return last

    def engine_pids(self) -> list[int]:
        """The engine's process, while there is one."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [int(child) for child in children]

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the process by a signal; returns its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), 30)


@dataclass
class BotFolder:
    """A folder with a configuration; what a run leaves in it can be counted."""

    path: Path
    environment: dict[str, str]

    @asynccontextmanager
    async def run(self) -> AsyncIterator[RunningBot]:
        """Start the bot here, wait until it listens, and end it."""
        process = await asyncio.create_subprocess_exec(
            COMMAND, "run", cwd=self.path, env=self.environment, stderr=asyncio.subprocess.PIPE
        )
        lines: list[str] = []
        reader = asyncio.create_task(_read(process, lines))
        try:
            page = await asyncio.wait_for(_address(process, lines), START_S)
            async with aiohttp.ClientSession() as client:
                bot = RunningBot(process, lines, page, client)
                try:
                    yield bot
                finally:
                    await bot.stop()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await reader

    def try_run(self) -> subprocess.CompletedProcess[str]:
        """Start a bot that is expected to refuse."""
        return self.command("run")

    def command(self, *arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command here to its end."""
        return subprocess.run(
            [COMMAND, *arguments],
            input=typed,
            cwd=self.path,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with sqlite3.connect(self.path / "data/uso-bot.sqlite3") as database:
            names = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
            return {
                name: database.execute(f'select count(*) from "{name}"').fetchone()[0]
                for name in names
                if name != "alembic_version" and not name.startswith("sqlite_")
            }

    def files(self) -> list[Path]:
        """Every stored picture."""
        return [file for file in (self.path / "data/pictures").rglob("*") if file.is_file()]


async def _read(process: asyncio.subprocess.Process, lines: list[str]) -> None:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        lines.append(line.decode())


async def _address(process: asyncio.subprocess.Process, lines: list[str]) -> str:
    while True:
        for line in lines:
            if found := re.search(r"ready at (http://[^\s\"]+)", line):
                return found[1]
        if process.returncode is not None:
            raise AssertionError("the bot ended: " + "".join(lines))
        await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def toy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy model is built once for all tests."""
    return tmp_path_factory.mktemp("toy-cache")


@pytest.fixture
def bot_folder(tmp_path: Path, toy_cache: Path) -> BotFolder:
    """A fresh folder, no tokens in the environment."""
    (tmp_path / "config.toml").write_text(
        f'[web]\nport = 0\n[engine]\ncache_folder = "{toy_cache}"\npreview_every_steps = 1\n'
    )
    hidden = ("DISCORD_TOKEN", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "HF_TOKEN", "ERROR_WEBHOOK_URL")
    return BotFolder(tmp_path, {name: value for name, value in os.environ.items() if name not in hidden})
