"""What has to hold when all is over, read from the database's tables, the folder and the platform's own record."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, make_url, text

from tests.soak.bot_process import MAX_ATTEMPTS
from tests.support.plain_platform import Content, Record

Row = dict[str, Any]

_FINAL: Final = {"done", "failed", "cancelled"}
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One claim: how many things it was checked on, and those for which it does not hold."""

    claim: str
    checked: int
    broken: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether it holds for all."""
        return not self.broken


class Books:
    """Every row, read with plain SQL, past all code of the bot."""

    def __init__(self, url: str) -> None:
        engine = create_engine(_synchronous(url))
        self.jobs = _read(engine, "SELECT * FROM jobs ORDER BY number")
        self.pictures = _by(_read(engine, 'SELECT * FROM pictures ORDER BY "index"'), "job_id")
        self.references = _read(engine, "SELECT * FROM job_references")
        self.deliveries = _by(_read(engine, "SELECT * FROM deliveries"), "job_id")
        self.accounts = {row["id"]: row for row in _read(engine, "SELECT * FROM accounts")}
        self.bookings = _read(engine, "SELECT * FROM bookings ORDER BY id")
        self.bookings_of = _by([row for row in self.bookings if row["job_id"] is not None], "job_id")
        engine.dispose()

    @property
    def named_files(self) -> set[str]:
        """Hashes of all pictures that rows name."""
        results = {row["picture"] for rows in self.pictures.values() for row in rows}
        return results | {row["picture"] for row in self.references}

    def charged(self, job: Row) -> int:
        """What the ledger says was taken for a job."""
        return -self._booked(job, "charge")

    def refunded(self, job: Row) -> int:
        """What the ledger says was given back for it."""
        return self._booked(job, "refund")

    def _booked(self, job: Row, kind: str) -> int:
        return sum(int(row["daily"] + row["bonus"]) for row in self.bookings_of[job["id"]] if row["kind"] == kind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is left: the tables, what the platform remembers, the pictures."""

    books: Books
    platform: Record
    folder: Path


def prove(evidence: Evidence) -> list[Check]:
    """All claims."""
    books, platform = evidence.books, evidence.platform
    return [
        *_requests(books, platform),
        *_ledger(books),
        *_refunds(books),
        *_results(books, platform),
        *_files(books, evidence.folder),
    ]


def _requests(books: Books, platform: Record) -> list[Check]:
    jobs = _by(books.jobs, "event_key")
    asked = [event for event in platform.events.values() if event.ask is not None]
    told = {event.id: {answer.job for answer in platform.answers[event.id]} for event in asked}
    one_end = [
        f"{event.id}: answers {told[event.id]}, rows {[row['id'] for row in jobs[f'plain:{event.id}']]}"
        for event in asked
        if (told[event.id] != {row["id"] for row in jobs[f"plain:{event.id}"]} and told[event.id] != {None})
        or (told[event.id] == {None} and jobs[f"plain:{event.id}"])
        or len(told[event.id]) != 1
    ]
    unfinished = [f"{row['id']} is {row['state']}" for row in books.jobs if row["state"] not in _FINAL]
    attempts = [f"{row['id']}: {row['attempt']}" for row in books.jobs if row["attempt"] > MAX_ATTEMPTS]
    known = {f"plain:{event.id}" for event in asked}
    unasked = [row["event_key"] for row in books.jobs if row["event_key"] not in known]
    return [
        Check("every request became one job or one refusal", len(asked), tuple(one_end)),
        Check("no job came from nowhere", len(books.jobs), tuple(unasked)),
        Check("every job came to its end", len(books.jobs), tuple(unfinished)),
        Check(f"no job was begun more than {MAX_ATTEMPTS} times", len(books.jobs), tuple(attempts)),
        Check("the platform was told nothing odd", len(platform.answers), tuple(platform.wrong)),
    ]


