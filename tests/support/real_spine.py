"""A spine on a real database and a real folder, with an engine that the test holds in its hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path

from adapters.engine.fake import FakeEngine
from adapters.engine.style_tokens import StyleTokenFolder
from bot.application import Application
from bot.assembly import Outside, Rules
from bot.domain.cards import Card, Phase
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.jobs import Job, JobId
from bot.ports.engine import Engine
from bot.ports.platforms import Deliverer
from bot.services.worker import WorkerSettings
from bot.spine import Spine
from storage.database import Database, upgrade
from storage.image_store import FolderImageStore
from tests.support.spine import SteadyClock, words

FIFTY_A_DAY = Tiers((Tier("free", 50 * CREDIT),), default="free", page="free")


@dataclass
class RealKit:
    """What a bot leaves in its folder, and questions that tests ask; a second kit on the same folder is a restart."""

    folder: Path
    database: Database
    spine: Spine
    images: FolderImageStore
    clock: SteadyClock = field(default_factory=SteadyClock)

    @property
    def application(self) -> Application:
        """What adapters use."""
        return self.spine.application

    @property
    def database_file(self) -> Path:
        """The SQLite file."""
        return self.folder / "bot.db"

    def picture_file(self, picture: str) -> Path:
        """Where a picture is stored."""
        return self.folder / "pictures" / picture[:2] / picture

    def files(self) -> list[Path]:
        """Everything under the pictures, leftovers too."""
        return [path for path in (self.folder / "pictures").rglob("*") if path.is_file()]

    async def job(self, job_id: JobId) -> Job:
        """The row as stored."""
        async with self.database.unit_of_work() as unit:
            job = await unit.jobs.get(job_id)
        assert job is not None
        return job

    async def until(self, job_id: JobId, phase: Phase) -> Card:
        """Watch a card until it shows `phase`."""
        seen = []
        async for card in self.application.board.watch(job_id):
            seen.append(card.phase.value)
            if card.phase is phase:
                return card
        raise AssertionError(f"the card ended as {seen}, never {phase.value}")


@asynccontextmanager
async def real_spine(
    folder: Path,
    engine: Engine | None = None,
    *,
    deliverers: Iterable[Deliverer] = (),
    clock: SteadyClock | None = None,
    write: Callable[[BufferedWriter, bytes], object] = BufferedWriter.write,
    lock_timeout_s: float = 5.0,
) -> AsyncIterator[RealKit]:
    """A bot in `folder` until the block ends."""
    url = f"sqlite:///{folder / 'bot.db'}"
    await upgrade(url)
    database = await Database.open(url, lock_timeout_s=lock_timeout_s)
    images = FolderImageStore(folder / "pictures", write=write)
    clock = clock or SteadyClock()
    outside = Outside(
        engine=engine or FakeEngine(),
        style_tokens=StyleTokenFolder(folder / "style-tokens"),
        open_unit=database.unit_of_work,
        scrubber=database,
        images=images,
        clock=clock,
        catalogs=words(),
    )
    spine = Spine(outside, Rules(tiers=FIFTY_A_DAY), WorkerSettings(name="test", retry_s=0.02))
    await spine.start()
    spine.deliver_through(deliverers)
    try:
        yield RealKit(folder, database, spine, images, clock)
    finally:
        await spine.close()
        await database.close()
