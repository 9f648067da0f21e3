"""A full disk, a locked database, damaged files, a clock that jumps: clear words, nothing lost or charged twice."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.cards import Phase
from bot.domain.credits import CREDIT, user_account
from bot.domain.errors import Rejected, Rejection
from bot.domain.jobs import FailureKind, Job, JobId, JobState
from bot.domain.requests import Draft
from bot.ports.images import PictureCorrupt
from bot.ports.platforms import DeliveryDelayed
from bot.services.submit import Origin
from tests.support.ledger import check_ledger
from tests.support.pictures import png
from tests.support.real_spine import RealKit, real_spine
from tests.support.spine import SteadyClock

ANN = Actor(Platform.DISCORD, "1", name="Ann")
DAY_S = 24 * 3600.0


class Disk:
    """Room for so many bytes; None is without end."""

    def __init__(self) -> None:
        self.free_bytes: int | None = None

    def write(self, file: BufferedWriter, data: bytes) -> int:
        """Write like a disk: part of it, then no more."""
        if self.free_bytes is not None and len(data) > self.free_bytes:
            file.write(data[: self.free_bytes])
            raise OSError(errno.ENOSPC, "No space left on device")
        return file.write(data)


@dataclass
class Recorder:
    """The platform; what it was told, by job, and how often it says later."""

    platform: Platform = Platform.DISCORD
    told: Counter[JobId] = field(default_factory=Counter)
    is_away: bool = False

    async def deliver(self, job: Job) -> None:
        """Note it down."""
        if self.is_away:
            raise DeliveryDelayed("away")
        self.told[job.id] += 1


def origin(event: str) -> Origin:
    return Origin(ANN, event, ReplyAddress(Platform.DISCORD, {}))


async def left(kit: RealKit) -> int:
    """Ann's credits, explained by her bookings."""
    async with kit.database.unit_of_work() as unit:
        owner = await unit.users.find(ANN)
        if owner is None:
            return 50 * CREDIT
        await check_ledger(unit, user_account(owner))
    return (await kit.application.accounts.balance(ANN)).account.left


