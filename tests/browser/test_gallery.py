"""The gallery and the style cards in a real browser: by mouse, by keyboard, on a phone, in the dark."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from playwright.async_api import Page, expect

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.jobs import JobId
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.browser.conftest import Desk, ask, first_card
from tests.browser.test_looks import PHONE, violations
from tests.support.pictures import png

LOCAL = Actor(Platform.WEB, "local")
INK, FOX = png(120, 90, (9, 9, 9)), png(90, 90, (200, 90, 20))
_events = itertools.count()


async def drawn(desk: Desk, prompt: str, **draft: Any) -> JobId:
    """A finished job of whoever sits at the page."""
    origin = Origin(LOCAL, f"seeded{next(_events)}")
    job = (await desk.spine.application.submit(origin, Draft(prompt, **draft))).job
    await desk.spine.until(job.id, Phase.DONE)
    return job.id


async def at(desk: Desk, path: str, **device: Any) -> Page:
    page = await desk.open(**device)
    await page.goto(desk.url + path)
    return page


def tiles(page: Page) -> Any:
    return page.locator(".tile-title")


async def shows(page: Page, title: str) -> None:
    """Wait for the page of a job; its words are there before its keys work."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await page.wait_for_load_state()


async def test_from_a_search_through_its_results_and_back(desk: Desk) -> None:
    for prompt in ("a cat", "a dog", "another cat"):
        await drawn(desk, prompt)
    page = await desk.open()
    await page.get_by_role("navigation").get_by_role("link", name="Gallery").click()
    await expect(tiles(page)).to_have_text(["another cat", "a dog", "a cat"])
    await page.get_by_role("searchbox", name="Search").fill("CAT")
    await page.keyboard.press("Enter")
    await expect(tiles(page)).to_have_text(["another cat", "a cat"])
    await page.get_by_role("link", name="another cat").click()
    await shows(page, "another cat")
    await page.keyboard.press("ArrowRight")
    await shows(page, "a cat")
    await page.keyboard.press("ArrowRight")
    await shows(page, "a cat")
    await page.keyboard.press("ArrowLeft")
    await shows(page, "another cat")
    await page.get_by_role("link", name="All pictures").click()
    await expect(page.get_by_role("searchbox")).to_have_value("CAT")
    await page.get_by_role("link", name="Show everything").click()
    await expect(tiles(page)).to_have_count(3)


async def test_older_ones_come_below_and_the_keyboard_goes_on_with_them(desk: Desk) -> None:
    for number in range(26):
        await drawn(desk, f"fish {number}")
    page = await at(desk, "/gallery")
    await expect(tiles(page)).to_have_count(24)
    older = page.get_by_role("link", name="Show older ones")
    await older.focus()
    await page.keyboard.press("Enter")
    await expect(tiles(page)).to_have_count(26)
    await expect(page.locator(":focus .tile-title")).to_have_text("fish 1")
    await expect(older).to_be_hidden()
    assert "before" not in page.url


async def test_thumbnails_wait_until_they_are_near(desk: Desk) -> None:
    for number in range(24):
        await drawn(desk, f"fish {number}")
    page = await at(desk, "/styles", **PHONE)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("?")[0]))
    await page.goto(f"{desk.url}/gallery")
    await expect(page.locator(".tile img").first).to_have_js_property("complete", value=True)
    assert 0 < len([url for url in asked if url.endswith(".webp")]) < 24
    assert not [url for url in asked if url.endswith(".png")]


async def test_a_picture_is_varied_and_its_page_shows_how_it_comes_about(desk: Desk, engine: FakeEngine) -> None:
    job_id = await drawn(desk, "a fox", styles=(INK,))
    page = await at(desk, f"/gallery/{job_id}")
    engine.script(Play(hold_at_step=6))
    await page.get_by_role("button", name="Vary (strong)").dblclick()
    await expect(page.locator("#live-title")).to_have_text("Drawing, step 6 of 25")
    await expect(page.locator("#live-preview")).to_be_visible()
    assert await violations(page) == []
    engine.release()
    await expect(page.get_by_role("button", name="Favourite")).to_be_visible()
    await expect(page.locator("dt:text('Varied toward') + dd")).to_contain_text("strength 0.5")
    family = page.locator(".family")
    await expect(family.locator(".leaf-kind")).to_have_text(["New", "Variation · this one"])
    await family.get_by_role("link").first.click()
    await expect(page).to_have_url(f"{desk.url}/gallery/{job_id}")
    assert len((await desk.spine.application.history.page(LOCAL)).jobs) == 2, "a double click is one press"


