"""What the page shows while the bot is paused, in a real browser."""

from __future__ import annotations

from playwright.async_api import expect

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from tests.browser.conftest import Desk, ask, first_card

LOCAL = Actor(Platform.WEB, "local")


async def test_a_waiting_card_says_and_announces_the_pause(desk: Desk, engine: FakeEngine) -> None:
    operations = desk.spine.application.operations
    engine.script(Play(hold_at_step=1))
    page = await desk.open()
    await ask(page, "a lamp")
    await expect(first_card(page, "running")).to_be_visible()
    await ask(page, "a fish")
    await expect(page.locator(".card")).to_have_count(2)
    card = first_card(page)
    await expect(card.locator(".card-title")).to_have_text("In the queue")
    await operations.pause(LOCAL)
    await expect(card.locator(".card-title")).to_have_text("Paused")
    await expect(card.locator(".card-news")).to_contain_text("Paused. Whoever runs this bot has paused it.")
    await expect(card.get_by_role("button", name="Cancel")).to_be_visible()
    engine.release()
    await expect(page.locator('.card:last-child[data-phase="done"]')).to_be_visible()
    await expect(card.locator(".card-title")).to_have_text("Paused")
    await operations.resume(LOCAL)
    await expect(first_card(page, "done")).to_be_visible()
