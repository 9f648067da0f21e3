"""What else can be done on *Create*, in a real browser: with pictures, with the tray, with saved styles and recipes."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.services.tray import TrayPlace
from tests.browser.conftest import Desk, ask, ask_and_wait, first_card
from tests.browser.test_looks import PHONE, violations
from tests.support.pictures import png

LOCAL = Actor(Platform.WEB, "local")
RED, GREEN, BLUE = png(), png(80, 80, (0, 120, 0)), png(90, 70, (0, 0, 120))
_HELD = "[...document.querySelectorAll('.drop-input')].map((input) => input.files.length)"


async def ask_with_references(desk: Desk, page: Page) -> Locator:
    await page.locator("#subject").set_input_files(desk.picture("subject.png"))
    await page.locator("#style").set_input_files(desk.picture("style.png", (0, 120, 0)))
    return await ask_and_wait(page, "a lamp")


async def open_more(card: Locator) -> None:
    await card.locator(".picture-more summary").first.click()


def dialog(page: Page) -> Locator:
    return page.locator("dialog[open]")


async def test_a_result_becomes_subject_and_style_and_they_swap(desk: Desk, engine: FakeEngine) -> None:
    page = await desk.open()
    card = await ask_and_wait(page, "a lamp")
    await open_more(card)
    await card.get_by_role("button", name="As subject").click()
    await expect(page.locator("#form-note")).to_have_text("It is your subject now.")
    assert await page.evaluate(_HELD) == [1, 0, 0]
    await expect(page.get_by_role("button", name="Swap subject and style")).to_be_hidden()
    await page.locator("#style").set_input_files(desk.picture("style.png", (0, 120, 0)))
    await card.get_by_role("button", name="As style").click()
    await expect(page.locator("#form-note")).to_have_text("It is a style picture now.")
    assert await page.evaluate(_HELD) == [1, 1, 1]
    before = await page.locator("#style").evaluate("(input) => input.files[0].name")
    await page.locator("#swap").click()
    assert await page.locator("#subject").evaluate("(input) => input.files[0].name") == before == "style.png"
    card = await ask_and_wait(page, "a fox")
    await expect(card.locator(".card-mode")).to_have_text("Subject + 2 styles")
    await card.locator(".card-swap").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(3)
    first, swapped = engine.tasks[1:]
    assert swapped.subject == first.styles[0]
    assert swapped.styles[0] == first.subject


async def test_upscale_remix_and_info(desk: Desk, engine: FakeEngine) -> None:
    page = await desk.open()
    card = await ask_and_wait(page, "a lamp")
    await card.get_by_role("button", name="Remix…").click()
    await expect(dialog(page).get_by_label("Prompt")).to_have_value("a lamp")
    await dialog(page).get_by_label("Prompt").fill("a lamp at night")
    await dialog(page).get_by_label("Steps").fill("many")
    await dialog(page).get_by_role("button", name="Generate").click()
    await expect(dialog(page).get_by_role("alert")).to_have_text("“many” is not a number for Steps.")
    await dialog(page).get_by_label("Steps").fill("7")
    await dialog(page).get_by_label("Guidance").fill("2,5")
    await dialog(page).get_by_label("Aspect").select_option("3:2")
    await dialog(page).get_by_role("button", name="Generate").click()
    await expect(dialog(page)).to_have_count(0)
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
    task = engine.tasks[1]
    assert (task.prompt, task.steps, task.guidance, task.width) == ("a lamp at night", 7, 2.5, 1248)
    assert task.seed == engine.tasks[0].seed
    card = first_card(page)
    await card.get_by_role("button", name="Upscale").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(3)
    await expect(first_card(page).locator(".picture-words")).to_have_text("128\u00a0×\u00a0128")
    await first_card(page).get_by_role("button", name="Compare…").click()
    await expect(dialog(page).get_by_text("Enlarged picture").first).to_be_visible()
    await page.keyboard.press("Escape")
    card = page.locator(".card").last
    await open_more(card)
    await card.get_by_role("button", name="Info…").click()
    await expect(dialog(page)).to_contain_text("Prompt: a lamp")
    await expect(dialog(page)).to_contain_text("Recipe: ")
    await page.keyboard.press("Escape")
    await expect(card.get_by_role("button", name="Info…")).to_be_focused()


async def test_favourites_stay_and_deleted_ones_go(desk: Desk) -> None:
    page = await desk.open()
    await ask_and_wait(page, "keep me")
    card = await ask_and_wait(page, "lose me")
    star = page.locator(".card").last.locator(".picture-favourite")
    await star.click()
    await expect(star).to_have_attribute("aria-pressed", "true")
    await page.reload()
    await expect(star).to_have_attribute("aria-pressed", "true")
    await star.click()
    await expect(star).to_have_attribute("aria-pressed", "false")
    await card.get_by_role("button", name="Delete…").click()
    await expect(dialog(page)).to_contain_text("lose me")
    await dialog(page).get_by_role("button", name="Close").click()
    await expect(page.locator(".card")).to_have_count(2)
    await card.get_by_role("button", name="Delete…").click()
    await dialog(page).get_by_role("button", name="Delete for good").click()
    await expect(page.locator(".card")).to_have_count(1)
    await expect(first_card(page)).to_be_focused()
    await page.reload()
    await expect(page.locator(".card-prompt")).to_have_text("keep me")
    await first_card(page).get_by_role("button", name="Delete…").click()
    await dialog(page).get_by_role("button", name="Delete for good").click()
    await expect(page.locator("#empty")).to_be_visible()


async def test_comparing_with_the_references(desk: Desk) -> None:
    page = await desk.open()
    card = await ask_with_references(desk, page)
    await card.get_by_role("button", name="Compare…").click()
    reference = dialog(page).locator(".compare-reference img")
    await expect(reference).to_have_js_property("naturalWidth", 120)
    clip = "(node) => getComputedStyle(node.parentElement).clipPath"
    before = await reference.evaluate(clip)
    slider = dialog(page).get_by_role("slider")
    await slider.focus()
    await page.keyboard.press("End")
    await expect(slider).to_have_value("100")
    assert await reference.evaluate(clip) != before
    await dialog(page).get_by_role("radio", name="Style picture").check()
    await expect(reference).to_have_attribute("alt", "Style picture")
    await dialog(page).get_by_role("radio", name="Side by side").check()
    await expect(slider).to_be_hidden()
    assert await reference.evaluate(clip) == "none"
    await page.keyboard.press("Escape")
    await open_more(card)
    async with page.expect_download() as saved:
        await card.get_by_role("link", name="Save with its references").click()
    assert (await saved.value).suggested_filename.endswith("-1-triptych.png")


async def test_the_tray_serves_the_next_request(desk: Desk, engine: FakeEngine) -> None:
    tray = desk.spine.application.tray
    for picture, place in ((RED, TrayPlace.SUBJECT), (GREEN, TrayPlace.STYLE), (BLUE, TrayPlace.STYLE)):
        await tray.put(LOCAL, picture, place)
    page = await desk.open()
    await expect(page.locator(".drop-tray:visible")).to_have_count(3)
    await expect(page.locator("#tray-note")).to_be_visible()
    await page.get_by_role("button", name="Remove: Second style picture").click()
    await expect(page.locator(".drop-tray:visible")).to_have_count(2)
    # A style that is chosen goes before all styles of the tray, as it does on the server.
    await page.locator("#style-2").set_input_files(desk.picture("style.png"))
    await expect(page.locator(".drop-tray:visible")).to_have_count(1)
    await page.get_by_role("button", name="Remove: Second style picture").click()
    await expect(page.locator(".drop-tray:visible")).to_have_count(2)
    await ask_and_wait(page, "a lamp")
    await expect(page.locator(".drop-thumb:visible")).to_have_count(0)
    task = engine.tasks[0]
    assert task.subject is not None
    assert len(task.styles) == 1
    assert not (await tray.show(LOCAL)).pictures


async def test_saved_styles_are_made_used_and_drawn_in_all_at_once(desk: Desk, engine: FakeEngine) -> None:
    page = await desk.open()
    await page.get_by_role("button", name="Saved styles…").click()
    await expect(dialog(page)).to_contain_text("You have no saved styles yet.")
    await page.keyboard.press("Escape")
    for name, colour in (("ink", (10, 10, 10)), ("wash", (0, 120, 0))):
        await page.locator("#style").set_input_files(desk.picture(f"{name}.png", colour))
        await page.get_by_role("button", name="Saved styles…").click()
        await dialog(page).get_by_label("Save the form's style pictures as").fill(name)
        await page.keyboard.press("Enter")
        await expect(dialog(page).get_by_role("checkbox", name=name)).to_be_visible()
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Remove: Style picture").click()
    await page.get_by_role("button", name="Saved styles…").click()
    await dialog(page).get_by_label("Search by name").fill("IN")
    await expect(dialog(page).get_by_role("checkbox")).to_have_count(1)
    await dialog(page).get_by_role("checkbox", name="ink").check()
    await dialog(page).get_by_role("button", name="Use as style").click()
    await expect(dialog(page)).to_have_count(0)
    assert await page.evaluate(_HELD) == [0, 1, 0]
    await page.locator("#prompt").fill("a lamp")
    await page.get_by_role("button", name="Saved styles…").click()
    for name in ("ink", "wash"):
        await dialog(page).get_by_role("checkbox", name=name).check()
    await dialog(page).get_by_role("button", name="Draw in all 2").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
    first, second = engine.tasks
    assert first.seed == second.seed
    assert first.styles != second.styles


async def test_four_seeds_at_once(desk: Desk, engine: FakeEngine) -> None:
    page = await desk.open()
    await page.locator("#prompt").fill("a lamp")
    await page.get_by_role("button", name="4 seeds").click()
    await expect(first_card(page, "done").locator(".picture.done")).to_have_count(4)
    assert len({task.seed for task in engine.tasks}) == 4


async def test_a_recipe_by_id_and_out_of_a_file(desk: Desk, engine: FakeEngine) -> None:
    page = await desk.open()
    card = await ask_and_wait(page, "a lamp")
    await open_more(card)
    async with page.expect_download() as saved:
        await card.get_by_role("link", name="Save the file").click()
    file = desk.folder / "saved.png"
    await (await saved.value).save_as(file)
    await page.locator("#prompt").fill("something else")
    await page.get_by_role("button", name="From a recipe…").click()
    await dialog(page).get_by_label("Recipe id").fill("nothing-1")
    await page.keyboard.press("Enter")
    await expect(dialog(page).get_by_role("alert")).to_be_visible()
    await dialog(page).get_by_label("Or read it from a picture file").set_input_files(file)
    await expect(dialog(page)).to_contain_text("Prompt: a lamp")
    await dialog(page).get_by_role("button", name="Make it again").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
    assert engine.tasks[1].seed == engine.tasks[0].seed
    await page.get_by_role("button", name="From a recipe…").click()
    await dialog(page).get_by_label("Or read it from a picture file").set_input_files(file)
    await dialog(page).get_by_role("button", name="Fill in the form").click()
    await expect(page.locator("#prompt")).to_have_value("a lamp")
    await expect(page.locator("#seed")).to_have_value(str(engine.tasks[0].seed))


async def test_preferences_change_shape_visibility_and_language(desk: Desk) -> None:
    page = await desk.open()
    await page.get_by_role("button", name="Preferences…").click()
    await dialog(page).get_by_label("Only I may see my pictures").check()
    await dialog(page).get_by_label("Shape where you name none").select_option("3:2")
    await dialog(page).get_by_role("button", name="Save").click()
    await expect(page.locator("#form-note")).to_have_text("Your preferences are saved.")
    await expect(page.get_by_role("radio", name="3:2")).to_be_checked()
    await ask_and_wait(page, "a lamp")
    (job,) = await desk.spine.application.history.recent(LOCAL, limit=5)
    assert (job.request.private, job.request.width) == (True, 1248)
    await page.get_by_role("button", name="Preferences…").click()
    await dialog(page).get_by_label("Language").select_option("de")
    await dialog(page).get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Bild machen")).to_be_visible()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "de")


async def test_restyling_keeps_the_size_unless_told_otherwise(desk: Desk) -> None:
    page = await desk.open()
    keep = page.get_by_label("Keep the subject's size")
    await expect(keep).to_be_disabled()
    await page.locator("#subject").set_input_files(desk.picture("subject.png"))
    await expect(keep).not_to_be_checked()
    await page.locator("#style").set_input_files(desk.picture("style.png"))
    await expect(keep).to_be_checked()
    await page.locator("#prompt").fill("on the moon")
    await expect(keep).not_to_be_checked()
    await keep.check()
    await page.locator("#prompt").fill("")
    await page.locator("#prompt").fill("on the sun")
    await expect(keep).to_be_checked()


@pytest.mark.parametrize("device", [{"color_scheme": "light"}, {"color_scheme": "dark", "locale": "de"}, PHONE])
async def test_every_dialog_is_for_everybody(desk: Desk, device: dict[str, object]) -> None:
    await desk.spine.application.styles.save(LOCAL, "ink", [GREEN])
    page = await desk.open(reduced_motion="reduce", **device)
    card = await ask_with_references(desk, page)
    await open_more(card)
    assert await violations(page) == []
    buttons = (".picture-info", ".picture-remix", ".picture-compare", ".card-delete")
    for opener in (*buttons, *(f'[data-open="{name}"]' for name in ("picker", "recipe", "preferences"))):
        await page.locator(opener).first.click()
        await expect(dialog(page)).to_be_visible()
        await expect(dialog(page).get_by_role("alert")).to_have_count(0)
        assert await violations(page) == []
        box = await dialog(page).evaluate("(node) => [node.scrollWidth, node.clientWidth]")
        assert box[0] <= box[1], f"{opener} is wider than its dialog"
        await page.keyboard.press("Escape")
        await expect(dialog(page)).to_have_count(0)


async def test_the_keyboard_alone_leads_from_the_prompt_to_a_variation(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(), Play())
    page = await desk.open()
    await page.locator("#prompt").focus()
    await page.keyboard.type("by hand")
    await page.keyboard.press("Control+Enter")
    await expect(first_card(page, "done")).to_be_visible()
    await page.keyboard.press("Shift+Tab")
    reached = "document.activeElement.classList.contains('picture-remix')"
    for _ in range(60):
        if await page.evaluate(reached):
            break
        await page.keyboard.press("Tab")
    assert await page.evaluate(reached)
    await page.keyboard.press("Enter")
    await expect(dialog(page).get_by_label("Prompt")).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("by another hand")
    for _ in range(5):
        await page.keyboard.press("Tab")
    await expect(dialog(page).get_by_role("button", name="Generate")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
    assert engine.tasks[1].prompt == "by another hand"


async def test_what_the_server_refuses_is_said_where_it_was_asked(desk: Desk) -> None:
    page = await desk.open()
    card = await ask_and_wait(page, "a lamp")
    await desk.spine.application.history.delete(LOCAL, await card.get_attribute("data-job") or "")
    await card.get_by_role("button", name="Upscale").click()
    await expect(card.get_by_role("alert")).to_be_visible()
    await open_more(card)
    await card.get_by_role("button", name="Info…").click()
    await expect(dialog(page).get_by_role("alert")).to_be_visible()
    await page.keyboard.press("Escape")
    await ask(page, "")
    await expect(page.locator("#form-error")).to_be_visible()
