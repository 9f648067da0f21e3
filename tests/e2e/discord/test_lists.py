"""/history, /queue and /cancel on Discord."""

from __future__ import annotations

from adapters.engine.fake import FakeEngine
from tests.e2e.discord.conftest import Stage


async def test_history_lists_and_finds_ones_own_requests(stage: Stage) -> None:
    said = await stage.whispered(await stage.server.slash("history", {}))
    assert said == "Nothing yet. Your pictures will be listed here."
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a *bold* cat " + "x" * 200}))
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a hen", "private": True}))
    hen, cat = reversed(await stage.jobs())
    said = await stage.whispered(await stage.server.slash("history", {}))
    first, second = said.splitlines()
    assert first == f"{hen.id} · 2026-01-01 · Done · a hen"
    assert second.startswith(rf"{cat.id} · 2026-01-01 · Done · a \*bold\* cat xxx")
    assert second.endswith("…")
    said = await stage.whispered(await stage.server.slash("history", {"words": "BOLD cat"}))
    assert said.startswith(cat.id)
    said = await stage.whispered(await stage.server.slash("history", {"words": "owl"}))
    assert "nothing with “owl”" in said


async def test_a_long_history_fits_into_a_message(stage: Stage) -> None:
    for _ in range(17):
        await stage.finished(await stage.server.slash("imagine", {"prompt": "*" * 300}))
    said = await stage.whispered(await stage.server.slash("history", {}))
    assert len(said) <= 2000
    assert len(said.splitlines()) > 8


async def test_queue_counts_and_cancel_stops_by_id(stage: Stage) -> None:
    assert "Nobody is waiting" in await stage.whispered(await stage.server.slash("queue", {}))
    await stage.down()
    await stage.up(FakeEngine(is_manual=True))
    cards = [await stage.card(await stage.server.slash("imagine", {"prompt": f"cat {n}"})) for n in range(2)]
    said = await stage.whispered(await stage.server.slash("queue", {}))
    assert said == "2 requests are waiting, 2 of them yours."
    (first, _) = await stage.jobs()
    said = await stage.whispered(await stage.server.slash("cancel", {"id": first.id.upper()}))
    assert said == "Stopped, as you wished."
    await stage.shows(cards[0], "### Cancelled")
    assert "already over" in await stage.whispered(await stage.server.slash("cancel", {"id": first.id}))
    assert "do not know" in await stage.whispered(await stage.server.slash("cancel", {"id": "no such"}))
    said = await stage.whispered(await stage.server.slash("queue", {}))
    assert said == "One request is waiting, one of them yours."
