"""`uso-bot run` on Telegram, killed with work in every state: each result comes exactly once."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.process.conftest import PICTURE_S, BotFolder
from tests.servers.telegram.people import Person, member, new_group, private_person
from tests.servers.telegram.server import TOKEN, BotApiServer
from tests.support.pictures import png

Json = dict[str, Any]


@pytest.fixture
def webhook_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def use(folder: BotFolder, server: BotApiServer, webhook_port: int | None = None) -> None:
    """Point the bot to the server."""
    config = folder.path / "config.toml"
    lines = ["[telegram]", f'base_url = "{server.url}/bot"', f'base_file_url = "{server.url}/file/bot"']
    if webhook_port is not None:
        lines += [f'webhook_url = "http://127.0.0.1:{webhook_port}/hook"', f"webhook_port = {webhook_port}"]
    config.write_text(config.read_text() + "\n".join(lines) + "\n")
    folder.environment["TELEGRAM_TOKEN"] = TOKEN


async def until(server: BotApiServer, is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PICTURE_S):
        while not is_so():
            server.changed.clear()
            await server.changed.wait()


def results_for(person: Person, message: Json) -> list[Json]:
    """The pictures that answer a message."""
    answers = [one for one in person.seen() if one.get("reply_to_message", {}).get("message_id") == asked_id(message)]
    return [one for one in answers if "photo" in one and "seed" in one.get("caption", "")]


def words_of(message: Json) -> str:
    return str(message.get("text") or message.get("caption", ""))


def asked_id(message: Json) -> int:
    return int(message["message_id"])


@pytest.mark.parametrize("is_webhook", [False, True], ids=["polling", "webhook"])
async def test_killed_with_queued_running_and_undelivered_jobs(
    bot_folder: BotFolder, webhook_port: int, is_webhook: bool
) -> None:
    async with BotApiServer(time.monotonic) as server:
        use(bot_folder, server, webhook_port if is_webhook else None)
        ada, jo, kim = (private_person(server, name) for name in ("Ada", "Jo", "Kim"))
        async with bot_folder.run() as bot:
            # Done, and not brought: the platform refuses it for as long as this process lives.
            server.fail("editMessageMedia", 502, "Bad Gateway", times=1000)
            undelivered = ada.write("a fox --steps 1 --seed 1")
            await until(server, lambda: any(call.method == "editMessageMedia" for call in server.calls))
            # Four pictures, so that there is still one in work when the others have their cards.
            running = jo.write("a hen --steps 50 --seed 2 --n 4")
            await until(server, lambda: "step" in words_of(jo.last()))
            queued = kim.show(png(), "a cow --steps 1 --seed 3")
            await until(server, lambda: bool(kim.seen()) and server.unconfirmed == 0)
            await until(server, lambda: "next" in words_of(kim.last()))
            await bot.stop(signal.SIGKILL)
        server.faults.clear()
        # While nobody is there: a message, and one half of an album after the other.
        late = kim.write("a cat --steps 1 --seed 4")
        first, second = ada.album(png(), png(colour=(0, 0, 9)), caption="a dog --steps 1 --seed 5")
        ada.send(second)
        async with bot_folder.run():
            ada.send(first)
            asked = [(ada, undelivered), (jo, running), (kim, queued), (kim, late), (ada, first)]
            await until(server, lambda: all(results_for(*one) for one in asked) and server.unconfirmed == 0)
        assert [len(results_for(*one)) for one in asked] == [1] * 5
        assert [f"seed {number}" in results_for(*one)[0]["caption"] for number, one in enumerate(asked, 1)] == [
            True
        ] * 5
        assert server.wrong == []
        assert server.floods.violations == []
        assert (server.polls == 0) is is_webhook
    rows = bot_folder.rows()
    assert (rows["jobs"], rows["pictures"]) == (5, 8)


async def test_a_group_in_privacy_mode(bot_folder: BotFolder) -> None:
    async with BotApiServer(time.monotonic) as server:
        use(bot_folder, server)
        group = new_group(server)
        ada, jo = (member(private_person(server, name), group) for name in ("Ada", "Jo"))
        async with bot_folder.run():
            ada.write("what a day")
            jo.show(png(), "look at this")
            asked = ada.write("/imagine@uso_test_bot a fox --steps 1")
            await until(server, lambda: bool(results_for(ada, asked)))
            again = jo.write("a hen --steps 1", reply_to=ada.last())
            await until(server, lambda: bool(results_for(jo, again)) and server.unconfirmed == 0)
        assert len(ada.seen()) == 2
        assert server.wrong == []
        assert server.floods.violations == []
