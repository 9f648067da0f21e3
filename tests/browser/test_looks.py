"""The page on other devices, and for people who use it without eyes or without a mouse."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from adapters.engine.fake import FakeEngine, Play
from tests.browser.conftest import Desk, ask, ask_and_wait, first_card

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
_BACKGROUND = "getComputedStyle(document.body).backgroundColor"


async def violations(page: Page) -> list[str]:
    """What axe-core finds, one line each."""
    results = await Axe().run(page)
    found = results.response["violations"]
    return [f"{one['impact']} {one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_stands_in_anybodys_way(desk: Desk, engine: FakeEngine, scheme: str) -> None:
    page = await desk.open(color_scheme=scheme, reduced_motion="reduce")
    assert await violations(page) == []
    await page.get_by_text("More settings").click()
    await page.get_by_role("radio", name="Custom").check()
    await page.locator("#subject").set_input_files(desk.picture("subject.png"))
    await page.locator("#request").get_by_label("Guidance").fill("9")
    await ask(page, "a lamp")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page) == []
    await page.locator("#request").get_by_label("Guidance").fill("4")
    await page.get_by_role("radio", name="2", exact=True).check()
    engine.script(Play(hold_at_step=6))
    await ask(page, "a lamp")
    await expect(first_card(page).locator(".card-title")).to_have_text("Drawing, step 6 of 25")
    assert await violations(page) == []
    engine.release()
    await expect(first_card(page, "done")).to_be_visible()
    await ask_and_wait(page, "another lamp")
    assert await violations(page) == []


async def test_dark(desk: Desk) -> None:
    light = await desk.open(color_scheme="light")
    dark = await desk.open(color_scheme="dark")
    assert await light.evaluate(_BACKGROUND) == "rgb(244, 245, 244)"
    assert await dark.evaluate(_BACKGROUND) == "rgb(19, 22, 21)"


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_a_phone_needs_no_sideways_scrolling(desk: Desk, locale: str) -> None:
    page = await desk.open(locale=locale, **PHONE)
    await page.locator("summary").click()
    await page.locator("#aspect-custom").check()
    await page.locator("input[name=count]").nth(3).check()
    await ask_and_wait(page, "a " + "very" * 60 + " long word")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width == 360
    for name in ("#generate", ".picture-subtle", ".card-reroll", ".drop-face"):
        box = await page.locator(name).first.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["height"] >= 32
    assert await violations(page) == []


async def test_large_text_still_fits(desk: Desk) -> None:
    page = await desk.open(viewport={"width": 640, "height": 800})
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await ask_and_wait(page, "a lamp")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 640


async def test_nothing_moves_for_people_who_asked_for_calm(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=0))
    page = await desk.open(reduced_motion="reduce")
    await ask(page, "a lamp")
    bar = first_card(page).locator(".card-bar")
    await expect(bar).to_be_visible()
    assert await bar.evaluate("(node) => getComputedStyle(node).animationName") == "none"
    engine.release()
    await expect(first_card(page, "done")).to_be_visible()


async def test_the_news_is_told_once_a_phase_not_once_a_step(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=20))
    page = await desk.open()
    await ask(page, "a lamp")
    card = first_card(page)
    await expect(card.locator(".card-title")).to_have_text("Drawing, step 20 of 25")
    told = await card.locator(".card-news").inner_text()
    assert "step 20" not in told
    engine.release()
    await expect(card.locator(".card-news")).to_contain_text("Your picture is ready")
