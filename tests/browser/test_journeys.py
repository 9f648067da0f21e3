"""What people do on the page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from adapters.engine.fake import FakeEngine, Play
from adapters.web.server import WebServer, WebSettings
from bot.ports.engine import EngineLost, EngineOutOfMemory
from tests.browser.conftest import Desk, ask, ask_and_wait, first_card
from tests.support.spine import running_spine


async def test_from_words_and_pictures_to_a_picture(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=12))
    page = await desk.open()
    await expect(page.locator("#empty")).to_be_visible()
    await page.locator("#request").get_by_label("Prompt").fill("a red fox in the snow")
    await (
        page.locator("#request")
        .get_by_label("Subject picture who or what")
        .set_input_files(desk.picture("subject.png"))
    )
    await page.locator("#style").set_input_files(desk.picture("one.png", (0, 120, 0)))
    await page.locator("#style-2").set_input_files(desk.picture("two.png", (0, 0, 120)))
    await expect(page.locator(".drop-thumb:visible")).to_have_count(3)
    await page.get_by_role("radio", name="16:9").check()
    await page.get_by_role("button", name="Generate").click()
    card = first_card(page)
    await expect(card.locator(".card-title")).to_have_text("Drawing, step 12 of 25")
    await expect(card.locator(".card-mode")).to_have_text("Subject + 2 styles")
    await expect(card.locator(".card-bar")).to_have_js_property("value", 12 / 25)
    await expect(card.locator(".picture-image")).to_have_js_property("naturalWidth", 16)  # the preview
    await expect(card.get_by_text("toy model")).to_be_visible()
    engine.release()
    await expect(first_card(page, "done")).to_be_visible()
    await expect(card.locator(".picture-image")).to_have_js_property("naturalWidth", 80)
    await expect(card.get_by_text("toy model")).to_be_visible()
    await expect(page.locator("#toy-notice")).to_contain_text("uso-bot weights download")
    await expect(card.get_by_role("status")).to_contain_text("Done")
    task = engine.tasks[0]
    assert (task.width, task.height, len(task.styles), task.subject is not None) == (1360, 768, 2, True)

    await card.get_by_role("button", name="Re-roll").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
    await first_card(page).get_by_role("button", name="Vary (subtle)").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(3)
    await first_card(page).get_by_role("button", name="Vary (strong)").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(4)
    assert [task.variation.strength if task.variation else None for task in engine.tasks] == [None, None, 0.15, 0.5]

    titles = await page.locator(".picture-words").all_inner_texts()
    await page.reload()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(4)
    assert await page.locator(".picture-words").all_inner_texts() == titles
    await first_card(page).locator(".picture-more summary").click()
    async with page.expect_popup() as opened:
        await first_card(page).get_by_role("link", name="Open original").click()
    original = await opened.value
    assert original.url.endswith("/pictures/0.png")


async def test_several_pictures_appear_one_by_one(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(), Play(hold_at_step=1))
    page = await desk.open()
    await page.get_by_text("More settings").click()
    await page.get_by_role("radio", name="3", exact=True).check()
    await page.locator("#request").get_by_label("Steps").fill("2")
    await ask(page, "three lamps")
    card = first_card(page)
    await expect(card.locator(".picture")).to_have_count(3)
    await expect(card.locator(".picture.done")).to_have_count(1)
    await expect(card.locator(".card-detail")).to_contain_text("picture 2 of 3")
    engine.release()
    await expect(card.locator(".picture.done")).to_have_count(3)
    await card.locator(".picture").nth(2).get_by_role("button", name="Vary (strong)").click()
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
    assert engine.tasks[-1].seed == engine.tasks[2].seed


async def test_cancel(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=3))
    page = await desk.open()
    await ask(page, "one")
    await expect(first_card(page, "running")).to_be_visible()
    await ask(page, "two")
    await expect(page.locator(".card")).to_have_count(2)
    await expect(first_card(page).locator(".card-detail")).to_contain_text("You are next")
    await first_card(page).get_by_role("button", name="Cancel").click()
    await expect(first_card(page, "cancelled")).to_be_visible()
    running = page.locator(".card").nth(1)
    await running.get_by_role("button", name="Cancel").focus()
    await page.keyboard.press("Enter")
    await expect(running.locator(".card-title")).to_have_text("Cancelled")
    await expect(running).to_be_focused()  # its button is gone; the place in the page is kept
    await running.get_by_role("button", name="Try again").click()
    await expect(first_card(page, "done")).to_be_visible()


@pytest.mark.parametrize("engine", [{"is_manual": True}], indirect=True)
async def test_warming_up_retrying_and_failing(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(fail_at_step=1, failure=EngineLost("gone")), Play(failure=EngineOutOfMemory()))
    page = await desk.open()
    engine.warm_up(0.4, 100)
    await ask(page, "a lamp")
    card = first_card(page)
    await expect(card.locator(".card-title")).to_have_text("Warming up")
    await expect(card.locator(".card-detail")).to_contain_text("40 %")
    await expect(card.locator(".card-detail")).to_contain_text("about 2 min left")
    await expect(card.locator(".card-bar")).to_have_js_property("value", 0.4)
    engine.become_ready()
    await expect(card.locator(".card-title")).to_have_text("Retrying")
    await expect(card.locator(".card-bar")).to_be_visible()
    engine.become_ready()
    await expect(card.locator(".card-title")).to_have_text("That did not work")
    await expect(card.locator(".card-detail")).to_contain_text("Try a smaller size")
    await expect(card.locator(".picture")).to_have_count(0)
    await card.get_by_role("button", name="Try again").click()
    await expect(first_card(page, "done")).to_be_visible()


async def test_a_double_click_makes_one_job(desk: Desk, engine: FakeEngine) -> None:
    page = await desk.open()
    await page.locator("#prompt").fill("once")
    # The second click comes after the first one was answered, as from a hand it often does.
    await page.locator("#generate").dblclick(delay=150)
    await expect(first_card(page, "done")).to_be_visible()
    await first_card(page).get_by_role("button", name="Re-roll").dblclick(delay=150)
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
    await page.reload()
    await expect(page.locator(".card")).to_have_count(2)
    assert len(engine.tasks) == 2


async def test_an_error_is_one_sentence_and_the_form_keeps_everything(desk: Desk) -> None:
    page = await desk.open()
    error = page.get_by_role("alert")
    await page.get_by_role("button", name="Generate").click()
    await expect(error).to_have_text("Please write a prompt, or add a subject picture.")
    await page.locator("#prompt").fill("kept")
    await page.get_by_text("More settings").click()
    await page.locator("#request").get_by_label("Guidance").fill("NaN")
    await page.get_by_role("button", name="Generate").click()
    await expect(error).to_have_text("Guidance goes from 1 to 5.")
    await page.locator("#request").get_by_label("Guidance").fill("3,5")
    broken = desk.folder / "broken.png"
    broken.write_bytes(desk.picture("good.png").read_bytes()[:-60])
    await page.locator("#subject").set_input_files(broken)
    await page.get_by_role("button", name="Generate").click()
    await expect(error).to_have_text("That picture is damaged or cut off; please send it again.")
    await expect(page.locator("#prompt")).to_have_value("kept")
    await page.get_by_role("button", name="Remove: Subject picture").click()
    await expect(page.locator("#subject")).to_be_focused()
    await page.get_by_role("radio", name="Custom").check()
    await page.locator("#request").get_by_label("Width").fill("1000")
    await page.get_by_role("button", name="Generate").click()
    await expect(first_card(page, "done")).to_be_visible()
    await expect(error).to_have_count(0)
    await expect(page.locator("#form-note")).to_have_text("Width rounded from 1000 to 992.")


async def test_a_file_that_is_too_large_is_not_even_sent(desk: Desk) -> None:
    page = await desk.open()
    large = desk.folder / "large.png"
    large.write_bytes(b"\0" * (20 * 2**20 + 1))
    await page.locator("#subject").set_input_files(large)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    await page.get_by_role("button", name="Generate").click()
    await expect(page.get_by_role("alert")).to_contain_text("up to 20 MB")
    assert posts == []


_TRANSFER = """([kind, selector, count]) => {
  const transfer = new DataTransfer();
  const pixel = Uint8Array.from(atob(
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAF0lEQVR4nGM4wYAJMYmHUYwaMGrAqAEA5o8YAQ0oN6MAAAAASUVORK5CYII="),
    (character) => character.charCodeAt(0));
  for (let index = 0; index < count; index += 1) transfer.items.add(new File([pixel], "a.png", { type: "image/png" }));
  const target = document.querySelector(selector);
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event.defaultPrevented;
}"""


async def test_drop_and_paste(desk: Desk) -> None:
    page = await desk.open()
    held = "[...document.querySelectorAll('.drop-input')].map((input) => input.files.length)"
    assert await page.evaluate(_TRANSFER, ["dragover", "#style", 1])
    assert await page.evaluate(_TRANSFER, ["drop", "#style", 2])
    assert await page.evaluate(held) == [0, 1, 1]
    assert await page.evaluate(_TRANSFER, ["paste", "#prompt", 1])
    assert await page.evaluate(held) == [1, 1, 1]
    await expect(page.locator(".drop-thumb:visible")).to_have_count(3)
    await page.evaluate(_TRANSFER, ["drop", "body", 1])
    await expect(page.get_by_role("alert")).to_contain_text("remove one first")
    await page.get_by_role("button", name="Remove: Style picture").click()
    assert await page.evaluate(held) == [1, 0, 1]
    assert not await page.evaluate(_TRANSFER, ["paste", "#prompt", 0])  # words are pasted as ever


async def test_keyboard_only(desk: Desk, engine: FakeEngine) -> None:
    page = await desk.open()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="To the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.locator("#prompt")).to_be_focused()
    await page.keyboard.type("by hand")
    for _ in range(3):  # past the three pictures
        await page.keyboard.press("Tab")
    for name in ("Saved styles…", "From a recipe…"):
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name=name)).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator('input[name="aspect"][value="4:3"]')).to_be_checked()
    await page.keyboard.press("Tab")
    await expect(page.locator("summary")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#generate")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(first_card(page, "done")).to_be_visible()
    await expect(page.locator("#generate")).to_be_focused()
    assert engine.tasks[0].width == 1184
    await page.locator("#prompt").focus()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)


async def test_german(desk: Desk) -> None:
    page = await desk.open(locale="de-AT")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await page.get_by_role("button", name="Bild machen").click()
    await expect(page.get_by_role("alert")).to_have_text(
        "Bitte schreib eine Beschreibung oder füge ein Motivbild hinzu."
    )
    card = await ask_and_wait(page, "eine Lampe")
    await expect(card.locator(".card-title")).to_have_text("Fertig")
    await expect(card.get_by_text("Spielzeugmodell")).to_be_visible()
    await expect(card.get_by_role("button", name="Neu würfeln")).to_be_visible()


async def test_a_restart_of_the_server_in_the_middle(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=2))
    page = await desk.open()
    await ask(page, "patience")
    await expect(first_card(page).locator(".card-title")).to_have_text("Drawing, step 2 of 25")
    kit, port = desk.spine, desk.server.port
    await desk.server.close()
    await kit.spine.close()
    await expect(page.locator("#connection")).to_contain_text("tries again by itself")
    await ask(page, "nobody there")
    await expect(page.get_by_role("alert")).to_contain_text("does not answer")
    await expect(page.locator("#prompt")).to_have_value("nobody there")
    async with running_spine(FakeEngine(), storage=kit.storage, images=kit.images, clock=kit.clock) as spine:
        server = WebServer(spine.application, WebSettings(port=port))
        await server.start()
        await expect(first_card(page, "done")).to_be_visible()
        await expect(page.locator("#connection")).to_be_hidden()
        await page.get_by_role("button", name="Generate").click()
        await expect(page.locator('.card[data-phase="done"]')).to_have_count(2)
        await server.close()


async def test_two_pages_show_the_same_and_older_cards_are_there(desk: Desk) -> None:
    page = await desk.open()
    await page.get_by_text("More settings").click()
    await page.locator("#request").get_by_label("Steps").fill("1")
    for number in range(26):
        await ask_and_wait(page, f"lamp {number}")
    other = await desk.open()
    await expect(other.locator(".card")).to_have_count(24)
    await expect(first_card(other).locator(".card-prompt")).to_have_text("lamp 25")
    await other.get_by_role("button", name="Show older ones").click()
    await expect(other.locator(".card")).to_have_count(26)
    await expect(other.locator(".card").last.locator(".card-prompt")).to_have_text("lamp 0")
    await expect(other.get_by_role("button", name="Show older ones")).to_be_hidden()
