"""The log of the real process, with both chats and every secret there is: read line by line."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any, Final

import pytest
from aiohttp import web

from tests.e2e.process.conftest import BotFolder
from tests.e2e.process.test_chats import until
from tests.servers.discord.server import BOT_TOKEN, discord_server
from tests.servers.telegram.people import private_person
from tests.servers.telegram.server import TOKEN, BotApiServer

# Shaped like the real ones, and nobody's.
HUGGING_FACE: Final = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
WEBHOOK_SECRET: Final = "a-webhook-secret-of-the-operator"
API_TOKEN: Final = "uso_" + "x9K-dQ_wR7tYuI3oPaSdFgHjKlZxCvBnM1234567890"
SIGNATURE: Final = "q1W2e3R4t5Y6u7I8o9P0a_S-dFgHjKlZxCvBnM12345"
HOOK_SECRET: Final = "T0000/B0000/XXXXhookXXXX"
INTERACTION_TOKEN: Final = re.compile(r"/(?:webhooks|interactions)/\d+/(?!\[hidden\])[^/?\s]+")


class ErrorHook:
    """Takes the errors that the bot posts."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        app = web.Application()
        app.router.add_post("/services/{secret:.+}", self._take)
        self._runner = web.AppRunner(app)
        self.url = ""

    async def __aenter__(self) -> ErrorHook:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/services/{HOOK_SECRET}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.posts.append(await request.json())
        return web.Response()


def set_log(folder: BotFolder, lines: str) -> None:
    """Add sections to the configuration."""
    config = folder.path / "config.toml"
    config.write_text(config.read_text() + lines + "\n")


async def test_no_secret_is_in_the_log_of_a_bot_that_tells_everything(bot_folder: BotFolder) -> None:
    config = bot_folder.path / "config.toml"
    config.write_text(config.read_text().replace("[web]", '[web]\npublic_url = "https://pictures.example.org"'))
    async with discord_server() as discord, BotApiServer(time.monotonic) as telegram, ErrorHook() as hook:
        set_log(
            bot_folder, f'[discord]\napi_base_url = "{discord.api_base_url}"\ngateway_url = "{discord.gateway_url}"'
        )
        set_log(bot_folder, f'[telegram]\nbase_url = "{telegram.url}/bot"\nbase_file_url = "{telegram.url}/file/bot"')
        set_log(bot_folder, '[log]\nlevel = "DEBUG"')
        bot_folder.environment |= {
            "DISCORD_TOKEN": BOT_TOKEN,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "HF_TOKEN": HUGGING_FACE,
            "ERROR_WEBHOOK_URL": hook.url,
        }
        telegram.fail("sendMessage", 502, f"Bad Gateway {TOKEN}")
        async with bot_folder.run() as bot:
            await until(lambda: any("DiscordBot is connected" in line for line in bot.lines))
            await until(lambda: any("Telegram: connected" in line for line in bot.lines))
            asked = await discord.slash("imagine", {"prompt": "a fox", "steps": 2})
            private_person(telegram, "Ada").write("a hare --steps 1")
            await until(lambda: asked.response is not None and "### Done" in asked.response.text)
            headers = {"Authorization": f"Bearer {API_TOKEN}", "Cookie": f"uso-session={SIGNATURE}"}
            for path in (f"/o/7k3m9qx2vt0a/0?e=1767225600&s={SIGNATURE}", f"/nowhere?s={SIGNATURE}"):
                async with bot.client.get(bot.page + path, headers=headers) as answer:
                    assert answer.status in {401, 404}
            lines = bot.lines
        text = "".join(lines)
    assert "DEBUG" in text
    secrets = [
        BOT_TOKEN,
        TOKEN,
        TOKEN.partition(":")[2],
        WEBHOOK_SECRET,
        HUGGING_FACE,
        API_TOKEN,
        SIGNATURE,
        HOOK_SECRET,
    ]
    for number, secret in enumerate(secrets):
        assert [line for line in lines if secret in line] == [], number
    assert [line for line in lines if INTERACTION_TOKEN.search(line)] == []
    assert "[hidden]" in text, "there was nothing to hide, so this test shows nothing"


async def test_as_json_every_line_is_a_record_and_those_of_a_job_name_it(bot_folder: BotFolder) -> None:
    set_log(bot_folder, '[log]\nformat = "json"')
    async with bot_folder.run() as bot:
        _, card = await bot.ask("k1", prompt="a very private fish", steps=2, count=2)
        await bot.end(card["id"])
        _, refused = await bot.ask("k2", prompt=" ")
        assert refused["code"] == "prompt-empty"
    records = [json.loads(line) for line in bot.lines]
    assert all({"at", "level", "logger", "message"} <= set(record) for record in records)
    mine = [record["message"] for record in records if record.get("job") == card["id"]]
    assert re.fullmatch(r"accepted: text, 2 of \d+x\d+, 2 steps", mine[0])
    assert re.fullmatch(r"began after \d+\.\d s", mine[1])
    assert [re.sub(r"\d+\.\d s", "_ s", one) for one in mine[2:]] == [
        "picture 1 of 2 in _ s",
        "picture 2 of 2 in _ s",
        "ended: done",
    ]
    assert any(record["message"] == "refused a request from web: prompt-empty" for record in records)
    assert "private fish" not in "".join(bot.lines)


async def test_errors_of_the_process_are_posted(bot_folder: BotFolder) -> None:
    async with ErrorHook() as hook:
        bot_folder.environment["ERROR_WEBHOOK_URL"] = hook.url
        async with bot_folder.run() as bot:
            _, card = await bot.ask("k1", prompt="a fish", steps=1)
            pictures = bot_folder.path / "data/pictures"
            pictures.rename(bot_folder.path / "data/away")
            pictures.write_text("a file where a folder is wanted")
            ended = await bot.end(card["id"])
            assert ended["phase"] == "failed"
            async with asyncio.timeout(30):
                while not hook.posts:
                    await asyncio.sleep(0.05)
    assert f"job {card['id']}" in hook.posts[0]["content"]
    assert hook.posts[0]["content"].startswith("USO Bot, ERROR, bot.services.worker")


@pytest.mark.parametrize("url", ["ftp://example.org", "nonsense"])
def test_an_address_that_can_not_be_posted_to_is_named(bot_folder: BotFolder, url: str) -> None:
    bot_folder.environment["ERROR_WEBHOOK_URL"] = url
    answer = bot_folder.try_run()
    assert answer.returncode == 2
    assert answer.stderr == "uso-bot: ERROR_WEBHOOK_URL must be an address that begins with https:// (or http://)\n"
