"""The database, as the services see it: one unit of work is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Final, Protocol, Self

from bot.domain.actors import Platform, UserId
from bot.domain.deliveries import Delivery
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import FailureKind, Job, JobId, JobState, ResultPicture
from bot.domain.operations import Tally
from bot.ports.access import ApiTokenRepository, WebAccessRepository
from bot.ports.library import (
    CopyRepository,
    ErasureRepository,
    HistoryRepository,
    PictureRepository,
    StyleRepository,
    TrayRepository,
)
from bot.ports.moderation import AuditRepository, ReportRepository
from bot.ports.people import AccountRepository, LinkRepository, SettingsRepository, UserRepository

TALLIED_DURATIONS: Final = 1_000
"""Of how many pictures `JobRepository.tally` tells the durations at most."""


class DuplicateEvent(Exception):  # noqa: N818 -- the platform said it twice
    """A job with this `event_key` is already stored; the unit of work that tried is unharmed."""


class StorageUnavailable(Rejected):
    """The database does not answer or stays locked; nothing of the unit of work was stored. Trying later may help.

    A refusal, so that whoever asked gets its sentence wherever it happens; `reason` is for the log.
    """

    def __init__(self, reason: str = "", rejection: Rejection = Rejection.STORAGE_BUSY) -> None:
        super().__init__(rejection)
        self.reason: Final = reason


class StorageFull(StorageUnavailable):
    """The disk under the database is full; nothing of the unit of work was stored."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason, Rejection.STORAGE_FULL)


class JobRepository(Protocol):
    """Jobs and their result pictures."""

    async def add(self, job: Job) -> None:
        """Insert a new job; raises `DuplicateEvent` when its `event_key` is not new."""
        ...

    async def get(self, job_id: JobId) -> Job | None:
        """The job with its pictures in order of index, or None."""
        ...

    async def find_by_event(self, event_key: str) -> Job | None:
        """The job that an event of a platform already made, or None."""
        ...

    async def claim(self, job_id: JobId, *, lease_owner: str, lease_until: datetime, now: datetime) -> Job | None:
        """Take a queued job by one conditional UPDATE: running, one more attempt, leased; None if it is not queued."""
        ...

    async def renew_lease(self, job_id: JobId, *, lease_owner: str, lease_until: datetime) -> bool:
        """Prolong the lease; False if the job is no longer ours."""
        ...

    async def add_picture(self, job_id: JobId, picture: ResultPicture) -> None:
        """Record a finished picture; recording the same index again replaces it."""
        ...

    async def hide_behind_spoiler(self, job_id: JobId) -> None:
        """Have the job's pictures hidden until somebody clicks on them, whatever was asked."""
        ...

    async def finish(
        self, job_id: JobId, *, lease_owner: str | None, state: JobState, failure: FailureKind | None, now: datetime
    ) -> bool:
        """End the job if it is still running under `lease_owner` (or queued, with None); one conditional UPDATE."""
        ...

    async def note_refund(self, job_id: JobId, refunded: int) -> None:
        """Write down what an ended job gave back, in hundredths of a credit."""
        ...

    async def requeue(self, job_id: JobId, *, lease_owner: str, keep_attempt: bool = True) -> bool:
        """Put a running job of ours back to queued; False if it is no longer ours.

        `keep_attempt=False` takes the attempt back: the job was not at fault (an orderly shutdown).
        """
        ...

    async def request_cancel(self, job_id: JobId) -> bool:
        """Mark a running job as to be stopped; False if it is not running."""
        ...

    async def unfinished(self) -> Sequence[Job]:
        """All queued and running jobs in the order they came in, whatever the clock said then."""
        ...

    async def count_waiting(self, owner: UserId) -> int:
        """How many queued jobs the owner has."""
        ...

    async def recent_pictures(self, *, limit: int) -> Sequence[tuple[Job, ResultPicture]]:
        """The latest finished pictures of anybody with their jobs, newest first; feeds the time estimates."""
        ...

    async def tally(self, *, since: datetime) -> Tally:
        """What ended since then; the durations of at most the latest 1,000 pictures. Reads no row that is older."""
        ...


class OutboxRepository(Protocol):
    """Deliveries that a platform still has to receive."""

    async def add(self, *, job_id: JobId, platform: Platform, now: datetime) -> None:
        """Add a pending delivery; a job has one at most (adding it again changes nothing)."""
        ...

    async def due(
        self,
        *,
        now: datetime,
        latest: datetime | None = None,
        platforms: Collection[Platform] | None = None,
        limit: int,
    ) -> Sequence[Delivery]:
        """Pending deliveries whose time has come, oldest first; only those of `platforms` if given.

        One whose time lies after `latest` is due as well: no wait is that long, the clock was set back.
        """
        ...

    async def next_due_at(self, *, platforms: Collection[Platform] | None = None) -> datetime | None:
        """When the earliest pending delivery (of `platforms`, if given) is to be tried, or None."""
        ...

    async def backlog(self) -> Mapping[Platform, int]:
        """How many pending deliveries each platform has; those with none are left out."""
        ...

    async def mark_delivered(self, delivery_id: int) -> None:
        """The platform has it."""
        ...

    async def retry_at(self, delivery_id: int, *, at: datetime, error: str) -> None:
        """Count a failed attempt and try again at `at`."""
        ...

    async def mark_dead(self, delivery_id: int, *, error: str) -> None:
        """It can never arrive; the result stays in the history."""
        ...


class UnitOfWork(Protocol):
    """One transaction; leaving the block without `commit` rolls back.

    Every method may raise `StorageUnavailable`.
    """

    users: UserRepository
    links: LinkRepository
    settings: SettingsRepository
    accounts: AccountRepository
    jobs: JobRepository
    outbox: OutboxRepository
    history: HistoryRepository
    copies: CopyRepository
    styles: StyleRepository
    trays: TrayRepository
    pictures: PictureRepository
    erasure: ErasureRepository
    audit: AuditRepository
    reports: ReportRepository
    web_access: WebAccessRepository
    api_tokens: ApiTokenRepository

    async def __aenter__(self) -> Self:
        """Begin."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Roll back whatever was not committed."""
        ...

    async def commit(self) -> None:
        """Make everything since the beginning durable."""
        ...


class Scrubber(Protocol):
    """What makes deleted rows unreadable."""

    async def scrub(self) -> None:
        """See to it that nothing of the rows deleted so far can be read from the database's tables or local log.

        Everybody waits meanwhile, some seconds where the history is long. Raises `StorageUnavailable`. Backups, and
        the write-ahead log of a database server, are the operator's to recycle.
        """
        ...


class UnitOfWorkFactory(Protocol):
    """Opens units of work."""

    def __call__(self) -> UnitOfWork:
        """A new unit of work, to be entered."""
        ...