def _ledger(books: Books) -> list[Check]:
    unbalanced, negative, twice = [], [], []
    for account, group in groupby(sorted(books.bookings, key=lambda row: row["account"]), lambda row: row["account"]):
        daily = bonus = 0
        refilled_on = set()
        for row in group:
            daily, bonus = daily + row["daily"], bonus + row["bonus"]
            if daily < 0 or bonus < 0:
                negative.append(f"{account} after booking {row['id']}: {daily} + {bonus}")
            if row["kind"] == "refill":
                day = _day(row["at"])
                if day in refilled_on:
                    twice.append(f"{account} on {day}")
                refilled_on.add(day)
        kept = books.accounts[account]
        if (daily, bonus) != (kept["daily"], kept["bonus"]):
            unbalanced.append(f"{account}: {daily} + {bonus} booked, {kept['daily']} + {kept['bonus']} kept")
    kinds = Counter((job, row["kind"]) for job, rows in books.bookings_of.items() for row in rows)
    repeated = [f"{job}: {times} times {kind}" for (job, kind), times in kinds.items() if times > 1]
    refills = sum(row["kind"] == "refill" for row in books.bookings)
    return [
        Check("the bookings of each account add up to its balance", len(books.accounts), tuple(unbalanced)),
        Check("no balance was ever below zero", len(books.bookings), tuple(negative)),
        Check("no job was charged or refunded twice", len(kinds), tuple(repeated)),
        Check("no day was filled up twice, although the clock went back", refills, tuple(twice)),
    ]


