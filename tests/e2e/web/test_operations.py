"""What the page shows while the bot is paused or drained."""

from __future__ import annotations

from adapters.engine.fake import FakeEngine
from tests.e2e.web.conftest import LOCAL, PageKit


async def test_a_waiting_card_says_that_the_bot_is_paused_until_it_goes_on(page: PageKit, engine: FakeEngine) -> None:
    operations = page.spine.application.operations
    await operations.pause(LOCAL)
    status, card = await page.post(fields={"prompt": "a fish", "steps": "1"})
    assert (status, card["phase"], card["title"]) == (201, "queued", "Paused")
    titles: list[str] = []
    async for shown in page.events(f"/api/jobs/{card['id']}/events"):
        if not titles:
            await operations.resume(LOCAL)
        titles.append(shown["title"])
    assert (titles[0], titles[-1]) == ("Paused", "Done")
    assert len(engine.tasks) == 1


async def test_a_drained_bot_takes_nothing_new(page: PageKit) -> None:
    await page.spine.application.operations.drain(LOCAL)
    status, answer = await page.post(fields={"prompt": "a fish"}, headers={"Accept-Language": "de"})
    assert (status, answer["code"]) == (503, "draining")
    assert answer["detail"].startswith("Dieser Bot wird gleich neu gestartet")
    assert page.spine.application.board.unfinished() == ()