@contextmanager
def locked(kit: RealKit) -> Iterator[None]:
    """Somebody else's transaction on the database."""
    with closing(sqlite3.connect(kit.database_file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_a_disk_that_is_full_at_the_upload(tmp_path: Path) -> None:
    disk = Disk()
    async with real_spine(tmp_path, write=disk.write) as kit:
        disk.free_bytes = 100
        with pytest.raises(Rejected) as raised:
            await kit.application.submit(origin("a"), Draft("a fox", subject=png(300, 300)))
        assert raised.value.rejection is Rejection.STORAGE_FULL
        assert kit.files() == []
        assert await left(kit) == 50 * CREDIT
        disk.free_bytes = None
        job = (await kit.application.submit(origin("a"), Draft("a fox", subject=png(300, 300)))).job
        await kit.until(job.id, Phase.DONE)
        assert await left(kit) == 49 * CREDIT


async def test_a_disk_that_is_full_when_the_picture_is_ready(tmp_path: Path) -> None:
    disk, recorder = Disk(), Recorder()
    engine = FakeEngine(Play(), Play(hold_at_step=1))
    async with real_spine(tmp_path, engine, write=disk.write, deliverers=[recorder]) as kit:
        job = (await kit.application.submit(origin("a"), Draft("a fox", count=3))).job
        await engine.held.wait()
        disk.free_bytes = 10
        engine.release()
        card = await kit.until(job.id, Phase.FAILED)
        assert card.job.failure is FailureKind.STORAGE_FULL
        assert card.job.refunded == 2 * CREDIT
        assert await left(kit) == 49 * CREDIT
        kept = (await kit.job(job.id)).pictures
        assert [path.name for path in kit.files()] == [picture.picture for picture in kept]
        assert len(kept) == 1
        await _until_told(recorder, job.id)


async def test_a_database_that_is_full(tmp_path: Path) -> None:
    async with real_spine(tmp_path) as kit:
        with closing(sqlite3.connect(kit.database_file)) as other:
            pages = other.execute("PRAGMA page_count").fetchone()[0]
        async with kit.database._engine.connect() as connection:
            await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        refused = None
        for number in range(200):
            try:
                await kit.application.submit(origin(f"{number}"), Draft("a fox " * 300, subject=png(64, 64)))
            except Rejected as rejected:
                refused = rejected
                break
        assert refused is not None
        assert refused.rejection is Rejection.STORAGE_FULL
        async with kit.database._engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        async with kit.database.unit_of_work() as unit:
            assert await unit.jobs.find_by_event(f"{number}") is None
        job = (await kit.application.submit(origin(f"{number}"), Draft("a hen"))).job
        await kit.until(job.id, Phase.DONE)
        await left(kit)


async def test_a_database_that_is_locked_at_the_request(tmp_path: Path) -> None:
    async with real_spine(tmp_path, lock_timeout_s=0.05) as kit:
        with locked(kit), pytest.raises(Rejected) as raised:
            await kit.application.submit(origin("a"), Draft("a fox", subject=png()))
        assert raised.value.rejection is Rejection.STORAGE_BUSY
        job = (await kit.application.submit(origin("a"), Draft("a fox", subject=png()))).job
        await kit.until(job.id, Phase.DONE)
        assert await left(kit) == 49 * CREDIT


async def test_a_database_that_is_locked_while_a_picture_is_finished(tmp_path: Path) -> None:
    recorder = Recorder()
    engine = FakeEngine(Play(hold_at_step=1))
    async with real_spine(tmp_path, engine, deliverers=[recorder], lock_timeout_s=0.02) as kit:
        job = (await kit.application.submit(origin("a"), Draft("a fox"))).job
        await engine.held.wait()
        with locked(kit):
            engine.release()
            async with asyncio.timeout(20):
                while not kit.files():
                    await asyncio.sleep(0.01)
            for _ in range(20):  # the worker finds the database locked, again and again
                await asyncio.sleep(0.01)
        await kit.until(job.id, Phase.DONE)
        assert len((await kit.job(job.id)).pictures) == 1
        assert await left(kit) == 49 * CREDIT
        await _until_told(recorder, job.id)
        assert recorder.told[job.id] == 1


async def test_a_reference_that_was_damaged(tmp_path: Path) -> None:
    engine = FakeEngine(is_manual=True)
    async with real_spine(tmp_path, engine) as kit:
        job = (await kit.application.submit(origin("a"), Draft("a fox", subject=png()))).job
        assert job.request.subject is not None
        file = kit.picture_file(job.request.subject)
        file.write_bytes(file.read_bytes()[:-20] + b"\0" * 20)
        engine.become_ready()
        card = await kit.until(job.id, Phase.FAILED)
        assert card.job.failure is FailureKind.PICTURE_MISSING
        assert await left(kit) == 50 * CREDIT
        # Sent again, it is whole again, and the same job can be repeated.
        again = (await kit.application.submit(origin("b"), Draft("a fox", subject=png()))).job
        assert again.request.subject == job.request.subject
        await kit.until(again.id, Phase.DONE)
        repeated = (await kit.application.repeat(origin("c"), job.id)).job
        await kit.until(repeated.id, Phase.DONE)


async def test_a_result_that_was_damaged_is_told_and_can_be_repeated(tmp_path: Path) -> None:
    async with real_spine(tmp_path) as kit:
        job = (await kit.application.submit(origin("a"), Draft("a fox"))).job
        picture = (await kit.until(job.id, Phase.DONE)).job.pictures[0].picture
        kit.picture_file(picture).write_bytes(b"moth-eaten")
        with pytest.raises(PictureCorrupt):
            await kit.images.get(picture)
        with pytest.raises(Rejected, match="result-gone"):
            await kit.application.styles.save_from_job(ANN, "eaten", job.id, 0)
        repeated = (await kit.application.repeat(origin("b"), f"{job.id}-1")).job
        assert repeated.request.seed == job.request.seed
        await kit.until(repeated.id, Phase.DONE)


async def test_a_clock_that_jumps_back_a_day_and_forth_again(tmp_path: Path) -> None:
    clock, recorder = SteadyClock(), Recorder(is_away=True)
    async with real_spine(tmp_path, clock=clock, deliverers=[recorder]) as kit:
        first = (await kit.application.submit(origin("a"), Draft("a fox", count=4))).job
        await kit.until(first.id, Phase.DONE)
        clock.advance(-DAY_S)
        second = (await kit.application.submit(origin("b"), Draft("a hen", count=4))).job
        await kit.until(second.id, Phase.DONE)
        assert await left(kit) == 42 * CREDIT, "yesterday's credits were given yesterday"
        assert [job.id for job in (await kit.application.history.page(ANN)).jobs] == [second.id, first.id]
        recorder.is_away = False
    async with real_spine(tmp_path, clock=clock, deliverers=[recorder]) as kit:
        clock.advance(60)  # past the pause after an attempt that failed
        await _until_told(recorder, first.id, second.id)
        clock.advance(DAY_S)
        assert await left(kit) == 42 * CREDIT
        clock.advance(DAY_S)
        third = (await kit.application.submit(origin("c"), Draft("an owl"))).job
        await kit.until(third.id, Phase.DONE)
        assert await left(kit) == 49 * CREDIT
        await _until_told(recorder, third.id)
    assert set(recorder.told.values()) == {1}
    assert third.state is JobState.QUEUED


async def _until_told(recorder: Recorder, *job_ids: JobId) -> None:
    async with asyncio.timeout(30):
        while not all(recorder.told[job_id] for job_id in job_ids):
            await asyncio.sleep(0.01)
