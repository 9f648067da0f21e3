"""Who may talk to the page, and how it goes away."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from adapters.engine.fake import FakeEngine, Play
from adapters.web.server import WebServer, WebSettings
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.e2e.web.conftest import PageKit, cards_of
from tests.support.spine import make_spine


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:1", "LocalHost:8080", "[::1]:8080"])
async def test_own_names(page: PageKit, host: str) -> None:
    status, _ = await page.get("/healthz", headers={"Host": host})
    assert status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil@localhost", "[::2]", "", "0"]
)
@pytest.mark.parametrize("path", ["/", "/api/jobs", "/healthz", "/static/create.js"])
async def test_foreign_names(page: PageKit, host: str, path: str) -> None:
    async with page.session.get(page.url + path, headers={"Host": host}) as response:
        assert response.status in {400, 403}
        assert "Generate" not in await response.text()


async def test_names_that_were_configured() -> None:
    kit = make_spine()
    server = WebServer(kit.application, WebSettings(port=0, allowed_hosts=("studio.lan",)))
    await server.start()
    async with aiohttp.ClientSession() as session:
        for host, status in (("studio.lan:8080", 200), ("other.lan", 403)):
            async with session.get(f"http://127.0.0.1:{server.port}/healthz", headers={"Host": host}) as response:
                assert response.status == status
    await server.close()


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_foreign_sites_can_not_post(page: PageKit, headers: dict[str, str]) -> None:
    status, answer = await page.post(fields={"prompt": "a"}, headers=headers)
    assert (status, answer["code"]) == (403, "cross-site")
    await page.assert_nothing_stored()
    for path in ("reroll", "vary", "cancel"):
        status, answer = await page.call(f"/api/jobs/any/{path}", headers=headers)
        assert (status, answer["code"]) == (403, "cross-site")


async def test_our_own_page_can_post(page: PageKit) -> None:
    headers = {"Origin": page.url, "Sec-Fetch-Site": "same-origin"}
    status, _ = await page.post(fields={"prompt": "a", "steps": "1"}, headers=headers)
    assert status == 201


async def test_every_answer_carries_the_headers(page: PageKit) -> None:
    for path in ("/", "/healthz", "/nowhere", "/api/jobs", "/api/nowhere", "/static/create.css", "/static/icon.svg"):
        async with page.session.get(page.url + path) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff", path
            assert response.headers["Referrer-Policy"] == "same-origin", path
            assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
            assert "default-src 'none'" in response.headers["Content-Security-Policy"], path
            assert "Cache-Control" in response.headers, path


async def test_somebody_elses_private_job_is_not_shown(page: PageKit, engine: FakeEngine) -> None:
    somebody = Actor(Platform.DISCORD, "42")
    application = page.spine.application
    submitted = await application.submit(
        Origin(somebody, "discord:1"), Draft(prompt="secret thing", private=True, steps=1)
    )
    job_id = submitted.job.id
    await page.spine.until(job_id, Phase.DONE)
    for path in ("", "/events", "/preview", "/pictures/0.png"):
        status, answer = await page.get(f"/api/jobs/{job_id}{path}")
        assert (status, answer["code"]) == (403, "job-not-yours")
    for action, body in (("reroll", None), ("vary", {"strength": "subtle"}), ("cancel", None)):
        status, answer = await page.call(f"/api/jobs/{job_id}/{action}", body)
        assert (status, answer["code"]) == (403, "job-not-yours")
    assert (await page.get("/api/jobs"))[1]["jobs"] == []


async def test_closing_ends_open_streams_at_once(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=0))
    _, card = await page.post(fields={"prompt": "a"})
    await engine.held.wait()
    streams = [await page.session.get(f"{page.url}/api/jobs/{card['id']}/events") for _ in range(3)]
    first = [await anext(cards_of(stream)) for stream in streams]
    assert [event["phase"] for event in first] == ["running"] * 3
    async with asyncio.timeout(1):
        await page.server.close()
    for stream in streams:
        rest = [event async for event in cards_of(stream)]
        assert not any(event["is_final"] for event in rest)
    engine.release()


async def test_a_quiet_stream_beats(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=0))
    _, card = await page.post(fields={"prompt": "a"})
    await engine.held.wait()
    async with page.session.get(f"{page.url}/api/jobs/{card['id']}/events") as stream:
        async for line in stream.content:
            if line.startswith(b":"):
                break
        else:
            raise AssertionError("the stream ended without a beat")
    engine.release()


async def test_a_browser_that_leaves_its_stream_leaves_nothing_running(
    page: PageKit, engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.script(Play(hold_at_step=0))
    _, card = await page.post(fields={"prompt": "a"})
    await engine.held.wait()
    before = len(asyncio.all_tasks())
    stream = await page.session.get(f"{page.url}/api/jobs/{card['id']}/events")
    await anext(cards_of(stream))
    assert len(asyncio.all_tasks()) > before
    stream.close()
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > before:
            await asyncio.wait(asyncio.all_tasks(), timeout=0.02, return_when=asyncio.FIRST_COMPLETED)
    assert caplog.records == []
    engine.release()


async def test_starting_twice_on_one_port_is_an_error(page: PageKit) -> None:
    second = WebServer(page.spine.application, WebSettings(port=page.server.port))
    with pytest.raises(OSError, match="address already in use"):
        await second.start()
    with pytest.raises(RuntimeError):
        _ = second.port
    await second.close()
