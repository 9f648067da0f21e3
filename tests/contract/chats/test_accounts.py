"""Credits, and one account on both chats."""

from __future__ import annotations

import re

from adapters.engine.fake import Play
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.ports.engine import EngineFailed
from tests.contract.chats.chat import Chat
from tests.contract.chats.house import House
from tests.contract.chats.on_discord import OnDiscord

ONE_A_DAY = Tiers((Tier("free", CREDIT),), default="free", page="free")


async def test_used_up_credits_are_told_and_come_back_the_next_day(house: House, chat: Chat) -> None:
    await house.up(tiers=ONE_A_DAY)
    await house.finished(await chat.ask("a fox"))
    refused = await chat.ask("a hen")
    await house.says(refused, "credit")
    assert not refused.pictures
    house.kit.clock.advance(24 * 3600)
    await house.finished(await chat.ask("a cow"))


async def test_what_failed_costs_nothing(house: House, chat: Chat) -> None:
    await house.up(Play(fail_at_step=2, failure=EngineFailed("broken")), tiers=ONE_A_DAY)
    failed = await chat.ask("a fox")
    await house.says(failed, "back")
    await house.finished(await chat.ask("a hen"))


async def test_a_code_makes_one_account_of_both(house_of_both: House) -> None:
    house = house_of_both
    discord, telegram = house.chats
    await house.up()
    await house.finished(await discord.ask("a fox"))
    await house.finished(await telegram.ask("a hen"))
    issued = await telegram.command("link")
    await house.says(issued, "/link ")
    code = re.search(r"/link (\S+)", issued.text)
    assert code is not None
    await house.says(await discord.command("link", code[1]), "Linked: ")
    for chat in house.chats:
        history = await chat.command("history")
        await house.until(lambda history=history: "a fox" in history.text and "a hen" in history.text)  # type: ignore[misc]


async def test_a_private_result_is_for_oneself(on_discord: OnDiscord) -> None:
    """On Telegram the chat itself is private."""
    house = House(on_discord)
    await house.up()
    try:
        await house.finished(await on_discord.ask("a secret fox", private=True))
        assert on_discord.seen_by_all() == ""
    finally:
        await house.down()
