"""The page *Operate* and what it does, over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest

from adapters.engine.fake import FAKE_MEMORY, FakeEngine, Play
from adapters.web.operate.api import person_of
from adapters.web.operate.sections import Words
from adapters.web.server import WebServer, WebSettings
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.credits import CREDIT
from bot.domain.errors import Rejected
from bot.domain.measurements import ConnectionState
from bot.domain.operations import RunMode
from bot.domain.oversight import ErrorNote
from bot.domain.requests import Draft
from bot.services.recent_errors import RecentErrors
from bot.services.submit import Origin
from tests.e2e.web.conftest import LOCAL, PageKit
from tests.support.spine import SpineKit, running_spine, words

ADA = Actor(Platform.DISCORD, "80351110224678912", name="Ada <script>")
BOB = Actor(Platform.TELEGRAM, "42")


class Text(HTMLParser):
    """The words of a page, without its marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._words: list[str] = []
        self.feed(html)
        self.words = " ".join(" ".join(self._words).split())

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self._words.append(data)


async def page_of(page: PageKit, locale: str = "en") -> str:
    """The page in a language."""
    async with page.session.get(f"{page.url}/operate", headers={"Accept-Language": locale}) as answer:
        assert answer.status == 200
        return await answer.text()


async def ask(kit: SpineKit, actor: Actor, key: str) -> str:
    """Ask for a picture from a chat; the id of the job."""
    origin = Origin(actor, key, ReplyAddress(actor.platform, {"channel": "1"}))
    return (await kit.application.submit(origin, Draft("a secret garden", steps=2))).job.id


@asynccontextmanager
async def live(url: str, session: aiohttp.ClientSession) -> AsyncIterator[AsyncIterator[tuple[str, str]]]:
    """The stream's sections, as name and words."""

    async def sections(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str]]:
        async for line in answer.content:
            if line.startswith(b"data: "):
                event: dict[str, Any] = json.loads(line[6:])
                yield event["name"], Text(event["html"]).words

    async with session.get(f"{url}/operate/live") as answer:
        assert answer.content_type == "text/event-stream"
        yield sections(answer)


async def until(sections: AsyncIterator[tuple[str, str]], name: str, sentence: str) -> list[str]:
    """Wait until a section says something; returns the names of all that came until then."""
    seen = []
    async with asyncio.timeout(30):
        async for section, said in sections:
            seen.append(section)
            if section == name and sentence in said:
                return seen
    raise AssertionError(f"{name} never said {sentence!r}")


@pytest.mark.parametrize(("locale", "sentences"), [
    ("en", ("of 2 people", "Nobody reported a picture.", "18.0 GB of 24.0 GB", "Everything has arrived.")),
    ("de", ("von 2 Personen", "Niemand hat ein Bild gemeldet.", "18.0 GB von 24.0 GB", "Alles ist angekommen.")),
])  # fmt: skip
async def test_the_page_tells_all_without_its_script(
    page: PageKit, engine: FakeEngine, locale: str, sentences: tuple[str, ...]
) -> None:
    engine.script(Play(hold_at_step=1))
    await ask(page.spine, ADA, "discord:1")
    await engine.held.wait()
    await ask(page.spine, BOB, "telegram:1")
    await ask(page.spine, ADA, "discord:2")
    html = await page_of(page, locale)
    said = Text(html).words
    for sentence in sentences:
        assert sentence in said
    assert f"Ada <script> {ADA.key}" in said
    assert "Ada <script>" not in html, "names are escaped"
    assert "secret garden" not in html, "prompts are nobody else's business"
    queue = said[said.index("1024×1024") :]
    assert queue.count("1024×1024") == 3


