"""What whoever runs the bot does to the real process: watch it warm up, restart its engine in the middle."""

from __future__ import annotations

import asyncio
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.process.conftest import PICTURE_S, BotFolder, RunningBot


async def ready(bot: RunningBot) -> tuple[int, str | None, dict[str, Any]]:
    """How ready it says it is."""
    async with bot.client.get(f"{bot.page}/readyz") as answer:
        return answer.status, answer.headers.get("Retry-After"), await answer.json()


async def measured(bot: RunningBot, name: str) -> float:
    """One series without labels."""
    async with bot.client.get(f"{bot.page}/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
    return next(sample.value for family in families for sample in family.samples if sample.name == name)


async def test_a_warm_up_is_told_until_it_is_over(bot_folder: BotFolder) -> None:
    async with bot_folder.run() as bot:
        status, retry_after, told = await ready(bot)
        assert (status, told["engine"] in {"starting", "warming-up"}) == (503, True)
        assert retry_after is not None
        assert int(retry_after) >= 1
        async with bot.client.get(f"{bot.page}/healthz") as answer:
            assert answer.status == 200, "a bot that warms up is alive: nobody shall restart it"
        async with asyncio.timeout(PICTURE_S):
            while status == 503:
                await asyncio.sleep(0.05)
                status, retry_after, told = await ready(bot)
        assert (status, retry_after, told["is_ready"]) == (200, None, True)
        assert await measured(bot, "uso_bot_engine_memory_used_bytes") > 0


async def test_the_engine_is_restarted_in_the_middle_of_a_picture(bot_folder: BotFolder) -> None:
    async with bot_folder.run() as bot:
        _, card = await bot.ask("k1", prompt="a blue fish at night", seed=7, steps=50)
        engines: list[int] = []
        titles = []
        async for shown in bot.cards(card["id"]):
            titles.append(shown["title"])
            if not engines and "step" in shown["title"]:
                engines = bot.engine_pids()
                async with bot.client.post(f"{bot.page}/api/operate/restart-engine") as answer:
                    assert answer.status == 200, await answer.text()
        assert engines
        assert titles[-1] == "Done"
        assert len(shown["pictures"]) == 1
        assert set(bot.engine_pids()).isdisjoint(engines)
        assert await measured(bot, "uso_bot_engine_restarts_total") == 1
        async with bot.client.get(f"{bot.page}/operate") as answer:
            page = await answer.text()
        assert "Engine restarted" in page
        assert "No errors since the bot was started." in page, "what an operator asked for is no error"
    rows = bot_folder.rows()
    assert (rows["jobs"], rows["pictures"]) == (1, 1)
