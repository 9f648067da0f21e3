"""How long people wait when one of a hundred floods the queue: a simulation of the real queue, with FIFO beside it.

Run with `python -m benchmarks.fairness`; writes `benchmarks/results/fairness.json` and `.md`. Nothing is measured by
the clock: the same seed gives the same figures on every machine.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Protocol

from benchmarks.machine import RESULTS, Facts, facts_as_markdown, machine, write_results
from bot.services.fair_queue import FairQueue

SEED = 20260301
HOURS = 24
PICTURE_S = 10.0
CREDIT = 100
ORDINARY, PAID, FLOODER = "ordinary people", "people of a tier of weight 2", "the flooder"
PEOPLE = {ORDINARY: 89, PAID: 10, FLOODER: 1}
WEIGHTS = {ORDINARY: 1, PAID: 2, FLOODER: 1}
FLOODER_KEEPS = 10  # the cap of waiting requests
LOADS = (0.5, 0.8, 0.95)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's request for `pictures` pictures at second `at`."""

    at: float
    person: str
    group: str
    pictures: int
    id: str


class Queue(Protocol):
    """What both arms can do."""

    def put(self, owner: str, job_id: str, *, weight: int = 1, cost: int = 100) -> None: ...

    def take(self) -> str | None: ...


class Fifo:
    """First come, first served: what a bot without turns does."""

    def __init__(self) -> None:
        self._line: deque[str] = deque()

    def put(self, owner: str, job_id: str, *, weight: int = 1, cost: int = 100) -> None:  # noqa: ARG002
        """Append."""
        self._line.append(job_id)

    def take(self) -> str | None:
        """The first."""
        return self._line.popleft() if self._line else None


@dataclass(frozen=True, slots=True)
class Waits:
    """One group under one queue: minutes from request to first step, and pictures made."""

    load: float
    queue: str
    group: str
    requests: int
    median_min: float
    p90_min: float
    p99_min: float
    worst_min: float


def arrivals(load: float) -> list[Request]:
    """A day of requests of everybody but the flooder: Poisson, one to four pictures, filling `load` of the engine."""
    dice = random.Random(SEED)
    people = [(f"{group} {number}", group) for group in (ORDINARY, PAID) for number in range(PEOPLE[group])]
    counts, chances = (1, 2, 3, 4), (70, 10, 5, 15)
    pictures_each = sum(count * chance for count, chance in zip(counts, chances, strict=True)) / sum(chances)
    rate = load / (PICTURE_S * pictures_each)
    found: list[Request] = []
    at = 0.0
    while (at := at + dice.expovariate(rate)) < HOURS * 3600:
        person, group = dice.choice(people)
        found.append(Request(at, person, group, dice.choices(counts, chances)[0], f"r{len(found)}"))
    return found


def simulate(queue: Queue, requests: list[Request]) -> dict[str, list[float]]:
    """One engine works through `requests` while the flooder keeps their cap full; waits in seconds by group."""
    known = {request.id: request for request in requests}
    coming = [(request.at, number, request) for number, request in enumerate(requests)]
    heapq.heapify(coming)
    waits: defaultdict[str, list[float]] = defaultdict(list)
    flooding = 0
    now, end = 0.0, HOURS * 3600.0

    def flood() -> None:
        nonlocal flooding
        while flooding < FLOODER_KEEPS and now < end:
            request = Request(now, FLOODER, FLOODER, 4, f"f{len(known)}")
            known[request.id] = request
            put(request)
            flooding += 1

    def put(request: Request) -> None:
        queue.put(request.person, request.id, weight=WEIGHTS[request.group], cost=request.pictures * CREDIT)

    while True:
        flood()
        while coming and coming[0][0] <= now:
            put(heapq.heappop(coming)[2])
        job_id = queue.take()
        if job_id is None:
            if not coming:
                return dict(waits)
            now = coming[0][0]
            continue
        request = known[job_id]
        waits[request.group].append(now - request.at)
        flooding -= request.group == FLOODER
        now += request.pictures * PICTURE_S


def describe(load: float, queue: str, waits: dict[str, list[float]]) -> list[Waits]:
    """Percentiles in minutes."""
    found = []
    for group in PEOPLE:
        waited = sorted(wait / 60 for wait in waits[group])
        cuts = quantiles(waited, n=100)
        found.append(Waits(load, queue, group, len(waited), cuts[49], cuts[89], cuts[98], waited[-1]))
    return found


def as_markdown(found: list[Waits], facts: Facts) -> str:
    """The figures as a table, what they are of above it."""
    rows = [
        f"| {one.load:.0%} | {one.queue} | {one.group} | {one.requests} | {one.median_min:.1f} | {one.p90_min:.1f} "
        f"| {one.p99_min:.1f} | {one.worst_min:.1f} |"
        for one in found
    ]
    return "\n".join(
        [
            "# Fairness: waiting with one flooder among a hundred people",
            "",
            f"A simulated day on one engine that takes {PICTURE_S:.0f} s a picture. 99 people ask at random (Poisson) "
            "for one to four pictures and would fill the given share of the engine by themselves; ten of them are in a "
            f"tier of weight 2. One more person keeps {FLOODER_KEEPS} requests of four pictures waiting at all times, "
            "which fills the rest and more. “Turns” is the bot's own queue (`bot.services.fair_queue`), “FIFO” first "
            "come, first served.",
            "",
            "| load without the flooder | queue | who | requests | median wait, min | 90 % | 99 % | worst |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"Seed {SEED}: the figures are the same on every machine.",
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def main() -> int:
    """Simulate, print, write; exit code 1 if somebody starved or waited longer than behind a plain line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    out: Path = parser.parse_args().out
    found: list[Waits] = []
    is_fair = True
    for load in LOADS:
        requests = arrivals(load)
        turns = describe(load, "turns", simulate(FairQueue(), requests))
        fifo = describe(load, "FIFO", simulate(Fifo(), requests))
        found += [*turns, *fifo]
        everybody = all(one.requests == other.requests for one, other in zip(turns[:2], fifo[:2], strict=True))
        is_fair &= everybody and all(
            one.median_min < other.median_min for one, other in zip(turns[:2], fifo[:2], strict=True)
        )
    facts = machine()
    report = as_markdown(found, facts)
    print(report)
    write_results(out, "fairness", report, {"waits": [asdict(one) for one in found], "seed": SEED, "machine": facts})
    return int(not is_fair)


if __name__ == "__main__":
    sys.exit(main())
