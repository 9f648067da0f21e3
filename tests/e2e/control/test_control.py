"""The control socket: what a bot that runs is told from the command line."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.control.addresses import socket_address
from adapters.control.client import NoAnswer, ask
from adapters.control.desk import ControlDesk
from adapters.control.server import ControlServer
from adapters.control.wire import (
    AskErrors,
    AskOutbox,
    AskQueue,
    AskStats,
    CancelJob,
    CloseReport,
    Done,
    Drain,
    Errors,
    Outbox,
    Pause,
    Queue,
    Refused,
    RestartEngine,
    Resume,
    Stats,
)
from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.jobs import JobState
from bot.domain.operations import RunMode
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.support.spine import SpineKit, running_spine

ADA = Actor(Platform.TELEGRAM, "42", name="Ada")


@asynccontextmanager
async def listening(folder: Path, engine: FakeEngine | None = None) -> AsyncIterator[SpineKit]:
    """A bot that listens in `folder`."""
    async with running_spine(engine) as spine:
        server = ControlServer(ControlDesk(spine.application), folder)
        await server.start()
        try:
            yield spine
        finally:
            await server.close()


async def submit(spine: SpineKit, key: str, prompt: str = "a fox") -> str:
    job = (await spine.application.submit(Origin(ADA, key), Draft(prompt=prompt))).job
    return job.id


async def test_pause_drain_and_resume_reach_the_bot_and_its_audit_log(tmp_path: Path) -> None:
    async with listening(tmp_path) as spine:
        for request, mode in ((Pause(), RunMode.PAUSED), (Drain(), RunMode.DRAINING), (Resume(), RunMode.RUNNING)):
            assert await ask(tmp_path, request) == Done()
            assert spine.application.operations.mode is mode
            stats = await ask(tmp_path, AskStats())
            assert isinstance(stats, Stats)
            assert stats.mode == mode.value
        async with spine.open_unit() as unit:
            entries = await unit.audit.recent(limit=9)
        assert [(entry.action.value, entry.by) for entry in entries] == [
            (action, "web:command line") for action in ("resume", "drain", "pause")
        ]


async def test_the_queue_is_told_with_people_and_anybodys_request_can_be_cancelled(tmp_path: Path) -> None:
    async with listening(tmp_path, FakeEngine(Play(hold_at_step=1))) as spine:
        running = await submit(spine, "one", "a  fox\nin snow")
        await spine.until(running, Phase.RUNNING)
        waiting = await submit(spine, "two", "x" * 100)
        queue = await ask(tmp_path, AskQueue(9))
        assert isinstance(queue, Queue)
        assert [entry.job_id for entry in queue.entries] == [running, waiting]
        assert (queue.entries[0].owner, queue.entries[0].name, queue.entries[0].prompt) == (
            "telegram:42",
            "Ada",
            "a fox in snow",
        )
        assert queue.entries[1].prompt == "x" * 59 + "…"
        assert await ask(tmp_path, AskQueue(1)) == Queue(queue.entries[:1], 2)
        for job_id in (waiting, running):
            assert await ask(tmp_path, CancelJob(job_id)) == Done()
            await spine.until(job_id, Phase.CANCELLED)
        again = await ask(tmp_path, CancelJob(running))
        assert isinstance(again, Refused)
        unknown = await ask(tmp_path, CancelJob("nowhere"))
        assert isinstance(unknown, Refused)
        assert unknown.sentence.endswith(".")
        assert (await spine.job(waiting)).state is JobState.CANCELLED
        async with spine.open_unit() as unit:
            entries = await unit.audit.recent(limit=9)
        assert [(entry.by, entry.subject) for entry in entries] == [
            ("command line", running),
            ("command line", waiting),
        ]


async def test_errors_and_deliveries_to_come_are_told(tmp_path: Path) -> None:
    async with listening(tmp_path) as spine:
        assert await ask(tmp_path, AskErrors()) == Errors(())
        assert await ask(tmp_path, AskOutbox()) == Outbox((), 0)
        job_id = await submit(spine, "one")
        await spine.until(job_id, Phase.DONE)
        async with spine.open_unit() as unit:
            await unit.outbox.add(job_id=job_id, platform=Platform.TELEGRAM, now=spine.clock.now())
            await unit.commit()
        outbox = await ask(tmp_path, AskOutbox())
        assert isinstance(outbox, Outbox)
        assert [(one.job_id, one.platform) for one in outbox.deliveries] == [(job_id, "telegram")]
        assert outbox.total == 1


async def test_a_report_is_closed_and_its_picture_deleted(tmp_path: Path) -> None:
    async with listening(tmp_path) as spine:
        job_id = await submit(spine, "one")
        await spine.until(job_id, Phase.DONE)
        await spine.application.reports.report(Actor(Platform.TELEGRAM, "7"), job_id, 0, "that is my face")
        (report,) = await spine.application.reports.open_reports(Actor(Platform.WEB, "local"))
        assert await ask(tmp_path, CloseReport(report.id, delete_picture=True)) == Done()
        assert (await spine.job(job_id)).hidden_at is not None
        assert isinstance(await ask(tmp_path, CloseReport(report.id, delete_picture=False)), Refused)


async def test_the_engine_starts_afresh(tmp_path: Path) -> None:
    engine = FakeEngine()
    async with listening(tmp_path, engine):
        before = engine.starts
        assert await ask(tmp_path, RestartEngine()) == Done()
        assert engine.starts == before + 1


async def test_only_the_owner_may_open_the_socket_and_it_goes_with_the_bot(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "control.sock"))  # as a killed bot leaves it
    left.close()
    async with listening(tmp_path):
        assert (tmp_path / "control.sock").stat().st_mode & 0o777 == 0o600
        assert isinstance(await ask(tmp_path, AskStats()), Stats)
    assert not (tmp_path / "control.sock").exists()
    with pytest.raises(NoAnswer):
        await ask(tmp_path, AskStats())


async def test_a_deep_folder_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("deeper" * 20)
    folder.mkdir(parents=True)
    async with listening(folder):
        assert isinstance(await ask(folder, AskStats()), Stats)


@pytest.mark.parametrize(
    "line",
    [b"\n", b"hello\n", b'{"kind":"format-disk"}\n', b'{"kind":"canceljob"}\n', b"\xff\x00\n", b'{"kind":"\x80"}\n'],
)
async def test_what_is_not_understood_is_refused(tmp_path: Path, line: bytes) -> None:
    async with listening(tmp_path):
        with socket_address(tmp_path) as address:
            reader, writer = await asyncio.open_unix_connection(address)
        writer.write(line)
        answer = json.loads(await reader.readline())
        writer.close()
        assert (answer["kind"], "different versions" in answer["sentence"]) == ("refused", True)
        assert isinstance(await ask(tmp_path, AskStats()), Stats)


async def test_whoever_says_nothing_holds_up_nobody(tmp_path: Path) -> None:
    async with listening(tmp_path):
        with socket_address(tmp_path) as address:
            _, silent = await asyncio.open_unix_connection(address)
        assert isinstance(await ask(tmp_path, AskStats()), Stats)
        silent.close()


async def test_a_bot_that_does_not_answer_is_told(tmp_path: Path) -> None:
    held: list[asyncio.StreamWriter] = []

    async def stay_silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_unix_server(stay_silent, str(tmp_path / "control.sock"))
    with pytest.raises(NoAnswer, match="too long"):
        await ask(tmp_path, AskStats(), timeout_s=0.1)
    for writer in held:
        writer.close()
    server.close()
