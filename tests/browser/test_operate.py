"""The page *Operate* in a real browser: live, by mouse and by keyboard, on a desk and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from adapters.engine.fake import FAKE_MEMORY, FakeEngine, Play
from adapters.web.server import WebServer, WebSettings
from bot.domain.actors import Actor, Platform, ReplyAddress
from bot.domain.measurements import ConnectionState, Sample
from bot.domain.operations import RunMode
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.browser.conftest import Desk

ADA = Actor(Platform.DISCORD, "80351110224678912", name="Ada")
BOB = Actor(Platform.TELEGRAM, "42")
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


async def ask(desk: Desk, actor: Actor, key: str) -> str:
    """Ask for a picture from a chat; the id of the job."""
    origin = Origin(actor, key, ReplyAddress(actor.platform, {"channel": "1"}))
    return (await desk.spine.application.submit(origin, Draft("a fish", steps=25))).job.id


async def open_operate(desk: Desk, **device: Any) -> Page:
    """The page, once it is live."""
    page = await desk.open(**device)
    await page.goto(f"{desk.url}/operate")
    await expect(page.locator("#live.is-live")).to_be_visible()
    return page


async def fill(desk: Desk, engine: FakeEngine) -> None:
    """Something in every section."""
    application = desk.spine.application
    job_id = await ask(desk, ADA, "discord:0")
    async for _ in application.board.watch(job_id):
        pass
    await application.reports.report(ADA, job_id, 0, "This is my face.")
    engine.script(Play(hold_at_step=5))
    await ask(desk, ADA, "discord:1")
    await engine.held.wait()
    for number, actor in enumerate((BOB, ADA, BOB)):
        await ask(desk, actor, f"waits:{number}")
    application.connections.note(Platform.DISCORD, ConnectionState.CONNECTED)
    application.connections.note(Platform.TELEGRAM, ConnectionState.LOST, "NetworkError")
    await application.operations.grant(Actor(Platform.WEB, "local"), BOB, 2500)
    now = desk.spine.clock.now()
    for number in range(60):
        sizes = (FAKE_MEMORY.used_bytes, FAKE_MEMORY.reserved_bytes, FAKE_MEMORY.total_bytes)
        at = now + timedelta(seconds=10 * number)
        application.measurements.keep(Sample(at, number % 7, 1, *sizes, lag_s=0.001))


async def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['impact']} {one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("locale", ["en", "de"])
async def test_nothing_stands_in_anybodys_way(
    desk: Desk, engine: FakeEngine, scheme: str, device: dict[str, Any], locale: str
) -> None:
    await fill(desk, engine)
    page = await open_operate(desk, color_scheme=scheme, locale=locale, **device)
    await expect(page.locator(".plot svg")).to_have_count(3)
    width = device["viewport"]["width"]
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await violations(page) == []
    for details in await page.locator("details summary").all():
        await details.click()
    await page.locator("[data-confirm=restart]").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_an_empty_page_says_so_everywhere(desk: Desk) -> None:
    page = await open_operate(desk)
    for sentence in (
        "Nobody waits.",
        "Nobody reported a picture.",
        "No errors since the bot was started.",
        "Everything has arrived.",
        "Nothing was decided yet.",
        "No chat is switched on.",
    ):
        await expect(page.get_by_text(sentence)).to_be_visible()
    await expect(page.locator("[data-plot=speed] [data-summary]")).to_have_text("Nothing was measured yet.")


async def test_the_queue_moves_without_a_reload(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=5))
    page = await open_operate(desk)
    await ask(desk, ADA, "discord:1")
    rows = page.locator("[data-live=queue] tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows.first).to_contain_text("Drawing, step 5 of 25")
    await ask(desk, BOB, "telegram:1")
    await expect(rows.nth(1)).to_contain_text("telegram:42")
    engine.release()
    await expect(page.get_by_text("Nobody waits.")).to_be_visible()


async def test_pause_drain_and_go_on_by_keyboard(desk: Desk) -> None:
    page = await open_operate(desk)
    operations = desk.spine.application.operations
    for name, mode, sentence in (
        ("Pause", RunMode.PAUSED, "The bot is paused: requests are taken and wait."),
        ("Drain", RunMode.DRAINING, "The bot is draining: what waits is drawn, new requests are refused."),
        ("Run", RunMode.RUNNING, "The bot is running."),
    ):
        await page.get_by_role("button", name=name, exact=True).focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#news")).to_have_text(sentence)
        await expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
        # The section was replaced meanwhile; whoever goes by keyboard is still where they were.
        await expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
        assert operations.mode is mode


async def test_the_engine_is_restarted_only_when_sure(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=5))
    page = await open_operate(desk)
    job_id = await ask(desk, ADA, "discord:1")
    await engine.held.wait()
    restart = page.get_by_role("button", name="Restart the engine", exact=True)
    await restart.first.click()
    await expect(page.get_by_role("button", name="No, leave it")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert engine.starts == 1
    await restart.first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Restart the engine").click()
    await expect(page.locator("#news")).to_have_text("The engine starts afresh; what was being drawn is next.")
    assert engine.starts == 2
    async for card in desk.spine.application.board.watch(job_id):
        last = card
    assert (last.phase.value, last.job.attempt) == ("done", 1)


async def test_a_person_is_chosen_in_the_queue_given_credits_and_blocked(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=5))
    await ask(desk, ADA, "discord:1")
    page = await open_operate(desk)
    await page.get_by_role("button", name="Ada").click()
    await expect(page.get_by_label("Person")).to_have_value(ADA.key)
    await expect(page.get_by_label("Credits")).to_be_focused()
    await page.keyboard.type("2,5")
    await page.keyboard.press("Enter")
    await expect(page.locator("#news")).to_have_text(f"{ADA.key} was given 2.5 and has 2.5 now.")
    await page.get_by_label("Reason").fill("spam")
    await page.get_by_role("button", name="Block", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("They can not use the bot any more")
    await page.get_by_role("dialog").get_by_role("button", name="Block").click()
    await expect(page.locator("#news")).to_have_text(f"{ADA.key} is blocked.")
    await expect(page.locator("[data-live=audit] tbody tr").first).to_contain_text("Blocked")
    await page.get_by_role("button", name="Let in again").click()
    await expect(page.locator("#news")).to_have_text(f"{ADA.key} is let in again.")


async def test_what_is_wrong_is_said_beside_it(desk: Desk) -> None:
    page = await open_operate(desk)
    await page.get_by_label("Person").fill("somebody")
    await page.get_by_label("Credits").fill("many")
    await page.get_by_role("button", name="Give").click()
    await expect(page.get_by_label("Credits")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Credits").fill("3")
    await page.get_by_role("button", name="Give").click()
    await expect(page.get_by_role("alert")).to_have_text("We have never seen that person.")


async def test_a_report_is_decided(desk: Desk, engine: FakeEngine) -> None:
    await fill(desk, engine)
    page = await open_operate(desk)
    picture = page.get_by_role("img", name=re.compile("The reported picture"))
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_have_js_property("complete", value=True)
    assert await picture.evaluate("(image) => image.naturalWidth") > 0
    await page.get_by_role("button", name=re.compile("Delete the pictures")).click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete the pictures").click()
    await expect(page.get_by_text("Nobody reported a picture.")).to_be_visible()


async def test_plots_have_their_numbers_as_a_table(desk: Desk, engine: FakeEngine) -> None:
    await fill(desk, engine)
    page = await open_operate(desk)
    memory = page.locator("[data-plot=memory]")
    await expect(memory.get_by_role("img", name="18.0 of 24.0 GB are taken.")).to_be_visible()
    await memory.get_by_text("As a table").click()
    first = memory.locator("tbody tr").first
    await expect(first.locator("td")).to_have_text(["18.0", "20.0", "24.0"])
    assert await memory.locator("tbody tr").count() <= 40
    speed = page.locator("[data-plot=speed]")
    await expect(speed.locator("circle")).to_have_count(1)
    await expect(speed.locator("[data-summary]")).to_contain_text("The last picture took")


async def test_the_page_finds_the_bot_again_after_it_was_away(desk: Desk) -> None:
    page = await open_operate(desk)
    port = desk.server.port
    await desk.server.close()
    await expect(page.locator("#live.is-lost")).to_be_visible()
    await expect(page.locator("#live")).to_have_text("The connection is gone; this page tries again by itself.")
    await page.get_by_role("button", name="Pause", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("USO Bot does not answer.")
    again = WebServer(desk.spine.application, WebSettings(port=port))
    await again.start()
    try:
        await expect(page.locator("#live.is-live")).to_be_visible()
    finally:
        await again.close()


async def test_marked_words_stay_marked_while_the_queue_moves(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=5))
    await ask(desk, ADA, "discord:1")
    page = await open_operate(desk)
    name = page.locator("[data-live=queue] small").first
    await name.evaluate("(node) => getSelection().selectAllChildren(node)")
    await ask(desk, BOB, "telegram:1")
    await expect(page.locator("[data-live=now] dd").first).to_contain_text("1")
    assert await page.evaluate("getSelection().toString()") == ADA.key
    await page.evaluate("getSelection().removeAllRanges()")
    await expect(page.locator("[data-live=queue] tbody tr")).to_have_count(2)
