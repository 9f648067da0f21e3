"""`uso-bot admin` while a bot runs, and when it does not."""

from __future__ import annotations

import asyncio
import subprocess

import pytest

from tests.e2e.process.conftest import COMMAND, BotFolder


async def admin(folder: BotFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, "admin", *arguments],
            cwd=folder.path,
            env=folder.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return await asyncio.to_thread(run)


async def said(folder: BotFolder, *arguments: str) -> str:
    result = await admin(folder, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.timeout(900)  # some twenty processes, one after another, on a machine that may be busy
async def test_everything_of_the_operate_page_from_the_command_line(bot_folder: BotFolder) -> None:
    async with bot_folder.run() as bot:
        assert "Paused" in await said(bot_folder, "pause")
        _, first = await bot.ask("k1", prompt="a blue fish", steps=2)
        _, second = await bot.ask("k2", prompt="a red fish", steps=2)
        stats = await said(bot_folder, "stats")
        assert "paused" in stats
        assert "2 waiting of 1 people" in stats
        lines = (await said(bot_folder, "queue")).splitlines()
        assert [line.split()[0] for line in lines] == [first["id"], second["id"]]
        assert "web:local" in lines[0]
        assert lines[0].endswith(": a blue fish")
        assert "is cancelled" in await said(bot_folder, "cancel", first["id"])
        assert "afresh" in await said(bot_folder, "restart-engine")
        assert await said(bot_folder, "resume") == "Running.\n"
        assert (await bot.end(second["id"]))["phase"] == "done"
        assert (await bot.end(first["id"]))["phase"] == "cancelled"
        assert await said(bot_folder, "errors") == "No error since the start.\n"
        assert await said(bot_folder, "outbox") == "Everything is delivered.\n"
        assert "Draining" in await said(bot_folder, "drain")
        status, refused = await bot.ask("k3", prompt="a fish")
        assert status >= 400, refused
        audit = await said(bot_folder, "audit")
        for words in ("drain", "resume", "restart-engine", f"command line: cancel {first['id']}", "pause"):
            assert words in audit

    assert await said(bot_folder, "queue") == "Nothing waits.\n"
    assert "not running" in await said(bot_folder, "stats")
    for command in ("pause", "resume", "drain", "restart-engine", "errors"):
        result = await admin(bot_folder, command)
        assert (result.returncode, result.stderr.count("\n")) == (1, 1)
        assert "not running" in result.stderr
    history = await said(bot_folder, "history", "web:local")
    assert f"{second['id']}" in history
    assert "cancelled: a blue fish" in history


async def test_what_waits_is_seen_and_cancelled_while_no_bot_runs(bot_folder: BotFolder) -> None:
    async with bot_folder.run() as bot:
        await said(bot_folder, "pause")
        _, card = await bot.ask("k1", prompt="a blue fish", steps=2)
        _, other = await bot.ask("k2", prompt="a red fish", steps=2)
    assert [line.split()[0] for line in (await said(bot_folder, "queue")).splitlines()] == [card["id"], other["id"]]
    assert "is cancelled" in await said(bot_folder, "cancel", card["id"])
    assert [line.split()[0] for line in (await said(bot_folder, "queue")).splitlines()] == [other["id"]]
    again = await admin(bot_folder, "cancel", card["id"])
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    async with bot_folder.run() as later:
        assert (await later.end(other["id"]))["phase"] == "done"
        assert (await later.end(card["id"]))["phase"] == "cancelled"
    assert "done" in await said(bot_folder, "history", "web:local", "--words", "red")
    assert "a favourite" in await said(bot_folder, "favourite", "web:local", other["id"])
    assert "*1" in await said(bot_folder, "history", "web:local", "--favourites")
