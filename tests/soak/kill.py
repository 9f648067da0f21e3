"""The kill test: the real process is killed at random moments under load, again and again, and nothing is lost.

`python -m tests.soak.kill [--kills 100] [--seed N] [--postgres | --url URL] [--out FOLDER]`
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from benchmarks.machine import RESULTS, Facts, facts_as_markdown, machine, write_results
from bot.services.keeping import PictureKeeper
from storage.database import Database, upgrade
from storage.image_store import FolderImageStore
from tests.soak.load import PEOPLE, Load, prepare
from tests.soak.proof import Books, Check, Evidence, broken, counts, prove
from tests.support.plain_platform import Moment, PlainPlatform
from tests.support.postgres import running_cluster
from tests.support.spine import RecordedTokens

_ROOT: Final = Path(__file__).parents[2]
_START_S: Final = 60.0
_DRAIN_S: Final = 240.0
_HOUR_S: Final = 3600.0


class When(StrEnum):
    """The kind of moment at which a process is killed."""

    STARTING = "while it starts"
    WORKING = "after some time of work"
    ANSWERING = "as an answer reaches the platform"
    DELIVERING = "as a result reaches the platform"


_SHARES: Final = {When.STARTING: 0.15, When.WORKING: 0.5, When.ANSWERING: 0.15, When.DELIVERING: 0.2}
_ENGINE_FAULT: Final = "failed: internal"  # played by the engine on purpose


@dataclass(frozen=True, slots=True)
class Plan:
    """How often to kill, under how many open requests, with which dice."""

    kills: int
    seed: int
    most_open: int = 30


@dataclass(slots=True)
class Outcome:
    """What happened and what was found."""

    plan: Plan
    database: str
    duration_s: float = 0.0
    killed: Counter[When] = field(default_factory=Counter)
    clock_set_back: int = 0
    swept_files: int = 0
    pressed_again: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    evidence: Evidence | None = None


class Lives:
    """Starts the bot's process, kills it, and starts it again with another idea of the time."""

    def __init__(self, url: str, folder: Path, platform: PlainPlatform, dice: random.Random) -> None:
        self._url = url
        self._folder = folder
        self._platform = platform
        self._dice = dice
        self._offset_s = 0.0
        self._life = 0
        self._process: asyncio.subprocess.Process | None = None
        self.set_back = 0

    @property
    def log(self) -> Path:
        """What all processes wrote to standard error."""
        return self._folder / "bot.log"

    async def start(self) -> None:
        """Start the next process; the clock has gone on by hours, or was set back."""
        self._life += 1
        hours = self._dice.choice((0, 0, 0, 0, 0, 1, 7, 13, -2, -30))
        self.set_back += hours < 0
        self._offset_s += hours * _HOUR_S
        arguments = {
            "url": self._url,
            "folder": self._folder / "pictures",
            "platform": self._platform.url,
            "life": self._life,
            "seed": self._dice.randrange(2**32),
            "clock-offset-s": self._offset_s,
        }
        command = [f"--{name}={value}" for name, value in arguments.items()]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.soak.bot_process", *command, cwd=_ROOT, stderr=log
            )

    async def take_part(self) -> None:
        """Wait until the process asks the platform for events."""
        async with asyncio.timeout(_START_S):
            while self._life not in self._platform.lives:
                self._check_alive()
                self._platform.changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._platform.changed.wait(), 0.2)

    async def kill(self, when: When) -> None:
        """Kill the process at a random moment of that kind."""
        match when:
            case When.STARTING:
                await asyncio.sleep(self._dice.uniform(0.0, 1.5))
            case When.WORKING:
                await self.take_part()
                await asyncio.sleep(self._dice.uniform(0.0, 3.0))
            case When.ANSWERING:
                await self.take_part()
                await self._cut_at(Moment.ANSWER)
            case When.DELIVERING:
                await self.take_part()
                await self._cut_at(Moment.RESULT)
        self._send(signal.SIGKILL)
        assert self._process is not None
        assert await self._process.wait() == -signal.SIGKILL

    async def end(self) -> None:
        """End the process in order."""
        self._send(signal.SIGTERM)
        assert self._process is not None
        async with asyncio.timeout(_START_S):
            code = await self._process.wait()
        assert code == 0, f"the bot ended with {code}; see {self.log}"

    async def abandon(self) -> None:
        """Whatever went wrong: leave no process behind."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _cut_at(self, moment: Moment) -> None:
        """Kill from within the platform's handling of some later call of that kind, so that no reply gets through."""
        left = self._dice.randint(1, 5)
        is_before = self._dice.random() < 0.3
        done = asyncio.Event()

        def cut(at: Moment, before: bool) -> None:
            nonlocal left
            if at is not moment or before is not is_before or done.is_set():
                return
            left -= 1
            if left == 0:
                self._send(signal.SIGKILL)
                done.set()

        self._platform.wire = cut
        # Nothing of that kind may be to come: then it is killed all the same.
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), 5)
        self._platform.wire = lambda _moment, _is_before: None

    def _send(self, number: signal.Signals) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)

    def _check_alive(self) -> None:
        assert self._process is not None
        if self._process.returncode is not None:
            said = self.log.read_text(encoding="utf-8", errors="replace")[-4000:]
            raise AssertionError(f"the bot ended by itself with {self._process.returncode}:\n{said}")


