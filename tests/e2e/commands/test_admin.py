"""`uso-bot admin` on a real database, also while a bot has it open."""

from __future__ import annotations

import asyncio
import json
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.actors import Actor, Platform
from bot.domain.credits import BookingKind, user_account
from bot.domain.jobs import Job, JobState
from bot.domain.reports import Report
from bot.domain.requests import GenerationRequest
from bot.domain.styles import StyleCard, user_shelf
from storage.database import Database
from tests.support.ledger import check_ledger

Run = Callable[..., subprocess.CompletedProcess[str]]
ANN = "telegram:42"


def said(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_credits_tiers_and_blocks(uso_bot: Run, tmp_path: Path) -> None:
    assert said(uso_bot("admin", "grant", ANN, "10.5")) == f"{ANN} has 10.5 bonus credits now.\n"
    assert said(uso_bot("admin", "grant", ANN, "-3")) == f"{ANN} has 7.5 bonus credits now.\n"
    assert "supporter" in said(uso_bot("admin", "tier", ANN, "supporter", "--until", "2099-01-01"))
    said(uso_bot("admin", "block", ANN, "--reason", "spam"))
    shown = said(uso_bot("admin", "show", ANN))
    for words in (
        ANN,
        "supporter, until 2099-01-01",
        "107.5 left, 7.5 of them bonus",
        "+10.50  grant command line",
        "spam",
    ):
        assert words in shown
    said(uso_bot("admin", "unblock", ANN))
    assert "free" in said(uso_bot("admin", "tier", ANN, "default"))
    shown = said(uso_bot("admin", "show", ANN))
    assert "blocked" not in shown
    assert "32.5 left" in shown

    async def check() -> None:
        database = await Database.open(f"sqlite:///{tmp_path / 'data/uso-bot.sqlite3'}")
        async with database.unit_of_work() as unit:
            owner = await unit.users.find(Actor(Platform.TELEGRAM, "42"))
            assert owner is not None
            account = await check_ledger(unit, user_account(owner))
            assert account.bonus == 750
            bookings = await unit.accounts.bookings(user_account(owner), limit=9)
            assert {(one.kind, one.by) for one in bookings} == {(BookingKind.GRANT, "command line")}
        # A bot that has the database open does not keep the command out.
        assert "8.5 bonus" in said(await asyncio.to_thread(uso_bot, "admin", "grant", ANN, "1"))
        await database.close()

    asyncio.run(check())


def test_export_and_erase(uso_bot: Run, tmp_path: Path) -> None:
    said(uso_bot("admin", "grant", ANN, "1"))
    assert "MB" in said(uso_bot("admin", "export", ANN, "ann.zip"))
    with zipfile.ZipFile(tmp_path / "ann.zip") as archive:
        account = json.loads(archive.read("account.json"))
    assert account["identities"][0]["external_id"] == "42"
    taken = uso_bot("admin", "export", ANN, "ann.zip")
    assert (taken.returncode, taken.stderr.count("\n")) == (2, 1)
    assert "is there already" in taken.stderr
    assert "files removed" in said(uso_bot("admin", "collect"))
    assert "is deleted" in said(uso_bot("admin", "erase", ANN, "--yes"))
    assert "Nothing is stored" in said(uso_bot("admin", "erase", ANN, "--yes"))
    assert uso_bot("admin", "show", ANN).returncode == 2


def test_styles_reports_and_the_audit_log(uso_bot: Run, tmp_path: Path) -> None:
    assert said(uso_bot("admin", "styles", ANN)) == "There are no style cards.\n"
    assert said(uso_bot("admin", "reports")) == "No report is open.\n"
    assert said(uso_bot("admin", "audit")) == "Nothing was decided yet.\n"

    async def fill() -> tuple[str, int]:
        database = await Database.open(f"sqlite:///{tmp_path / 'data/uso-bot.sqlite3'}")
        now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        async with database.unit_of_work() as unit:
            owner = await unit.users.resolve(Actor(Platform.TELEGRAM, "42"), now=now)
            card = StyleCard("stylecard001", user_shelf(owner), "my ink", owner, ("5" * 64,), now)
            await unit.styles.add(card)
            request = GenerationRequest("a fox", None, (), 512, 512, False, 25, 4.0, 512, 7)
            await unit.jobs.add(Job("drawnjob0001", owner, request, JobState.DONE, "one", now, finished_at=now))
            await unit.reports.add(Report("drawnjob0001", 0, owner, "telegram:7", "that is my face", now))
            (report,) = await unit.reports.open(limit=9)
            await unit.commit()
        await database.close()
        return card.id, report.id

    card, report = asyncio.run(fill())
    assert "my ink  (1 pictures, used 0 times)" in said(uso_bot("admin", "styles", ANN))
    assert "called old ink" in said(uso_bot("admin", "rename-style", ANN, card, "old ink"))
    assert "old ink is deleted" in said(uso_bot("admin", "delete-style", ANN, card))
    assert "drawnjob0001 picture 1, by telegram:7: that is my face" in said(uso_bot("admin", "reports"))
    assert "is kept" in said(uso_bot("admin", "close-report", str(report)))
    assert "No report" in said(uso_bot("admin", "reports"))
    said(uso_bot("admin", "block", ANN, "--reason", "spam"))
    lines = said(uso_bot("admin", "audit")).splitlines()
    assert lines[0].endswith(f"command line: block {ANN} spam")
    assert "report-close drawnjob0001 kept" in lines[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "discord:9"], "never seen"),
        (["show", "ann"], "is no person"),
        (["show", "irc:1"], "is no person"),
        (["grant", ANN, "x"], "no number of credits"),
        (["grant", ANN, "nan"], "no number of credits"),
        (["grant", ANN, "1.234"], "no number of credits"),
        (["grant", ANN, "99999999"], "1000000"),
        (["grant", ANN, "-1"], "0"),
        (["tier", ANN, "platinum"], "free, supporter, unlimited"),
        (["tier", ANN, "free", "--until", "tomorrow"], "--until"),
        (["unblock", "discord:9"], "never seen"),
        (["export", "discord:9", "x.zip"], "never seen"),
        (["export", ANN, "nowhere/x.zip"], "No such file"),
        (["--config", "bad.toml", "collect"], "bad.toml"),
        (["cancel", "nowhere"], "do not know that request"),
        (["close-report", "99"], "report"),
        (["delete-style", ANN, "none"], "style"),
        (["favourite", ANN, "none"], "do not know that request"),
    ],
)
def test_bad_input_is_one_line(uso_bot: Run, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "bad.toml").write_text("[colour]\n")
    result = uso_bot("admin", *arguments)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    assert words in result.stderr
    assert not (tmp_path / "x.zip").exists()
