"""What watches over the process: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.engine.fake import FAKE_MEMORY, FakeEngine, Play
from adapters.web.server import WebServer, WebSettings
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.engines import EngineState
from bot.domain.errors import Rejected
from bot.domain.measurements import ConnectionState
from bot.domain.requests import Draft
from bot.ports.engine import EngineFailed
from bot.services.submit import Origin
from tests.e2e.web.conftest import LOCAL, PageKit
from tests.support.faulty_storage import Fault, FaultyStorage
from tests.support.spine import SpineKit, make_spine

ADA = Actor(Platform.DISCORD, "80351110224678912", name="Ada")


async def measured(page: PageKit) -> dict[str, float]:
    """Every series by its name and labels, as Prometheus reads them."""
    async with page.session.get(f"{page.url}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        text = await answer.text()
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@asynccontextmanager
async def serving(kit: SpineKit) -> AsyncIterator[str]:
    """A page over a kit of the test's own; its address."""
    server = WebServer(kit.application, WebSettings(port=0))
    await kit.spine.start()
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.close()
        await kit.spine.close()


async def test_healthy_is_whoever_answers_whatever_the_engine_does(page: PageKit, engine: FakeEngine) -> None:
    await engine.wait_ready()
    assert await page.get("/healthz") == (200, {"status": "ok", "engine": "ready"})
    engine.break_down("no card")
    assert await page.get("/healthz") == (200, {"status": "ok", "engine": "broken"})


async def test_readiness_tells_how_long_the_warm_up_still_takes() -> None:
    engine = FakeEngine(is_manual=True)
    async with serving(make_spine(engine)) as url, aiohttp.ClientSession() as session:

        async def ask() -> tuple[int, str | None, dict[str, object]]:
            async with session.get(f"{url}/readyz") as answer:
                return answer.status, answer.headers.get("Retry-After"), await answer.json()

        assert (await ask())[:2] == (503, "10")
        engine.warm_up(0.25, 41.3)
        status, retry_after, body = await ask()
        assert (status, retry_after) == (503, "42")
        assert body == {
            "is_ready": False,
            "engine": "warming-up",
            "fraction": 0.25,
            "seconds_left": 41.3,
            "has_database": True,
        }
        engine.become_ready()
        assert (await ask())[:2] == (200, None)
        engine.break_down("no card")
        assert (await ask())[:2] == (503, "60")


async def test_without_a_database_the_bot_is_alive_and_not_ready() -> None:
    engine, storage = FakeEngine(), FaultyStorage()
    async with serving(make_spine(engine, storage=storage)) as url, aiohttp.ClientSession() as session:
        await engine.wait_ready()
        storage.script.append(Fault.AWAY)
        async with session.get(f"{url}/readyz") as answer:
            assert (answer.status, (await answer.json())["has_database"]) == (503, False)
        storage.script.append(Fault.AWAY)
        async with session.get(f"{url}/metrics") as answer:
            assert "uso_bot_database_up 0.0" in await answer.text()
        storage.script.append(Fault.AWAY)
        async with session.get(f"{url}/healthz") as answer:
            assert answer.status == 200
        assert list(storage.script) == [Fault.AWAY], "to be alive needs no database"


async def test_what_happens_is_counted(page: PageKit, engine: FakeEngine) -> None:
    before = await measured(page)
    assert before["uso_bot_jobs_accepted_total platform=web"] == 0
    assert before["uso_bot_deliveries_total outcome=delivered platform=discord"] == 0
    await page.done({"prompt": "a fish", "steps": "2", "count": "2"})
    engine.script(Play(failure=EngineFailed("no")))
    assert (await page.done({"prompt": "a fish", "steps": "2"}))["phase"] == "failed"
    await page.post(fields={"prompt": " "})
    after = await measured(page)
    assert after["uso_bot_jobs_accepted_total platform=web"] == 2
    assert after["uso_bot_jobs_ended_total platform=web state=done"] == 1
    assert after["uso_bot_jobs_ended_total platform=web state=failed"] == 1
    assert after["uso_bot_jobs_failed_total kind=internal"] == 1
    assert after["uso_bot_requests_refused_total platform=web reason=prompt-empty"] == 1
    assert after["uso_bot_pictures_total platform=web"] == 2
    assert after["uso_bot_picture_drawing_seconds_count"] == 2
    assert after["uso_bot_picture_drawing_seconds_sum"] == pytest.approx(2 * 0.02)
    assert after["uso_bot_job_waiting_seconds_count"] == 2


