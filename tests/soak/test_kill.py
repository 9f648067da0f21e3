"""The kill test, reduced, and that its proof sees what it is to see."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from tests.soak.kill import Outcome, Plan, run
from tests.soak.proof import Evidence, Row, broken, prove

KILLS = 6


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One run for all tests."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    return asyncio.run(run(Plan(KILLS, seed, most_open=20), tmp_path_factory.mktemp("kill")))


def test_nothing_is_lost_and_nothing_happens_twice(outcome: Outcome) -> None:
    print(outcome.counts)
    assert broken(outcome.checks) == ""
    assert outcome.killed.total() == KILLS
    assert outcome.counts["ended done"] > 0
    assert len([check for check in outcome.checks if check.checked]) > len(outcome.checks) / 2


def _event(evidence: Evidence) -> str:
    return str(_done(evidence)["event_key"]).removeprefix("plain:")


def _done(evidence: Evidence) -> Row:
    return next(row for row in evidence.books.jobs if row["state"] == "done")


def _lose_the_job(evidence: Evidence) -> None:
    evidence.books.jobs.remove(_done(evidence))


def _leave_it_running(evidence: Evidence) -> None:
    _done(evidence)["state"] = "running"


def _do_it_twice(evidence: Evidence) -> None:
    evidence.books.jobs.append({**_done(evidence), "id": "another"})


def _charge_it_twice(evidence: Evidence) -> None:
    books = evidence.books
    charge = next(row for row in books.bookings if row["kind"] == "charge")
    books.bookings.append(charge)
    books.bookings_of[charge["job_id"]].append(charge)


def _refund_what_was_done(evidence: Evidence) -> None:
    books = evidence.books
    job = next(row for row in books.jobs if row["state"] == "done" and books.charged(row))
    books.bookings_of[job["id"]].append({"kind": "refund", "daily": 1, "bonus": 0})


def _forge_a_balance(evidence: Evidence) -> None:
    next(iter(evidence.books.accounts.values()))["bonus"] += 1


def _fill_up_twice(evidence: Evidence) -> None:
    refill = next(row for row in evidence.books.bookings if row["kind"] == "refill")
    evidence.books.bookings.append({**refill, "daily": 0})


def _deliver_nothing(evidence: Evidence) -> None:
    del evidence.platform.messages[_event(evidence)]


def _deliver_something_else(evidence: Evidence) -> None:
    platform = evidence.platform
    wrong = replace(platform.messages[_event(evidence)], pictures=("0" * 64,))
    platform.messages[_event(evidence)] = wrong


def _deliver_it_in_two_places(evidence: Evidence) -> None:
    platform = evidence.platform
    platform.messages["elsewhere"] = platform.messages[_event(evidence)]


def _refuse_what_was_accepted(evidence: Evidence) -> None:
    answers = evidence.platform.answers[_event(evidence)]
    answers.append(replace(answers[0], job=None, rejection="credits-used-up"))


def _keep_it_in_the_outbox(evidence: Evidence) -> None:
    evidence.books.deliveries[_done(evidence)["id"]][0]["state"] = "pending"


def _lose_a_picture(evidence: Evidence) -> None:
    del evidence.books.pictures[_done(evidence)["id"]][0]


def _damage_a_file(evidence: Evidence) -> None:
    name = evidence.books.pictures[_done(evidence)["id"]][0]["picture"]
    (evidence.folder / name[:2] / name).write_bytes(b"damaged")


def _leave_a_file(evidence: Evidence) -> None:
    (evidence.folder / ("0" * 64)).write_bytes(b"nobody's")


TAMPERINGS: list[tuple[Callable[[Evidence], None], str]] = [
    (_lose_the_job, "every request became one job or one refusal"),
    (_do_it_twice, "every request became one job or one refusal"),
    (_refuse_what_was_accepted, "every request became one job or one refusal"),
    (_leave_it_running, "every job came to its end"),
    (_charge_it_twice, "no job was charged or refunded twice"),
    (_charge_it_twice, "the bookings of each account add up to its balance"),
    (_forge_a_balance, "the bookings of each account add up to its balance"),
    (_fill_up_twice, "no day was filled up twice, although the clock went back"),
    (_refund_what_was_done, "done jobs were paid in full"),
    (_deliver_nothing, "every job has its result message"),
    (_deliver_something_else, "each message shows what is stored, picture for picture"),
    (_deliver_it_in_two_places, "no job has two"),
    (_keep_it_in_the_outbox, "the outbox knows that all was delivered"),
    (_lose_a_picture, "done jobs have all their pictures, each seed once"),
    (_damage_a_file, "every result's file is there, byte for byte"),
    (_leave_a_file, "after the sweep nothing unnamed is left"),
]


@pytest.mark.parametrize(("tamper", "claim"), TAMPERINGS)
def test_the_proof_sees_it(outcome: Outcome, tmp_path: Path, tamper: Callable[[Evidence], None], claim: str) -> None:
    assert outcome.evidence is not None
    copytree(outcome.evidence.folder, tmp_path / "pictures")
    evidence = replace(deepcopy(outcome.evidence), folder=tmp_path / "pictures")
    tamper(evidence)
    assert claim in {check.claim for check in prove(evidence) if not check.holds}
