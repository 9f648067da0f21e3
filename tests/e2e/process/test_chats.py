"""`uso-bot run` with both tokens set: the page and both chats from one process, over one queue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tests.e2e.process.conftest import PICTURE_S, BotFolder
from tests.servers.discord.server import BOT_TOKEN, discord_server
from tests.servers.telegram.people import private_person
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.pictures import png


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PICTURE_S):
        while not is_so():
            await asyncio.sleep(0.05)


async def test_the_same_command_starts_both_chats(bot_folder: BotFolder) -> None:
    async with discord_server() as discord, BotApiServer(time.monotonic) as telegram:
        config = bot_folder.path / "config.toml"
        config.write_text(
            config.read_text()
            + f'[discord]\napi_base_url = "{discord.api_base_url}"\ngateway_url = "{discord.gateway_url}"\n'
            + f'[telegram]\nbase_url = "{telegram.url}/bot"\nbase_file_url = "{telegram.url}/file/bot"\n'
        )
        bot_folder.environment |= {"DISCORD_TOKEN": BOT_TOKEN, "TELEGRAM_TOKEN": TOKEN}
        ada = private_person(telegram, "Ada", "de")
        async with bot_folder.run() as bot:
            assert "No chat yet" not in "".join(bot.lines)
            ada.show(png(), caption="ein Fuchs im Schnee --steps 8")
            await until(lambda: any("DiscordBot is connected" in line for line in bot.lines))
            asked = await discord.slash("imagine", {"prompt": "a fox", "subject": png(), "steps": 8})
            await until(lambda: "photo" in ada.last())
            await until(lambda: asked.response is not None and "### Done" in asked.response.text)
            assert asked.response is not None
            assert len(asked.response.gallery) == 1
            assert "Leicht" in str(ada.last()["reply_markup"])
            said = "".join(bot.lines)
        assert telegram.wrong == []
    assert bot_folder.rows()["pictures"] == 2
    assert bot_folder.rows()["deliveries"] == 2
    assert BOT_TOKEN not in said
    assert TOKEN not in said


async def test_a_wrong_token_is_named_and_the_rest_goes_on(bot_folder: BotFolder) -> None:
    async with discord_server() as discord:
        config = bot_folder.path / "config.toml"
        config.write_text(
            config.read_text()
            + f'[discord]\napi_base_url = "{discord.api_base_url}"\ngateway_url = "{discord.gateway_url}"\n'
        )
        bot_folder.environment |= {"DISCORD_TOKEN": "a.wrong.token"}
        async with bot_folder.run() as bot:
            await until(lambda: any("DISCORD_TOKEN" in line for line in bot.lines))
            async with bot.client.get(f"{bot.page}/healthz") as answer:
                assert answer.status == 200