async def test_what_changes_is_sent_and_the_rest_is_not(engine: FakeEngine) -> None:
    async with running_spine(engine, operators=(ADA.key,)) as kit, aiohttp.ClientSession() as session:
        server = WebServer(kit.application, WebSettings(port=0, look_every_s=0.02))
        await server.start()
        try:
            async with live(f"http://127.0.0.1:{server.port}", session) as sections:
                names = [(await anext(sections))[0] for _ in range(7)]
                assert sorted(names) == ["audit", "chats", "errors", "now", "outbox", "queue", "reports"]
                await kit.application.operations.pause(ADA)
                await until(sections, "now", "The bot is paused")
                await ask(kit, BOB, "telegram:1")
                await until(sections, "queue", "telegram:42")
                kit.application.connections.note(Platform.DISCORD, ConnectionState.CONNECTED)
                # "now" may have been drawn just before somebody asked; else nothing moves, for the clock stands still.
                assert set(await until(sections, "chats", "connected")) <= {"now", "chats"}
                engine.break_down("The card fell off the bus.")
                assert set(await until(sections, "now", "The card fell off the bus.")) <= {"now", "queue"}
                await server.close()
                async with asyncio.timeout(30):
                    assert {section async for section, _ in sections} <= {"queue"}
        finally:
            await server.close()


async def test_the_mode_is_changed(page: PageKit) -> None:
    operations = page.spine.application.operations
    for mode, sentence in (
        ("paused", "The bot is paused: requests are taken and wait."),
        ("draining", "The bot is draining: what waits is drawn, new requests are refused."),
        ("running", "The bot is running."),
    ):
        assert await page.call("/api/operate/mode", {"mode": mode}) == (200, {"message": sentence})
        assert operations.mode is RunMode(mode)
        assert (await page.get("/api/operate"))[1]["mode"] == mode
    status, told = await page.call("/api/operate/mode", {"mode": "asleep"})
    assert (status, told["code"]) == (400, "bad-request")
    assert "Running again" in await page_of(page), "decisions are written down and shown"


async def test_the_engine_is_restarted_and_the_picture_comes_anyway(page: PageKit, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=1))
    job_id = await ask(page.spine, ADA, "discord:1")
    await engine.held.wait()
    status, told = await page.call("/api/operate/restart-engine")
    assert (status, told["message"]) == (200, "The engine starts afresh; what was being drawn is next.")
    async for card in page.spine.application.board.watch(job_id):
        last = card
    assert (last.phase.value, last.job.attempt, len(last.job.pictures)) == ("done", 1, 1)


async def test_people_are_blocked_let_in_and_given_credits(page: PageKit) -> None:
    await ask(page.spine, BOB, "telegram:1")
    granted = {"message": "telegram:42 was given 2.5 and has 2.5 now."}
    body = {"person": BOB.key, "credits": 2.5}
    assert await page.call("/api/operate/people/grant", body) == (200, granted)
    balance = await page.spine.application.accounts.balance(BOB)
    assert balance.account.left == 2.5 * CREDIT
    blocked = await page.call("/api/operate/people/block", {"person": BOB.key, "reason": "spam"})
    assert blocked == (200, {"message": "telegram:42 is blocked."})
    with pytest.raises(Rejected):
        await ask(page.spine, BOB, "telegram:2")
    assert (await page.call("/api/operate/people/unblock", {"person": f" {BOB.key} "}))[0] == 200
    await ask(page.spine, BOB, "telegram:3")
    entries = await page.spine.application.audit.recent(LOCAL)
    assert [(entry.action.value, entry.by) for entry in reversed(entries)] == [
        ("grant", "web:local"),
        ("block", "web:local"),
        ("unblock", "web:local"),
    ]


@pytest.mark.parametrize(
    "person", ["", "telegram:", "telegram:x", "web:local", "nobody", "discord:1' or 1=1", "discord:" + "9" * 40]
)
async def test_who_is_nobody_is_said_in_a_sentence(page: PageKit, person: str) -> None:
    for path, more in (("block", {}), ("unblock", {}), ("grant", {"credits": 1})):
        status, told = await page.call(f"/api/operate/people/{path}", {"person": person, **more})
        assert (status, told["detail"]) == (404, "We have never seen that person.")