async def test_what_is_being_drawn_can_be_stopped_from_its_page(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=2))
    job = (await desk.spine.application.submit(Origin(LOCAL, "slow"), Draft("a fox"))).job
    await engine.held.wait()
    page = await at(desk, f"/gallery/{job.id}")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#live-title")).to_have_text("Cancelled")
    await expect(page.get_by_role("button", name="Delete…")).to_be_visible()


async def test_one_of_several_pictures_is_chosen_marked_and_downloaded(desk: Desk) -> None:
    job_id = await drawn(desk, "a fox", count=3)
    page = await at(desk, f"/gallery/{job_id}")
    await page.get_by_role("link", name="Picture 2").click()
    favourite = page.get_by_role("button", name="Favourite")
    await expect(favourite).to_have_attribute("aria-pressed", "false")
    await favourite.click()
    await expect(favourite).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("status")).to_have_text("Marked as a favourite.")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download PNG").click()
    assert (await download.value).suggested_filename == f"uso-{job_id}-2.png"
    await page.get_by_role("button", name="As style").click()
    await expect(page.get_by_role("status")).to_contain_text("as a style of your next request")
    await page.goto(f"{desk.url}/gallery?favourites=on")
    await expect(tiles(page)).to_have_text(["a fox"])


async def test_a_remix_begins_with_what_was_asked_and_says_what_is_wrong(desk: Desk) -> None:
    job_id = await drawn(desk, "a fox", seed=77, guidance=3.5)
    page = await at(desk, f"/gallery/{job_id}")
    await page.get_by_role("button", name="Remix…").click()
    form = page.get_by_role("dialog", name="Remix")
    await expect(form.get_by_label("Seed")).to_have_value("77")
    await expect(form.get_by_label("Guidance")).to_have_value("3.5")
    await form.get_by_label("Steps").fill("many")
    await form.get_by_role("button", name="Generate").click()
    await expect(form.get_by_role("alert")).to_have_text("“many” is not a number for Steps.")
    await form.get_by_label("Steps").fill("90")
    await form.get_by_role("button", name="Generate").click()
    await expect(form.get_by_role("alert")).to_contain_text("50")
    await form.get_by_label("Steps").fill("12")
    await form.get_by_label("Guidance").fill("2,5")
    await form.get_by_label("Aspect").select_option("3:2")
    await form.get_by_label("Prompt").fill("an owl")
    await form.get_by_role("button", name="Generate").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("an owl")
    await expect(page.get_by_role("button", name="Remix…")).to_be_visible()
    request = (await desk.spine.job(page.url.rsplit("/", 1)[1])).request
    assert (request.seed, request.steps, request.guidance, request.width) == (77, 12, 2.5, 1248)


async def test_deleting_asks_first_and_can_be_left_by_keyboard(desk: Desk) -> None:
    job_id = await drawn(desk, "a fox")
    page = await at(desk, f"/gallery/{job_id}")
    opener = page.get_by_role("button", name="Delete…")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Delete")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    await page.goto(f"{desk.url}/gallery/{job_id}")
    await expect(page.get_by_text("no longer")).to_be_hidden()
    assert (await page.request.get(f"{desk.url}/gallery/{job_id}")).status == 404


