"""Two hundred Discord interactions of fifty people at once: how soon they are acknowledged, and whether all arrives.

Run with `python -m benchmarks.discord_burst`; writes `benchmarks/results/discord_burst.json` and `.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from benchmarks.discord_bot_process import STEP_S
from benchmarks.machine import RESULTS, Facts, facts_as_markdown, machine, write_results
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.limits import GLOBAL_REQUESTS
from tests.servers.discord.server import DiscordServer, discord_server

PEOPLE = 50
EACH = 4
LIMIT_S = 1.0
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of it; times in milliseconds unless named otherwise."""

    interactions: int
    people: int
    sent_within: float
    acknowledged_median: float
    acknowledged_p99: float
    acknowledged_worst: float
    all_delivered_s: float
    results: int
    lost: int
    doubled: int
    card_changes: int
    requests: int
    requests_a_second: float
    requests_busiest_second: int
    refused_429: int
    broken_rules: int

    @property
    def is_good(self) -> bool:
        """Whether nobody waited too long and nothing went missing."""
        is_complete = self.results == self.interactions and not (self.lost or self.doubled or self.broken_rules)
        return is_complete and self.acknowledged_p99 < LIMIT_S * 1000


@asynccontextmanager
async def running_bot(server: DiscordServer, folder: Path) -> AsyncIterator[None]:
    """The bot in a process of its own, as it is in life; connected."""
    options = ("--folder", str(folder), "--api", server.api_base_url, "--gateway", server.gateway_url)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.discord_bot_process", *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"ready\n", "the bot did not start"
        yield
    finally:
        process.stdin.close()
        await process.wait()


async def measure(folder: Path) -> Burst:
    """Ask, wait for everything, count."""
    async with discord_server() as server:
        server.limits.pace = 1.0  # Discord's own windows
        acknowledged: dict[int, float] = {}
        server.api.on_call = lambda call: acknowledged.setdefault(
            int(call.ids.get("interaction_id", 0)), perf_counter()
        )
        people = [server.world.add_person(f"Person {number}") for number in range(PEOPLE)]
        async with running_bot(server, folder):
            before = len(server.api.calls)
            began: dict[int, float] = {}
            start = perf_counter()
            asked: list[Interaction] = []
            for round_ in range(EACH):
                for one in people:
                    at = perf_counter()
                    asked.append(await server.slash("imagine", {"prompt": f"cat {round_}"}, person=one))
                    began[asked[-1].id] = at
            sent_s = perf_counter() - start
            await server.world.until(lambda: all(is_told(one) for one in asked), patience_s=PATIENCE_S)
            lasted_s = perf_counter() - start
            return counted(server, asked, began, acknowledged, sent_s, lasted_s, len(server.api.calls) - before)


def counted(
    server: DiscordServer,
    asked: list[Interaction],
    began: dict[int, float],
    acknowledged: dict[int, float],
    sent_s: float,
    lasted_s: float,
    requests: int,
) -> Burst:
    """The figures of a burst that is over."""
    waits_ms = sorted((acknowledged[one.id] - began[one.id]) * 1000 for one in asked if one.id in acknowledged)
    cuts = quantiles(waits_ms, n=100, method="inclusive")
    results = [one for one in server.world.posted_in(server.channel) if "### Done" in one.text]
    return Burst(
        interactions=len(asked),
        people=PEOPLE,
        sent_within=sent_s * 1000,
        acknowledged_median=cuts[49],
        acknowledged_p99=cuts[98],
        acknowledged_worst=waits_ms[-1],
        all_delivered_s=lasted_s,
        results=len(results),
        lost=sum(not is_told(one) for one in asked),
        doubled=len(server.world.posted_in(server.channel)) - len(asked),
        card_changes=sum(len(one.faces) for one in results),
        requests=requests,
        requests_a_second=requests / lasted_s,
        requests_busiest_second=server.limits.most_a_second,
        refused_429=len(server.limits.refused),
        broken_rules=len(server.world.violations),
    )


def is_told(asked: Interaction) -> bool:
    """Whether its card shows the picture."""
    return asked.response is not None and "### Done" in asked.response.text


def as_markdown(burst: Burst, facts: Facts) -> str:
    """The figures as a table, what they are of above it."""
    rows = [f"| {name.replace('_', ' ')} | {value:,.0f} |" for name, value in asdict(burst).items()]
    return "\n".join(
        [
            "# A burst on Discord",
            "",
            f"{PEOPLE} people send {EACH} `/imagine` each, one right after the other, to the real bot (discord.py, "
            "the services, SQLite, pictures on disk) in a process of its own. The engine pretends "
            f"({STEP_S * 1000:.0f} ms a step, 25 steps). Discord is the tests' server with Discord's own limits: "
            f"5 edits in 5 s a card, {GLOBAL_REQUESTS} requests a second (answers to interactions are exempt), 3 s for "
            f"the first answer. Limit: 99 % acknowledged within {LIMIT_S:.0f} s. The server checks every request "
            "against Discord's description on the same machine, so the figures are worse than against a Discord "
            "elsewhere. Times are in milliseconds unless named otherwise.",
            "",
            "| what | figure |",
            "|---|---|",
            *rows,
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def main() -> int:
    """Measure, print, write; exit code 1 if somebody waited too long or something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    out: Path = parser.parse_args().out
    facts = machine()
    with tempfile.TemporaryDirectory() as folder:
        burst = asyncio.run(measure(Path(folder)))
    report = as_markdown(burst, facts)
    print(report)
    write_results(out, "discord_burst", report, {"burst": asdict(burst), "limit_s": LIMIT_S, "machine": facts})
    return int(not burst.is_good)


if __name__ == "__main__":
    sys.exit(main())