def _refunds(books: Books) -> list[Check]:
    wrong: defaultdict[str, list[str]] = defaultdict(list)
    counted: Counter[str] = Counter()
    for job in books.jobs:
        charged, refunded = books.charged(job), books.refunded(job)
        if job["state"] not in _FINAL:
            continue
        made = len(books.pictures[job["id"]])
        unmade = job["count"] - made
        kind = "unstarted" if job["state"] == "cancelled" and job["attempt"] == 0 else job["state"]
        counted[kind] += 1
        # A picture that had begun when it was cancelled stays paid for.
        least, most = {
            "done": (0, 0),
            "failed": (charged * unmade // job["count"],) * 2,
            "unstarted": (charged, charged),
            "cancelled": (charged * max(0, unmade - 1) // job["count"], charged * unmade // job["count"]),
        }[kind]
        if not least <= refunded <= most:
            wrong[kind].append(f"{job['id']}: {refunded} of {charged}, {made} of {job['count']} made")
        if (job["cost"], job["refunded"]) != (charged, refunded):
            wrong["told"].append(f"{job['id']}: {job['cost']}, {job['refunded']}; booked {charged}, {refunded}")
    limited = [job for job in books.jobs if books.bookings_of[job["id"]]]
    return [
        Check("failed jobs were refunded for all that was not made", counted["failed"], tuple(wrong["failed"])),
        Check("jobs cancelled before they began cost nothing", counted["unstarted"], tuple(wrong["unstarted"])),
        Check("jobs cancelled later paid for what had begun", counted["cancelled"], tuple(wrong["cancelled"])),
        Check("done jobs were paid in full", counted["done"], tuple(wrong["done"])),
        Check("each job says what the ledger says", len(limited), tuple(wrong["told"])),
    ]


def _results(books: Books, platform: Record) -> list[Check]:
    by_event = {row["event_key"].removeprefix("plain:"): row for row in books.jobs}
    received = defaultdict(set)
    for one in platform.received:
        received[one.event].add(one.content)
    missing = [f"{row['id']} ({event})" for event, row in by_event.items() if event not in platform.messages]
    differing = [f"{event}: {contents}" for event, contents in received.items() if len(contents) != 1]
    wrong = [
        f"{event}: {content}, stored {_content_of(books, by_event[event])}"
        for event, content in platform.messages.items()
        if event in by_event and content != _content_of(books, by_event[event])
    ]
    stray = [event for event in platform.messages if event not in by_event]
    messages = Counter(content.job for content in platform.messages.values())
    pending = [
        f"{row['id']}: {[delivery['state'] for delivery in books.deliveries[row['id']]]}"
        for row in books.jobs
        if [delivery["state"] for delivery in books.deliveries[row["id"]]] != ["delivered"]
    ]
    return [
        Check("every job has its result message", len(books.jobs), tuple(missing)),
        Check("no job has two", len(messages), tuple(f"{job}: {n}" for job, n in messages.items() if n != 1)),
        Check("repeated deliveries said the same again", len(platform.received), tuple(differing)),
        Check("each message shows what is stored, picture for picture", len(platform.messages), tuple(wrong + stray)),
        Check("the outbox knows that all was delivered", len(books.jobs), tuple(pending)),
    ]


def _files(books: Books, folder: Path) -> list[Check]:
    stored = {path.name: path for path in folder.rglob("*") if path.is_file()}
    results = [(job, row) for job in books.jobs for row in books.pictures[job["id"]]]
    damaged = [
        f"{row['picture']} of {job['id']}"
        for job, row in results
        if row["picture"] not in stored
        or hashlib.sha256(stored[row["picture"]].read_bytes()).hexdigest() != row["picture"]
    ]
    lost = [f"{row['picture']} of {row['job_id']}" for row in books.references if row["picture"] not in stored]
    done = [job for job in books.jobs if job["state"] == "done"]
    incomplete = [
        job["id"]
        for job in done
        if [(row["index"], row["seed"]) for row in books.pictures[job["id"]]]
        != [(index, (job["seed"] + index) % 2**32) for index in range(job["count"])]
    ]
    return [
        Check("done jobs have all their pictures, each seed once", len(done), tuple(incomplete)),
        Check("every result's file is there, byte for byte", len(results), tuple(damaged)),
        Check("every reference's file is there", len(books.references), tuple(lost)),
        Check("after the sweep nothing unnamed is left", len(stored), tuple(sorted(set(stored) - books.named_files))),
    ]


def counts(evidence: Evidence) -> dict[str, int]:
    """What happened, for the report."""
    books, platform = evidence.books, evidence.platform
    refused = Counter(
        answer.rejection for answers in platform.answers.values() for answer in answers if answer.rejection is not None
    )
    states = Counter(row["state"] for row in books.jobs)
    asked = [event for event in platform.events.values() if event.ask is not None]
    return {
        "requests": len(asked),
        "accepted": len(books.jobs),
        **{f"refused: {name}": number for name, number in sorted(refused.items())},
        **{f"ended {state}": number for state, number in sorted(states.items())},
        "jobs begun more than once": sum(row["attempt"] > 1 for row in books.jobs),
        "jobs that were charged": sum(bool(books.charged(row)) for row in books.jobs),
        "jobs that were refunded": sum(bool(row["refunded"]) for row in books.jobs),
        "bookings": len(books.bookings),
        "answers given again": sum(len(answers) - 1 for answers in platform.answers.values() if answers),
        "results delivered": len(platform.messages),
        "deliveries repeated": len(platform.received) - len(platform.messages),
    }


def broken(checks: Iterable[Check]) -> str:
    """Claims that do not hold, with a few examples each; empty when all hold."""
    return "\n".join(
        f"{check.claim}: {len(check.broken)} of {check.checked} break it: {'; '.join(check.broken[:_SHOWN])}"
        for check in checks
        if not check.holds
    )


def _content_of(books: Books, job: Row) -> Content:
    pictures = tuple(row["picture"] for row in books.pictures[job["id"]]) if job["state"] == "done" else ()
    return Content(job["id"], job["state"], job["failure"], job["refunded"], pictures)


def _day(at: str | datetime) -> str:
    """The day in UTC; SQLite keeps times as text in UTC, PostgreSQL as times."""
    return at[:10] if isinstance(at, str) else at.astimezone(UTC).date().isoformat()


def _synchronous(url: str) -> str:
    parsed = make_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def _read(engine: Engine, query: str) -> list[Row]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def _by(rows: Iterable[Row], column: str) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