async def test_a_style_card_is_made_renamed_used_and_deleted(desk: Desk) -> None:
    page = await at(desk, "/styles")
    await page.get_by_role("button", name="Save the style").click()
    await expect(page.get_by_role("alert")).to_have_text("A style card needs one or two pictures.")
    await page.get_by_label("Pictures").set_input_files(
        [desk.picture("ink.png"), desk.picture("wash.png", (9, 9, 200))]
    )
    await expect(page.locator("#picked img")).to_have_count(2)
    await page.get_by_role("button", name="Save the style").click()
    await expect(page.get_by_role("alert")).to_contain_text("name")
    await page.get_by_label("Name").fill("Ink")
    await page.get_by_role("button", name="Save the style").click()
    await expect(page.locator(".style-name")).to_have_text(["Ink"])
    await page.get_by_role("button", name="Rename…").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Black ink")
    await page.keyboard.press("Enter")
    await expect(page.locator(".style-name")).to_have_text(["Black ink"])
    await page.get_by_role("button", name="Into your tray").click()
    await expect(page.get_by_role("status")).to_contain_text("“Black ink” lies in your tray")
    assert len((await desk.spine.application.tray.show(LOCAL)).styles) == 2
    await page.get_by_role("button", name="Delete…").click()
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_text("No style cards yet.")).to_be_visible()


async def test_drawing_with_a_style_card_begins_with_its_pictures_and_counts(desk: Desk) -> None:
    await desk.spine.application.styles.save(LOCAL, "Ink", (INK, FOX))
    page = await at(desk, "/styles")
    await expect(page.get_by_text("not used yet")).to_be_visible()
    await page.get_by_role("link", name="Draw with it").click()
    await expect(page.locator(".drop.filled")).to_have_count(2)
    assert page.url == f"{desk.url}/"
    await ask(page, "an owl")
    await expect(first_card(page, "done")).to_be_visible()
    await page.get_by_role("navigation").get_by_role("link", name="Styles").click()
    await page.get_by_role("link", name="used once").click()
    await expect(tiles(page)).to_have_text(["an owl"])


async def seeded(desk: Desk) -> JobId:
    """A little of everything; returns a job with references and a family."""
    await desk.spine.application.styles.save(LOCAL, "Ink with a name of forty characters.....", (INK, FOX))
    await desk.spine.application.styles.save(LOCAL, "Ink", (INK,))
    job_id = await drawn(desk, "a " + "very" * 40 + " long word", subject=FOX, styles=(INK,), count=4)
    for event in ("one", "two"):
        again = (await desk.spine.application.reroll(Origin(LOCAL, event), job_id)).job
        await desk.spine.until(again.id, Phase.DONE)
    await desk.spine.application.history.favourite(LOCAL, job_id, 1, is_on=True)
    return job_id


async def pages(desk: Desk) -> list[str]:
    job_id = await seeded(desk)
    return ["/gallery", "/gallery?q=nothing", f"/gallery/{job_id}?picture=2", "/styles", "/styles?q=nothing"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_stands_in_anybodys_way(desk: Desk, scheme: str) -> None:
    paths = await pages(desk)
    page = await desk.open(color_scheme=scheme, reduced_motion="reduce")
    for path in paths:
        await page.goto(desk.url + path)
        assert await violations(page) == [], path
    await page.goto(desk.url + paths[2])
    for opener, dialog in (("Remix…", "Remix"), ("Delete…", "Delete")):
        await page.get_by_role("button", name=opener).click()
        await expect(page.get_by_role("dialog", name=dialog)).to_be_visible()
        assert await violations(page) == [], dialog
        await page.keyboard.press("Escape")


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_a_phone_needs_no_sideways_scrolling(desk: Desk, locale: str) -> None:
    paths = await pages(desk)
    page = await desk.open(locale=locale, **PHONE)
    for path in paths:
        await page.goto(desk.url + path)
        assert await page.evaluate("document.documentElement.scrollWidth") == 360, path
        assert await page.locator("html").get_attribute("lang") == locale
        for box in [await one.bounding_box() for one in await page.locator("main button:visible, main a.quiet").all()]:
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 360
            assert box["height"] >= 28
        assert await violations(page) == [], path


async def test_large_text_still_fits(desk: Desk) -> None:
    paths = await pages(desk)
    page = await desk.open(viewport={"width": 640, "height": 800})
    for path in paths:
        await page.goto(desk.url + path)
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 640, path
