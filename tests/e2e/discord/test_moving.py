"""The database moved to another file: what is below old cards still works."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database, upgrade
from tests.e2e.discord.conftest import Stage


async def opened(file: Path) -> Database:
    url = f"sqlite+aiosqlite:///{file}"
    await upgrade(url)
    return await Database.open(url)


async def test_every_button_of_an_old_card_works_after_the_database_moved(stage: Stage, tmp_path: Path) -> None:
    await stage.down()
    before, after = tmp_path / "old.db", tmp_path / "elsewhere" / "new.db"
    database = await opened(before)
    stage.storage = database  # type: ignore[assignment]
    await stage.up()
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "cats", "count": 2, "seed": 5}))
    await stage.eventually(stage.all_is_told)
    await stage.down()
    await database.close()

    after.parent.mkdir()
    before.rename(after)
    database = await opened(after)
    stage.storage = database  # type: ignore[assignment]
    await stage.up()
    stage.world.clock.advance(minutes=60 * 24 * 365)
    try:
        for label in ("Re-roll", "Subtle", "Strong", "Upscale"):
            await stage.finished(await stage.server.press(card, label))
        pressed = await stage.server.press(card, "Remix")
        await stage.finished(await stage.server.submit(pressed, {"prompt": "dogs"}))
        for label in ("As subject", "As style", "Info", "Favourite"):
            await stage.whispered(await stage.server.press(card, label))
        assert len(await stage.jobs()) == 6
        asked = await stage.server.press(card, "Delete")
        await stage.whispered(asked)
        assert asked.response is not None
        await stage.server.press(asked.response, "Delete for good")
        await stage.world.until(lambda: card.is_deleted, "the card is gone")
        await stage.eventually(stage.all_is_told)
        assert len(await stage.jobs()) == 5
    finally:
        await stage.down()
        await database.close()
