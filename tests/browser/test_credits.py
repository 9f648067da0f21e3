"""Credits on the page: the price before, the refusal, the refund."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from adapters.engine.fake import FakeEngine, Play
from bot.domain.credits import CREDIT, Tier, Tiers
from tests.browser.conftest import Desk, ask, first_card


@pytest.fixture
def tiers() -> Tiers:
    """The page has three credits a day."""
    return Tiers((Tier("free", 3 * CREDIT),), default="free", page="free")


@pytest.mark.parametrize("engine", [{"is_manual": True}], indirect=True)
async def test_the_price_is_told_before_and_comes_back(desk: Desk, engine: FakeEngine) -> None:
    engine.script(Play(hold_at_step=1))
    page = await desk.open()
    price = page.locator("#form-price")
    await expect(price).to_contain_text("This costs 1 credit; you have 3")
    await page.get_by_text("More settings").click()
    await page.locator("#request").get_by_label("Steps").fill("50")
    await expect(price).to_contain_text("This costs 2 credits; you have 3")
    await ask(page, "a fox")
    await expect(first_card(page).locator(".card-detail")).to_contain_text("costs 2 credits")
    await expect(price).to_contain_text("This costs 2 credits; you have 1")
    await ask(page, "a hen")
    await expect(page.locator("#form-error")).to_contain_text("This costs 2 credits, and you have 1 left.")
    await first_card(page).get_by_role("button", name="Cancel").click()
    await expect(first_card(page, "cancelled").locator(".card-detail")).to_contain_text("Your 2 credits are back.")
    await expect(price).to_contain_text("you have 3")


async def test_the_price_is_told_in_german(desk: Desk) -> None:
    page = await desk.open(locale="de-DE")
    await expect(page.locator("#form-price")).to_contain_text("Das kostet 1 Punkt; du hast 3")
