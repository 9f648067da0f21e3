"""What a request would cost, before it is sent."""

from __future__ import annotations

import pytest

from bot.domain.credits import CREDIT, Tier, Tiers
from tests.e2e.web.conftest import PageKit


@pytest.fixture
def tiers() -> Tiers:
    """The page has three credits a day."""
    return Tiers((Tier("free", 3 * CREDIT),), default="free", page="free")


async def test_the_price_follows_size_steps_and_count(page: PageKit) -> None:
    for query, cost in (
        ("", 1),
        ("?steps=50", 2),
        ("?count=3", 3),
        ("?width=512&height=512", 0.25),
        ("?aspect=16:9", 1),
    ):
        status, quote = await page.get(f"/api/balance{query}")
        assert (status, quote["cost"], quote["left"]) == (200, cost, 3), query
    assert quote["words"] == "This costs 1 credit; you have 3, filled up again in 24 h 0 min."
    assert (quote["tier"], quote["is_limited"]) == ("free", True)
    assert quote["resets_at"] == "2026-01-02T00:00:00+00:00"
    _, german = await page.get("/api/balance?steps=30", headers={"Accept-Language": "de"})
    assert german["words"].startswith("Das kostet 1,2 Punkte; du hast 3")
    await page.assert_nothing_stored()


async def test_what_was_spent_is_gone_and_what_is_too_much_is_refused(page: PageKit) -> None:
    done = await page.done({"prompt": "a fox", "count": "2"})
    assert done["phase"] == "done"
    assert (await page.get("/api/balance"))[1]["left"] == 1
    status, answer = await page.post(fields={"prompt": "a fox", "count": "2"})
    assert (status, answer["code"]) == (429, "credits-used-up")
    assert answer["detail"].startswith("This costs 2 credits, and you have 1 left.")
    status, answer = await page.post(fields={"prompt": "a fox", "count": "4"})
    assert (status, answer["code"]) == (422, "too-expensive")


async def test_bad_numbers_get_their_sentence(page: PageKit) -> None:
    for query, code in (
        ("steps=0", "steps-out-of-range"),
        ("width=x", "not-a-number"),
        ("aspect=2:1", "unknown-choice"),
    ):
        status, answer = await page.get(f"/api/balance?{query}")
        assert (status, answer["code"]) == (422, code), query
