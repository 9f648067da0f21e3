"""How long a newcomer waits: from `uso-bot run` in an empty folder to the page, and to the first pictures.

Run with `python -m benchmarks.first_start`; writes `benchmarks/results/first_start.json` and `.md`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.machine import RESULTS, Facts, facts_as_markdown, machine, write_results
from benchmarks.page_client import ask, follow

COMMAND = Path(sys.executable).parent / "uso-bot"
LISTENING_LIMIT_S = 15.0
PICTURE_LIMIT_S = 20.0
FIELDS = {"prompt": "a blue fish at night", "steps": "25", "aspect": "1:1"}


@dataclass(frozen=True, slots=True)
class Wait:
    """What was waited for, how long, and how long it may take."""

    what: str
    seconds: float
    limit_s: float


def measure(folder: Path) -> list[Wait]:
    """Start the bot in `folder` with an empty cache, and ask for two pictures, the first one at once."""
    config = folder / "config.toml"
    config.write_text(f'[web]\nport = 0\n[engine]\ndevice = "cpu"\ncache_folder = "{folder}/cache"\n')
    hidden = ("DISCORD_TOKEN", "TELEGRAM_TOKEN")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    started = time.perf_counter()
    with subprocess.Popen([COMMAND, "run"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as bot:
        try:
            page = address(bot)
            waits = [Wait("start to listening", time.perf_counter() - started, LISTENING_LIMIT_S)]
            for what in ("first picture, asked at once (engine starts, toy model is built)", "second picture"):
                asked = time.perf_counter()
                (picture,) = follow(page, ask(page, FIELDS))["pictures"]
                size = f"{picture['width']}x{picture['height']}"
                waits.append(Wait(f"{what}, {size}", time.perf_counter() - asked, PICTURE_LIMIT_S))
        finally:
            bot.terminate()
    return waits


def address(bot: subprocess.Popen[str]) -> str:
    """Read what the bot says until it names its page."""
    assert bot.stderr is not None
    for line in bot.stderr:
        if found := re.search(r"ready at (http://\S+)", line):
            return found[1]
    raise RuntimeError("the bot ended before it listened")


def as_markdown(waits: list[Wait], facts: Facts) -> str:
    """The figures as a small table with the machine below."""
    rows = [
        f"| {wait.what} | {wait.seconds:.1f} | {wait.limit_s:.0f} | {'yes' if wait.seconds < wait.limit_s else 'NO'} |"
        for wait in waits
    ]
    return "\n".join(
        [
            "# First start: how long a newcomer waits",
            "",
            "`uso-bot run` in an empty folder with an empty cache, toy model, 25 steps; from request to finished card.",
            "",
            "| wait | seconds | limit | holds |",
            "|---|---|---|---|",
            *rows,
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def main() -> int:
    """Measure, print, write; exit code 1 when a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    out: Path = parser.parse_args().out
    facts = machine()
    with tempfile.TemporaryDirectory() as folder:
        waits = measure(Path(folder))
    report = as_markdown(waits, facts)
    print(report)
    write_results(out, "first_start", report, {"waits": [asdict(wait) for wait in waits], "machine": facts})
    return int(any(wait.seconds >= wait.limit_s for wait in waits))


if __name__ == "__main__":
    sys.exit(main())
