"""Submitting, looking back and starting again with 100,000 jobs in the history.

Run with `python -m benchmarks.history [--url postgresql://...]`; writes `benchmarks/results/history.json` and `.md`.
A given database must be empty and is filled. Each part runs in a process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PIL import Image

from adapters.engine.fake import FakeEngine
from benchmarks.machine import RESULTS, Facts, facts_as_markdown, machine, write_results
from bot.assembly import Outside, Rules
from bot.bootstrap import SystemClock
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.credits import CREDIT, BookingKind, Tier, Tiers, cost_of, user_account
from bot.domain.histories import Kind
from bot.domain.jobs import Job, JobState, ResultPicture, new_job_id
from bot.domain.limits import Limits
from bot.domain.requests import Draft, GenerationRequest, Stored
from bot.messages.catalogs import load_catalogs
from bot.services.gallery import Wish
from bot.services.submit import Origin
from bot.services.tray import TrayPlace
from bot.services.worker import WorkerSettings
from bot.spine import Spine
from storage.database import Database, upgrade
from storage.image_store import FolderImageStore
from storage.sql.connections import open_engine
from storage.sql.rows import job_values, picture_values, reference_values
from storage.tables.jobs import JobRow, PictureRow, ReferenceRow
from storage.tables.people import AccountRow, BookingRow, IdentityRow, UserRow

JOBS = 100_000
PEOPLE = 500
HEAVY_JOBS = 10_000
WAITING = 10_000
BATCH = 5_000
SEED = 1
SUBMITS = 600
READS = 200
LIMIT_MS = 50.0
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SUBJECTS = ["fox", "teapot", "lighthouse", "owl", "harbour", "robot", "orchid", "train", "violin", "castle"]
PLACES = ["snow", "rain", "moonlight", "fog", "autumn", "desert", "market", "library", "meadow", "storm"]
TIERS = Tiers((Tier("free", 1_000_000 * CREDIT, max_waiting=100_000),), default="free", page="free")


@dataclass(frozen=True, slots=True)
class Timing:
    """How long `count` calls took, in milliseconds."""

    what: str
    count: int
    p50_ms: float
    p99_ms: float
    worst_ms: float


class NoTokens:
    """No engine has computed anything here."""

    async def forget(self, picture: bytes) -> None:
        """Nothing to remove."""

    async def forget_prompts(self) -> None:
        """Nothing to remove."""


def person(number: int) -> Actor:
    """One of the people in the history; number 0 is the heavy user."""
    return Actor(Platform.DISCORD, f"{10_000_000 + number}", name=f"person {number}")


def user_id(number: int) -> str:
    """Their id in the filled tables."""
    return f"{number:032x}"


def make_jobs(first: int, count: int, state: JobState) -> list[Job]:
    """Jobs as people ask for them: many with pictures to go by, one to four results, prompts of ten words."""
    dice = random.Random(SEED + first)
    jobs = []
    for number in range(first, first + count):
        owner = 0 if number % (JOBS // HEAVY_JOBS) == 0 else dice.randrange(1, PEOPLE)
        at = BEGAN + timedelta(seconds=60 * number)
        request = GenerationRequest(
            prompt=f"a {dice.choice(SUBJECTS)} in the {dice.choice(PLACES)}, number {number}, in the finest detail",
            subject=f"{dice.getrandbits(256):064x}" if dice.random() < 0.5 else None,
            styles=(f"{dice.getrandbits(16):064x}",) if dice.random() < 0.6 else (),
            width=1024,
            height=1024,
            keep_size=False,
            steps=25,
            guidance=4.0,
            subject_size=512,
            seed=dice.getrandbits(32),
            count=dice.choice((1, 1, 1, 2, 4)),
        )
        is_done = state is JobState.DONE
        pictures = tuple(
            ResultPicture(
                index, f"{dice.getrandbits(256):064x}", request.seed + index, None, 1024, 1024, 9.5, "USO", "abc", False
            )
            for index in range(request.count if is_done else 0)
        )
        jobs.append(
            Job(
                id=new_job_id(),
                owner=user_id(owner),
                request=request,
                state=state,
                event_key=f"discord:{number}",
                created_at=at,
                reply_to=ReplyAddress(Platform.DISCORD, {"channel": str(number), "message": str(number)}),
                cost=cost_of(request),
                attempt=int(is_done),
                started_at=at if is_done else None,
                finished_at=at + timedelta(seconds=30) if is_done else None,
                pictures=pictures,
            )
        )
    return jobs


async def fill(url: str) -> None:
    """Write people, ended jobs, their pictures and bookings."""
    await upgrade(url)
    engine = open_engine(url)
    async with engine.begin() as connection:
        people = range(PEOPLE)
        await connection.execute(
            sa.insert(UserRow), [{"id": user_id(one), "created_at": BEGAN, "block_reason": ""} for one in people]
        )
        await connection.execute(
            sa.insert(IdentityRow),
            [
                {
                    "platform": Platform.DISCORD,
                    "external_id": person(one).external_id,
                    "user_id": user_id(one),
                    "name": person(one).name,
                    "created_at": BEGAN,
                }
                for one in people
            ],
        )
        account = {"daily": 0, "bonus": 0, "allowance": 0, "filled_on": BEGAN.date(), "created_at": BEGAN}
        await connection.execute(
            sa.insert(AccountRow), [{"id": user_account(user_id(one)), **account} for one in people]
        )
    for first in range(0, JOBS, BATCH):
        await _insert(engine, make_jobs(first, BATCH, JobState.DONE))
    await engine.dispose()


async def _insert(engine: Any, jobs: Sequence[Job]) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.insert(JobRow), [job_values(job) for job in jobs])
        references = [row for job in jobs for row in reference_values(job)]
        await connection.execute(sa.insert(ReferenceRow), references)
        pictures = [picture_values(job.id, picture) for job in jobs for picture in job.pictures]
        if pictures:
            await connection.execute(sa.insert(PictureRow), pictures)
        bookings = [
            {
                "account": user_account(job.owner),
                "kind": kind,
                "daily": sign * job.cost,
                "bonus": 0,
                "at": job.created_at,
                "job_id": job.id,
                "by": "",
            }
            for job in jobs
            for kind, sign in ((BookingKind.REFILL, 1), (BookingKind.CHARGE, -1))
        ]
        await connection.execute(sa.insert(BookingRow), bookings)


async def open_bot(url: str, folder: Path, *, is_ready: bool) -> tuple[Spine, Database]:
    """A bot on the filled database; its engine draws nothing, so that only the bot is measured."""
    database = await Database.open(url)
    outside = Outside(
        engine=FakeEngine(is_manual=not is_ready),
        style_tokens=NoTokens(),
        open_unit=database.unit_of_work,
        scrubber=database,
        images=FolderImageStore(folder),
        clock=SystemClock(),
        catalogs=load_catalogs(),
    )
    limits = Limits(max_waiting_jobs=100_000)
    return Spine(outside, Rules(limits=limits, tiers=TIERS), WorkerSettings(name="bench")), database


async def timed(what: str, calls: Sequence[Callable[[], Awaitable[object]]]) -> Timing:
    """Make the calls one after another; the first ten are practice."""
    took: list[float] = []
    for number, call in enumerate(calls):
        began = time.perf_counter()
        await call()
        if number >= 10:
            took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return Timing(what, len(took), took[len(took) // 2], took[int(len(took) * 0.99)], took[-1])


async def measure_use(url: str, folder: Path) -> list[Timing]:
    """Submitting and looking back, while jobs pile up in the queue."""
    spine, database = await open_bot(url, folder, is_ready=False)
    await spine.start()
    application = spine.application
    small = await application.tray.put(person(1), _png(256), TrayPlace.SUBJECT)
    assert small.subject is not None
    stored = Stored(small.subject)
    photo = _png(1024)
    dice = random.Random(SEED)
    ids: list[str] = []

    async def submit(number: int, draft: Draft) -> None:
        actor = person(dice.randrange(PEOPLE))
        ids.append((await application.submit(Origin(actor, f"bench:{number}"), draft)).job.id)

    def plain(number: int) -> Callable[[], Awaitable[object]]:
        return lambda: submit(number, Draft(prompt=f"a fox {number}", subject=stored))

    def uploaded(number: int) -> Callable[[], Awaitable[object]]:
        return lambda: submit(number, Draft(prompt=f"an owl {number}", subject=photo))

    found = [
        await timed("submit, its picture stored already", [plain(number) for number in range(SUBMITS)]),
        await timed("submit with a megapixel PNG to admit", [uploaded(SUBMITS + n) for n in range(READS)]),
    ]
    heavy = person(0)
    history = application.history
    deep = (await _deep_page(spine, heavy)) or 1
    reads: dict[str, Callable[[], Awaitable[object]]] = {
        "history, first page of 20": lambda: history.page(heavy),
        "history, a page 9,000 jobs deep": lambda: history.page(heavy, before=deep),
        "history, search for two words": lambda: history.page(heavy, words="owl moonlight"),
        "history, search for a word that is nowhere": lambda: history.page(heavy, words="zzyzx"),
        "favourites, none marked": lambda: history.page(heavy, only_favourites=True),
        **await _gallery_reads(spine, heavy, deep),
        "balance": lambda: application.accounts.balance(heavy),
        "card of a waiting job with its place": lambda: application.board.card(dice.choice(ids)),
    }
    for what, read in reads.items():
        found.append(await timed(what, [read] * READS))
    await spine.close()
    await database.close()
    return found


async def _gallery_reads(spine: Spine, heavy: Actor, deep: int) -> dict[str, Callable[[], Awaitable[object]]]:
    """What the gallery of the page asks for, where the person has fifty style cards that were used now and then."""
    application = spine.application
    for number in range(50):
        await application.styles.save(heavy, f"owl {number}", (_png(64),))
    gallery = application.gallery
    middle = (await gallery.page(heavy, Wish(), before=deep, limit=1)).jobs[0]
    return {
        "gallery, a word that may be a style or a seed": lambda: gallery.page(heavy, Wish("owl 4711")),
        "gallery, a kind that is nowhere": lambda: gallery.page(heavy, Wish(kind=Kind.VARIED)),
        "gallery, one job with family and neighbours": lambda: gallery.look(heavy, middle.id, Wish()),
        "gallery, the same among what a word found": lambda: gallery.look(heavy, middle.id, Wish("moonlight")),
        "style cards, how often each was used": lambda: application.own_styles.listed(heavy),
    }


async def _deep_page(spine: Spine, actor: Actor) -> int | None:
    older: int | None = None
    for _ in range(90):
        older = (await spine.application.history.page(actor, before=older, limit=100)).older
    return older


async def measure_recovery(url: str, folder: Path) -> list[Timing]:
    """Starting with 10,000 jobs waiting, from opening the database until every card is up."""
    spine, database = await open_bot(url, folder, is_ready=False)
    began = time.perf_counter()
    await spine.start()
    took_ms = (time.perf_counter() - began) * 1000
    waiting = len(spine.application.board.unfinished())
    if waiting < WAITING:
        raise AssertionError(f"{waiting} jobs were recovered of {WAITING}")
    ids = [job.id for job in spine.application.board.unfinished()]
    dice = random.Random(SEED)
    card = await timed(
        f"card of one of {waiting:,} waiting jobs", [lambda: spine.application.board.card(dice.choice(ids))] * READS
    )
    await spine.close()
    await database.close()
    return [Timing(f"start with {waiting:,} waiting jobs", 1, took_ms, took_ms, took_ms), card]


async def line_up(url: str) -> None:
    """Put 10,000 waiting jobs into the history."""
    engine = open_engine(url)
    for first in range(JOBS, JOBS + WAITING, BATCH):
        await _insert(engine, make_jobs(first, BATCH, JobState.QUEUED))
    await engine.dispose()


def _png(side: int) -> bytes:
    encoded = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(encoded, "PNG")
    return encoded.getvalue()


PARTS = {"use": measure_use, "recovery": measure_recovery}


def run_part(part: str, url: str, folder: Path) -> tuple[list[Timing], float]:
    """Measure one part in a fresh process; returns its timings and its peak memory in MiB."""
    command = [sys.executable, "-m", "benchmarks.history", "--part", part, "--url", url, "--folder", str(folder)]
    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return [Timing(**timing) for timing in answer["timings"]], answer["peak_mib"]


def as_markdown(found: list[Timing], peaks: dict[str, float], database: str, facts: Facts) -> str:
    """The figures as a table with the machine below."""
    rows = [f"| {one.what} | {one.count} | {one.p50_ms:.1f} | {one.p99_ms:.1f} | {one.worst_ms:.1f} |" for one in found]
    verdict = "holds" if found[0].p99_ms < LIMIT_MS else "DOES NOT HOLD"
    return "\n".join(
        [
            f"# With {JOBS:,} jobs in the history ({database})",
            "",
            f"{PEOPLE} people, one with {HEAVY_JOBS:,} jobs; pictures, references and two bookings a job. The bot's "
            "own services on the real database, durable commits, credits on; the engine draws nothing.",
            "",
            "| what | times | p50, ms | p99, ms | worst, ms |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Submit p99 {found[0].p99_ms:.1f} ms; the limit of {LIMIT_MS:.0f} ms {verdict}.",
            "",
            *[f"Peak memory of the process that measured {part}: {peak:.0f} MiB." for part, peak in peaks.items()],
            "",
            *facts_as_markdown(facts),
            "",
        ]
    )


def main() -> int:
    """Fill, measure, print, write; exit code 1 when the limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument("--url", default="", help="an empty database; a SQLite file by default")
    parser.add_argument("--folder", type=Path, help="where pictures go, for --part")
    parser.add_argument("--part", choices=PARTS, help="measure one part on a filled database and print JSON")
    options = parser.parse_args()
    if options.part:
        timings = asyncio.run(PARTS[options.part](options.url, options.folder))
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"timings": [asdict(one) for one in timings], "peak_mib": peak_mib}))
        return 0
    facts = machine()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/uso-bot.sqlite3"
        asyncio.run(fill(url))
        found, use_mib = run_part("use", url, Path(folder) / "pictures")
        asyncio.run(line_up(url))
        recovered, recovery_mib = run_part("recovery", url, Path(folder) / "pictures")
    name = "history" if not options.url else "history_postgresql"
    peaks = {"use": use_mib, "recovery": recovery_mib}
    report = as_markdown([*found, *recovered], peaks, sa.make_url(url).get_backend_name(), facts)
    print(report)
    data = {"timings": [asdict(one) for one in (*found, *recovered)], "peak_mib": peaks, "machine": facts}
    write_results(options.out, name, report, data)
    return int(found[0].p99_ms >= LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
