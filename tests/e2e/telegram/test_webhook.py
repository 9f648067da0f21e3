"""Webhook mode: what Telegram brings is handled like what we ask for, once, and by nobody but Telegram."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.telegram.errors import TelegramWebhookRefused
from adapters.telegram.settings import TelegramSettings, WebhookSettings
from adapters.telegram.webhook import MAX_BODY_BYTES, SECRET_HEADER
from tests.e2e.telegram.world import World, make_world
from tests.servers.telegram.people import Person
from tests.servers.telegram.server import TOKEN
from tests.support.pictures import png

SECRET = "only-telegram-knows"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
async def hooked(tmp_path: Path) -> AsyncIterator[World]:
    """A world whose bot is brought its updates."""
    async with make_world() as world:
        port = free_port()
        world.state_folder = tmp_path
        world.webhook = WebhookSettings(f"http://127.0.0.1:{port}/telegram", port=port, secret=SECRET)
        yield world


async def bring(world: World, body: bytes | dict[str, Any], secret: str | None = SECRET) -> int:
    """Post something to the webhook as anybody could; returns the status."""
    assert world.webhook is not None
    headers = {} if secret is None else {SECRET_HEADER: secret}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with aiohttp.ClientSession() as client, client.post(world.webhook.url, data=data, headers=headers) as answer:
        return answer.status


def update_of(ada: Person, number: int, text: str) -> dict[str, Any]:
    message = ada.server.memory.add(ada.chat, ada.user, text=text)
    return {"update_id": number, "message": message}


def kept_in(folder: Path, words: str) -> list[int]:
    """The modes of the files that hold exactly these words."""
    files = [file for file in folder.iterdir() if file.is_file() and file.read_text() == words]
    return [stat.S_IMODE(file.stat().st_mode) for file in files]


def waiting_in(folder: Path | None) -> list[Path]:
    """What the inbox holds."""
    assert folder is not None
    return list(folder.rglob("*.json"))


async def has_picture(world: World, ada: Person, count: int = 1) -> None:
    await world.until(lambda: len(ada.seen()) == count and "photo" in ada.last())


async def test_a_conversation_by_webhook(hooked: World) -> None:
    ada, jo = hooked.person("Ada"), hooked.person("Jo")
    async with hooked.running():
        ada.write("a fox --seed 7")
        first, second = jo.album(png(), png(colour=(0, 0, 9)), caption="a hen")
        jo.send(second, first)
        await has_picture(hooked, ada)
        await has_picture(hooked, jo)
        ada.press(ada.last(), "Re-roll")
        await has_picture(hooked, ada, 2)
        await hooked.settled()
        [job] = await hooked.jobs(jo)
    assert len(job.request.styles) == 1, "the album is one request"
    assert hooked.server.polls == 0
    assert set(hooked.server.webhook.answers) == {200}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ü"])
async def test_whoever_does_not_know_the_secret_is_refused(hooked: World, secret: str | None) -> None:
    ada = hooked.person()
    async with hooked.running():
        assert await bring(hooked, update_of(ada, 7, "a fox"), secret) == 403
        assert await bring(hooked, b"{", secret) == 403
        ada.write("/help")
        await hooked.until(lambda: bool(ada.seen()))
        await hooked.settled()
        assert await hooked.jobs(ada) == ()
    assert len(ada.seen()) == 1
    assert waiting_in(hooked.state_folder) == []


async def test_what_is_no_update_is_refused(hooked: World) -> None:
    async with hooked.running():
        for body in (b"", b"{", b"[]", b"7", b'{"update_id": "x"}', b'{"update_id": true}', b'{"message": {}}'):
            assert await bring(hooked, body) == 400
        assert await bring(hooked, b'{"x": "' + b"x" * MAX_BODY_BYTES + b'"}') == 413
        assert hooked.webhook is not None
        async with aiohttp.ClientSession() as client, client.get(hooked.webhook.url) as answer:
            assert answer.status == 405


async def test_an_update_the_library_can_not_read_does_not_hold_up_the_rest(hooked: World) -> None:
    ada = hooked.person()
    async with hooked.running():
        assert await bring(hooked, {"update_id": 7, "message": {"message_id": "?"}}) == 200
        ada.write("a fox")
        await has_picture(hooked, ada)


async def test_the_same_update_twice_makes_one_job(hooked: World) -> None:
    ada = hooked.person()
    update = update_of(ada, 7, "a fox")
    async with hooked.running():
        answers = await asyncio.gather(*(bring(hooked, update) for _ in range(5)))
        await has_picture(hooked, ada)
        assert await bring(hooked, update) == 200
    async with hooked.running():
        assert await bring(hooked, update) == 200
        await hooked.until(lambda: bool(hooked.server.calls_of("deleteMessage")))
        assert len(await hooked.jobs(ada)) == 1
    assert answers == [200] * 5
    assert len(ada.seen()) == 1, "the second card was taken back"


async def test_an_update_in_work_at_the_end_is_taken_up_at_the_next_start(hooked: World) -> None:
    ada = hooked.person()
    hooked.server.gates["getFile"] = asyncio.Event()
    async with hooked.running():
        ada.show(png(), "on a beach")
        await hooked.settled()
        await hooked.until(lambda: hooked.server.held == ["getFile"])
        hooked.timer.advance(5)
    assert ada.seen() == [], "the card is taken back"
    hooked.server.gates.pop("getFile").set()
    async with hooked.running():
        await has_picture(hooked, ada)
        assert len(await hooked.jobs(ada)) == 1
    async with hooked.running():
        assert len(await hooked.jobs(ada)) == 1
    assert len(ada.seen()) == 1


async def test_what_comes_while_the_bot_is_down_waits(hooked: World) -> None:
    ada, jo = hooked.person("Ada"), hooked.person("Jo")
    async with hooked.running():
        ada.write("a fox")
        await has_picture(hooked, ada)
    jo.send(*jo.album(png(), png(), caption="a hen"))
    async with hooked.running():
        await has_picture(hooked, jo)
        assert len(await hooked.jobs(ada)) == len(await hooked.jobs(jo)) == 1


async def test_between_polling_and_webhook_nothing_is_lost(hooked: World) -> None:
    ada = hooked.person()
    webhook = hooked.webhook
    for number, mode in enumerate((None, webhook, None, webhook), start=1):
        ada.write("a fox")
        hooked.webhook = mode
        async with hooked.running():
            await has_picture(hooked, ada, number)
            assert len(await hooked.jobs(ada)) == number


async def test_what_the_webhook_left_is_taken_up_by_polling(hooked: World) -> None:
    ada = hooked.person()
    hooked.server.gates["getFile"] = asyncio.Event()
    async with hooked.running():
        ada.show(png(), "on a beach")
        await hooked.settled()
        await hooked.until(lambda: hooked.server.held == ["getFile"])
        hooked.timer.advance(5)
    hooked.server.gates.pop("getFile").set()
    hooked.webhook = None
    async with hooked.running():
        await has_picture(hooked, ada)
        assert len(await hooked.jobs(ada)) == 1


async def test_a_secret_of_our_own_is_made_once_and_for_our_eyes(hooked: World, tmp_path: Path) -> None:
    assert hooked.webhook is not None
    hooked.webhook = WebhookSettings(hooked.webhook.url, port=hooked.webhook.port)
    ada = hooked.person()
    secrets = []
    for count in (1, 2):
        async with hooked.running():
            ada.write("a fox")
            await has_picture(hooked, ada, count)
        secrets.append(hooked.server.calls_of("setWebhook")[-1].values["secret_token"])
    assert secrets[0] == secrets[1]
    assert len(secrets[0]) >= 32
    assert kept_in(tmp_path, secrets[0]) == [0o600]


@pytest.mark.parametrize(("url", "secret"), [("http://bot.example.org/telegram", SECRET), (None, "not allowed!")])
async def test_a_webhook_that_telegram_refuses_is_named(hooked: World, url: str | None, secret: str) -> None:
    assert hooked.webhook is not None
    hooked.webhook = WebhookSettings(url or hooked.webhook.url, port=hooked.webhook.port, secret=secret)
    with pytest.raises(TelegramWebhookRefused, match=r"webhook_url in config\.toml"):
        async with hooked.running():
            pass
    with pytest.raises(aiohttp.ClientConnectorError):
        await bring(hooked, b"{}")


def test_a_webhook_needs_a_place_for_its_inbox() -> None:
    with pytest.raises(ValueError, match="state folder"):
        TelegramSettings(TOKEN, webhook=WebhookSettings("https://bot.example.org"))