@pytest.mark.parametrize("body", [{"credits": "many"}, {"credits": 1e12}, {"credits": float("inf")}, {}, [], None])
async def test_a_grant_that_is_none_is_refused(page: PageKit, body: object) -> None:
    given = {"person": BOB.key, **body} if isinstance(body, dict) else body
    status, told = await page.call("/api/operate/people/grant", given)
    assert (status, told["code"]) == (400, "bad-request")


async def test_reports_are_shown_with_their_picture_and_decided(page: PageKit, engine: FakeEngine) -> None:
    first, second = await ask(page.spine, ADA, "discord:1"), await ask(page.spine, ADA, "discord:2")
    application = page.spine.application
    for job_id in (first, second):
        async for _ in application.board.watch(job_id):
            pass
        await application.reports.report(ADA, job_id, 0, f"<b>mine</b> {job_id}")
    html = await page_of(page)
    assert f"&lt;b&gt;mine&lt;/b&gt; {first}" in html
    kept, deleted = await application.reports.open_reports(LOCAL)
    async with page.session.get(f"{page.url}/operate/reports/{kept.id}.png") as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert answer.headers["Cache-Control"] == "no-store"
    assert await page.call(f"/api/operate/reports/{kept.id}/close", {}) == (
        200,
        {"message": "The picture stays; the report is closed."},
    )
    status, _ = await page.call(f"/api/operate/reports/{deleted.id}/close", {"delete_picture": True})
    assert status == 200
    assert (await page.spine.job(first)).hidden_at is None
    assert (await page.spine.job(second)).hidden_at is not None
    assert "Nobody reported a picture." in await page_of(page)
    assert (await page.call(f"/api/operate/reports/{kept.id}/close", {}))[0] == 404
    async with page.session.get(f"{page.url}/operate/reports/{kept.id}.png") as answer:
        assert answer.status == 404


async def test_measurements_are_told(page: PageKit, engine: FakeEngine) -> None:
    await page.done({"prompt": "a fish", "steps": "4"})
    status, told = await page.get("/api/operate/measurements")
    assert status == 200
    assert told["samples"][0]["memory_total_bytes"] in {None, FAKE_MEMORY.total_bytes}
    (drawn,) = told["pictures"]
    assert (drawn["width"], drawn["height"], drawn["steps"]) == (64, 64, 4)
    assert drawn["steps_per_s"] == pytest.approx(4 / drawn["duration_s"], rel=0.01)
    state = (await page.get("/api/operate"))[1]
    assert (state["model"], state["device"], state["pictures"]) == ("fake", "none", 1)
    assert state["memory_used_bytes"] == FAKE_MEMORY.used_bytes


async def test_errors_and_what_is_not_delivered_are_shown(engine: FakeEngine) -> None:
    errors = RecentErrors()
    errors.add(ErrorNote(datetime(2026, 1, 31, 12, tzinfo=UTC), "bot.services.worker", "7k3m9qx2vt0a", "it <broke>"))
    async with running_spine(engine, errors=errors) as kit, aiohttp.ClientSession() as session:
        job_id = await ask(kit, ADA, "discord:1")
        async for _ in kit.application.board.watch(job_id):
            pass
        server = WebServer(kit.application, WebSettings(port=0))
        await server.start()
        try:
            async with session.get(f"http://127.0.0.1:{server.port}/operate") as answer:
                said = Text(await answer.text()).words
        finally:
            await server.close()
    assert "2026-01-31 12:00:00 UTC · bot.services.worker · 7k3m9qx2vt0a it <broke>" in said
    assert f"{job_id} Discord 0" in said


async def test_other_sites_can_do_nothing(page: PageKit) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for path, body in (("mode", {"mode": "paused"}), ("restart-engine", None)):
        assert (await page.call(f"/api/operate/{path}", body, headers))[0] == 403
    assert page.spine.application.operations.mode is RunMode.RUNNING


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0.0 s"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (60, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3660, "1 h 1 min"),
    ],
)
def test_spans_of_time(seconds: float, said: str) -> None:
    assert Words(words().for_locale("en")).seconds(seconds) == said


def test_a_person_is_named_by_platform_and_number() -> None:
    assert person_of(" discord:80351110224678912 ").key == "discord:80351110224678912"