async def test_what_is_there_is_shown(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=1))
    for _ in range(2):
        await page.post(fields={"prompt": "a fish"})
    await engine.held.wait()
    connections = page.spine.application.connections
    connections.note(Platform.DISCORD, ConnectionState.CONNECTED)
    connections.note(Platform.TELEGRAM, ConnectionState.LOST, "NetworkError")
    await page.spine.application.operations.pause(LOCAL)
    shown = await measured(page)
    assert shown["uso_bot_jobs platform=web state=running"] == 1
    assert shown["uso_bot_jobs platform=web state=queued"] == 1
    assert (shown["uso_bot_queue_jobs"], shown["uso_bot_queue_people"]) == (1, 1)
    assert shown["uso_bot_mode mode=paused"] == 1
    assert shown["uso_bot_mode mode=running"] == 0
    assert shown["uso_bot_engine_state state=ready"] == 1
    assert sum(shown[f"uso_bot_engine_state state={state.value}"] for state in EngineState) == 1
    assert shown["uso_bot_engine_memory_used_bytes"] == FAKE_MEMORY.used_bytes
    assert shown["uso_bot_engine_memory_total_bytes"] == FAKE_MEMORY.total_bytes
    assert shown["uso_bot_chat_connected platform=discord"] == 1
    assert shown["uso_bot_chat_connected platform=telegram"] == 0
    assert shown["process_resident_memory_bytes"] > 0
    assert any(name.startswith("uso_bot_info device=none model=fake profile=") for name in shown)


async def test_new_starts_of_the_engine_are_counted_and_the_first_is_none() -> None:
    engine = FakeEngine(is_manual=True)
    kit = make_spine(engine, operators=(ADA.key,))
    async with serving(kit) as url, aiohttp.ClientSession() as session:

        async def restarts() -> float:
            async with session.get(f"{url}/metrics") as answer:
                return float((await answer.text()).split("\nuso_bot_engine_restarts_total ")[1].split("\n")[0])

        engine.become_ready()
        assert await restarts() == 0
        engine.lose()
        assert await restarts() == 1
        engine.become_ready()
        assert await restarts() == 1
        await kit.application.operations.restart_engine(ADA)
        assert await restarts() == 2


async def test_the_event_loop_is_measured(page: PageKit) -> None:
    async with asyncio.timeout(30):
        while not (await measured(page))["uso_bot_event_loop_lag_seconds_count"]:
            await asyncio.sleep(0.05)


async def test_the_outbox_is_counted(page: PageKit) -> None:
    origin = Origin(ADA, "discord:1", ReplyAddress(Platform.DISCORD, {"channel": "1"}))
    job = (await page.spine.application.submit(origin, Draft("a fish", steps=1))).job
    async for _ in page.spine.application.board.watch(job.id):
        pass
    shown = await measured(page)
    assert shown["uso_bot_outbox_pending platform=discord"] == 1
    assert shown["uso_bot_jobs_ended_total platform=discord state=done"] == 1


async def test_labels_name_nobody_and_nothing_private(page: PageKit) -> None:
    origin = Origin(ADA, "discord:1", ReplyAddress(Platform.DISCORD, {"channel": "1"}))
    job = (await page.spine.application.submit(origin, Draft("a secret garden", steps=1))).job
    with pytest.raises(Rejected):
        await page.spine.application.submit(Origin(ADA, "discord:2"), Draft(""))
    async with page.session.get(f"{page.url}/metrics") as answer:
        text = await answer.text()
    for private in (ADA.external_id, "Ada", job.id, job.owner, "secret garden"):
        assert private not in text
    assert text.count("uso_bot_") < 500


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_what_a_proxy_passes_on_is_not_of_this_machine(page: PageKit, header: str) -> None:
    async with page.session.get(f"{page.url}/metrics", headers={header: "203.0.113.7"}) as answer:
        assert answer.status == 401
        assert "uso_bot_" not in await answer.text()
