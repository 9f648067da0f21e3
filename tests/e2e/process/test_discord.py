"""`uso-bot run` on Discord, killed in the middle: what waited, what was drawn and what was untold arrive once."""

from __future__ import annotations

import asyncio
import os
import signal

from tests.e2e.process.conftest import PICTURE_S, BotFolder
from tests.e2e.process.test_chats import until
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.server import BOT_TOKEN, discord_server
from tests.support.pictures import png


def shows(asked: Interaction, text: str) -> bool:
    return asked.response is not None and text in asked.response.text


async def gone(pid: int) -> None:
    """Wait until a process is no more."""
    async with asyncio.timeout(PICTURE_S):
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            await asyncio.sleep(0.05)


async def test_a_killed_bot_owes_nobody_anything_after_its_restart(bot_folder: BotFolder) -> None:
    async with discord_server() as discord:
        config = bot_folder.path / "config.toml"
        config.write_text(
            config.read_text()
            + f'[discord]\napi_base_url = "{discord.api_base_url}"\ngateway_url = "{discord.gateway_url}"\n'
        )
        bot_folder.environment |= {"DISCORD_TOKEN": BOT_TOKEN}
        discord.fail_next("PATCH", "/webhooks/", 503, {"message": "away", "code": 0}, text="### Done", times=10_000)
        async with bot_folder.run() as bot:
            await until(lambda: any("DiscordBot is connected" in line for line in bot.lines))
            untold = await discord.slash("imagine", {"prompt": "a fox", "subject": png(), "steps": 2})
            await until(lambda: any(trouble.times < 10_000 for trouble in discord.api.troubles))
            drawn = await discord.slash("imagine", {"prompt": "a hare", "steps": 50, "count": 2})
            await until(lambda: shows(drawn, "Drawing, step"))
            waiting = await discord.slash("imagine", {"prompt": "an owl", "steps": 2})
            await until(lambda: shows(waiting, "You are next"))
            engines = bot.engine_pids()
            assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL
            for engine in engines:
                await gone(engine)
        asked = [untold, drawn, waiting]
        assert not any(shows(one, "### Done") for one in asked)

        discord.api.troubles.clear()
        async with bot_folder.run() as bot:
            for one in asked:
                await until(lambda one=one: shows(one, "### Done"))  # type: ignore[misc]
            # Buttons drawn by the killed bot serve its successor.
            assert untold.response is not None
            again = await discord.press(untold.response, "Re-roll")
            await until(lambda: shows(again, "### Done"))
        cards = discord.world.posted_in(discord.channel)
        assert cards == [one.response for one in (*asked, again)]
        for card in cards:
            assert ["### Done" in "\n".join(texts) for _, texts in card.faces].count(True) == 1
        assert [len(card.gallery) for card in cards] == [1, 2, 1, 1]
    assert bot_folder.rows()["pictures"] == 5
    assert bot_folder.rows()["deliveries"] == 4