async def run(plan: Plan, folder: Path, url: str | None = None) -> Outcome:
    """Kill as planned, let the rest drain, and look at what is left. A database at `url` must be empty."""
    url = url or f"sqlite+aiosqlite:///{folder / 'bot.sqlite3'}"
    outcome = Outcome(plan, url.partition("+")[0].partition(":")[0])
    dice = random.Random(plan.seed)
    trouble = random.Random(plan.seed + 1)
    began = time.monotonic()
    await upgrade(url)
    database = await Database.open(url)
    try:
        await prepare(database.unit_of_work)
    finally:
        await database.close()
    async with PlainPlatform(fault=lambda: trouble.choice((429, 503)) if trouble.random() < 0.05 else None) as platform:
        lives = Lives(url, folder, platform, dice)
        load = Load(platform, random.Random(plan.seed + 2), most_open=plan.most_open)
        try:
            await _kill_all(plan, outcome, lives, load)
            await _drain(platform)
            await lives.end()
        finally:
            await lives.abandon()
        outcome.clock_set_back, outcome.pressed_again = lives.set_back, load.pressed_again
        outcome.swept_files = await _sweep(url, folder / "pictures")
        outcome.evidence = Evidence(Books(url), platform.record, folder / "pictures")
        outcome.counts = counts(outcome.evidence)
        outcome.checks = [*prove(outcome.evidence), _calm(lives.log)]
    outcome.duration_s = time.monotonic() - began
    return outcome


async def _kill_all(plan: Plan, outcome: Outcome, lives: Lives, load: Load) -> None:
    """Under load until the last kill; then one process more, which lives."""
    moments = schedule(plan)
    asking = asyncio.create_task(load.run())
    try:
        for when in moments:
            await lives.start()
            await lives.kill(when)
            outcome.killed[when] += 1
            assert not asking.done(), asking.exception()
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await lives.start()
    await lives.take_part()


def schedule(plan: Plan) -> list[When]:
    """As many kills as planned, every kind of moment among them by its share, in random order."""
    moments = [when for when, share in _SHARES.items() for _ in range(max(1, round(share * plan.kills)))]
    random.Random(plan.seed).shuffle(moments)
    return moments[: plan.kills]


async def _drain(platform: PlainPlatform) -> None:
    """Wait until every request is answered and every accepted one has its result."""
    try:
        async with asyncio.timeout(_DRAIN_S):
            while platform.unanswered or platform.awaited:
                platform.changed.clear()
                await platform.changed.wait()
    except TimeoutError:
        raise AssertionError(f"unanswered: {platform.unanswered}; without result: {platform.awaited[:10]}") from None


async def _sweep(url: str, folder: Path) -> int:
    """Remove the files that nothing names, as retention does; returns how many kills had left."""
    images = FolderImageStore(folder)
    database = await Database.open(url)
    try:
        keeper = PictureKeeper(images=images, open_unit=database.unit_of_work, style_tokens=RecordedTokens())
        swept = 0
        async for files in images.files():
            swept += await keeper.forget([file.picture for file in files])
        return swept
    finally:
        await database.close()


def _calm(log: Path) -> Check:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    faults = [line for line in lines if " ERROR " in line and _ENGINE_FAULT not in line]
    return Check("the bot logged no fault but those of its engine", len(lines), tuple(faults))


def as_markdown(outcome: Outcome, facts: Facts) -> str:
    """Counts, claims and the machine."""
    kills = [f"| {when.value} | {outcome.killed[when]} |" for when in When]
    numbers = {
        **outcome.counts,
        "requests pressed a second time": outcome.pressed_again,
        "starts with the clock set back": outcome.clock_set_back,
        "files that kills had left, swept": outcome.swept_files,
    }
    claims = [
        f"| {check.claim} | {check.checked} | {'yes' if check.holds else f'NO: {len(check.broken)}'} |"
        for check in outcome.checks
    ]
    return "\n".join(
        [
            f"# Kill test on {outcome.database}: {outcome.killed.total()} times SIGKILL under load",
            "",
            "A bot process with the real services, a folder of pictures and a fake engine that fails now and then "
            f"serves up to {outcome.plan.most_open} open requests of {len(PEOPLE)} people; it is killed at random "
            "moments and started again at once, often with another idea of the time. The platform outlives it and "
            "keeps a record. At the end the tables, the files and that record are compared.",
            "",
            f"Seed {outcome.plan.seed}; {outcome.duration_s:.0f} seconds.",
            "",
            "| killed | times |",
            "|---|---|",
            *kills,
            "",
            "| what happened | number |",
            "|---|---|",
            *(f"| {name} | {number} |" for name, number in numbers.items()),
            "",
            "| claim | checked on | holds |",
            "|---|---|---|",
            *claims,
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def as_data(outcome: Outcome, facts: Facts) -> dict[str, object]:
    """The same for programs."""
    return {
        "database": outcome.database,
        "plan": asdict(outcome.plan),
        "duration_s": round(outcome.duration_s, 1),
        "killed": {when.value: outcome.killed[when] for when in When},
        "counts": outcome.counts,
        "pressed_again": outcome.pressed_again,
        "clock_set_back": outcome.clock_set_back,
        "swept_files": outcome.swept_files,
        "claims": {check.claim: {"checked": check.checked, "broken": list(check.broken)} for check in outcome.checks},
        "machine": facts,
    }


def main() -> int:
    """Kill, print, write; exit code 1 unless every claim was checked on something and holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="drawn and printed if not given")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of our own")
    parser.add_argument("--url", default=None, help="an empty database instead of a fresh SQLite file")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    facts = machine()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = options.url
        if options.postgres:
            cluster = stack.enter_context(running_cluster())
            url = cluster.url(cluster.create())
        outcome = asyncio.run(run(Plan(options.kills, options.seed), folder, url))
    report = as_markdown(outcome, facts)
    print(report)
    print(broken(outcome.checks))
    name = "kill" if outcome.database == "sqlite" else f"kill_{outcome.database}"
    write_results(options.out, name, report, as_data(outcome, facts))
    return int(not all(check.holds and check.checked for check in outcome.checks))


if __name__ == "__main__":
    sys.exit(main())
