"""The same stories on both chats."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.chats.chat import Chat
from tests.contract.chats.house import House
from tests.contract.chats.on_discord import OnDiscord
from tests.contract.chats.on_telegram import OnTelegram
from tests.servers.discord.server import discord_server
from tests.servers.telegram.hand_timer import HandTimer
from tests.servers.telegram.server import BotApiServer


@pytest.fixture
async def on_discord(tmp_path: Path) -> AsyncIterator[OnDiscord]:
    """Ada on Discord; a broken rule of Discord's fails the test."""
    async with discord_server() as server:
        yield OnDiscord(server, tmp_path)


@pytest.fixture
async def on_telegram() -> AsyncIterator[OnTelegram]:
    """Ada on Telegram; a broken rule of Telegram's fails the test."""
    timer = HandTimer()
    async with BotApiServer(timer.monotonic) as server:
        yield OnTelegram(server, timer)
        assert server.wrong == []
        assert server.floods.violations == []


@pytest.fixture(params=["discord", "telegram"])
def chat(request: pytest.FixtureRequest) -> Chat:
    """Each of them in turn."""
    found: Chat = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.fixture
async def house(chat: Chat) -> AsyncIterator[House]:
    """A bot in that chat; the test starts it."""
    house = House(chat)
    yield house
    await house.down()


@pytest.fixture
async def house_of_both(on_discord: OnDiscord, on_telegram: OnTelegram) -> AsyncIterator[House]:
    """One bot in both."""
    house = House(on_discord, on_telegram)
    yield house
    await house.down()
