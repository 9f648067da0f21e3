"""A spine on storage in memory, with an engine that the test holds in its hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from argon2 import PasswordHasher

from adapters.engine.fake import FakeEngine
from bot.application import Application
from bot.assembly import Outside, Rules
from bot.domain.cards import Card, Phase
from bot.domain.credits import Tier, Tiers
from bot.domain.jobs import Job, JobId
from bot.domain.limits import Limits
from bot.domain.words import WordList
from bot.messages.catalogs import Catalogs, load_catalogs
from bot.ports.engine import Engine
from bot.ports.image_check import ImageCheck, NoImageCheck
from bot.ports.images import ImageStore
from bot.ports.platforms import Deliverer
from bot.ports.storage import UnitOfWorkFactory
from bot.services.links import LinkSettings
from bot.services.passwords import Passwords
from bot.services.picture_check import CheckRules
from bot.services.recent_errors import RecentErrors
from bot.services.worker import WorkerSettings
from bot.spine import Spine
from storage.memory import MemoryImageStore, MemoryStorage


@cache
def words() -> Catalogs:
    """All texts; parsed once, because that takes longer than most tests."""
    return load_catalogs()


class SteadyClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.present = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The time it was set to."""
        return self.present

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.present += timedelta(seconds=seconds)


UNLIMITED = Tiers((Tier("unlimited", None),), default="unlimited", page="unlimited")


QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2 without the cost that makes it good."""


class RecordedTokens:
    """Style tokens that are nowhere; remembers which pictures were to be forgotten."""

    def __init__(self) -> None:
        self.forgotten: list[bytes] = []
        self.prompts_forgotten = 0

    async def forget(self, picture: bytes) -> None:
        """Note it down."""
        self.forgotten.append(picture)

    async def forget_prompts(self) -> None:
        """Count it."""
        self.prompts_forgotten += 1


@dataclass
class SpineKit:
    """A spine, what it stands on, and questions that tests ask; a second kit on the same `storage` is a restart."""

    engine: Engine
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    images: ImageStore = field(default_factory=MemoryImageStore)
    clock: SteadyClock = field(default_factory=SteadyClock)
    limits: Limits = field(default_factory=Limits)
    tiers: Tiers = field(default_factory=lambda: UNLIMITED)
    style_tokens: RecordedTokens = field(default_factory=RecordedTokens)
    trusted_servers: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    links: LinkSettings | None = None
    token_requests_a_minute: int = 300
    words: WordList = field(default_factory=lambda: WordList(()))
    image_check: ImageCheck = field(default_factory=NoImageCheck)
    checking: CheckRules = field(default_factory=CheckRules)
    errors: RecentErrors = field(default_factory=RecentErrors)
    max_attempts: int = 2
    retry_s: float = 0.5
    preview_every: int = 2
    spine: Spine = field(init=False)

    def __post_init__(self) -> None:
        self.spine = Spine(
            Outside(
                self.engine,
                self.style_tokens,
                self.open_unit,
                self.storage,
                self.images,
                self.clock,
                words(),
                passwords=Passwords(QUICK_HASHER),
                errors=self.errors,
                image_check=self.image_check,
            ),
            Rules(
                limits=self.limits,
                tiers=self.tiers,
                trusted_servers=self.trusted_servers,
                operators=self.operators,
                links=self.links,
                token_requests_a_minute=self.token_requests_a_minute,
                words=self.words,
                checking=self.checking,
            ),
            WorkerSettings(
                name="test",
                max_attempts=self.max_attempts,
                preview_every=self.preview_every,
                retry_s=self.retry_s,
            ),
        )

    @property
    def open_unit(self) -> UnitOfWorkFactory:
        """Opens transactions on the storage."""
        return self.storage.unit_of_work

    @property
    def application(self) -> Application:
        """What adapters use."""
        return self.spine.application

    async def job(self, job_id: JobId) -> Job:
        """The row as stored."""
        async with self.open_unit() as unit:
            job = await unit.jobs.get(job_id)
        assert job is not None
        return job

    async def until(self, job_id: JobId, phase: Phase) -> list[Card]:
        """Watch a card until it shows `phase`; returns all cards seen."""
        seen: list[Card] = []
        async for card in self.application.board.watch(job_id):
            seen.append(card)
            if card.phase is phase:
                return seen
        raise AssertionError(f"the card ended as {[card.phase.value for card in seen]}, never {phase.value}")


def make_spine(engine: Engine | None = None, **options: object) -> SpineKit:
    """A kit that is not started; `options` are `SpineKit`'s fields."""
    return SpineKit(engine=engine if engine is not None else FakeEngine(), **options)  # type: ignore[arg-type]


@asynccontextmanager
async def running_spine(
    engine: Engine | None = None, deliverers: Iterable[Deliverer] = (), **options: object
) -> AsyncIterator[SpineKit]:
    """A kit that works until the block ends."""
    kit = make_spine(engine, **options)
    await kit.spine.start()
    kit.spine.deliver_through(deliverers)
    try:
        yield kit
    finally:
        await kit.spine.close()
