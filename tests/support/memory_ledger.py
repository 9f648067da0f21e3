"""What holds of accounts and jobs at any time, read from the tables of the storage in memory."""

from __future__ import annotations

from collections import defaultdict

from bot.domain.credits import AccountId, BookingKind, Credits
from bot.domain.jobs import Job, JobId, JobState
from storage.memory.storage import MemoryStorage
from storage.memory.tables import Tables


def tables_of(storage: MemoryStorage) -> Tables:
    """The committed rows, to look at."""
    return storage._shared.committed


def check_ledger(tables: Tables) -> None:
    """Bookings add up to balances, no pot is below zero, nothing is charged or refunded twice or without a charge."""
    sums: defaultdict[AccountId, list[Credits]] = defaultdict(lambda: [0, 0])
    seen: set[tuple[JobId, BookingKind]] = set()
    for booking in tables.bookings.values():
        sums[booking.account][0] += booking.daily
        sums[booking.account][1] += booking.bonus
        if booking.job_id is not None:
            assert (booking.job_id, booking.kind) not in seen, f"{booking.kind.value} of {booking.job_id} twice"
            seen.add((booking.job_id, booking.kind))
    for account in tables.accounts.values():
        assert [account.daily, account.bonus] == sums[account.id], f"{account} does not follow from its bookings"
        assert account.daily >= 0, account
        assert account.bonus >= 0, account
    for job in tables.jobs.values():
        _check_job(tables, job)


def booked(tables: Tables, job: Job, kind: BookingKind) -> Credits:
    """What the ledger says of a job."""
    return sum(one.total for one in tables.bookings.values() if (one.job_id, one.kind) == (job.id, kind))


def _check_job(tables: Tables, job: Job) -> None:
    paid, back = -booked(tables, job, BookingKind.CHARGE), booked(tables, job, BookingKind.REFUND)
    assert (paid, back) == (job.cost, job.refunded), f"job {job.id} says {job.cost}, {job.refunded}: {paid}, {back}"
    unmade = job.request.count - len(job.pictures)
    match job.state:
        case JobState.QUEUED | JobState.RUNNING | JobState.DONE:
            assert back == 0, f"job {job.id} is {job.state.value} and was refunded"
        case JobState.FAILED:
            assert back == paid * unmade // job.request.count, f"job {job.id} failed: {back} of {paid}"
        case JobState.CANCELLED if job.attempt == 0:
            # What an orderly end of the bot put back counts as not begun; pictures that were finished stay.
            assert back == paid * unmade // job.request.count, f"job {job.id} never began: {back} of {paid}"
        case JobState.CANCELLED:
            least = paid * max(0, unmade - 1) // job.request.count
            assert least <= back <= paid * unmade // job.request.count, f"job {job.id} cancelled: {back} of {paid}"
