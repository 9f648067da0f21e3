"""When something breaks, the picture comes all the same, once."""

from __future__ import annotations

from adapters.engine.fake import Play
from bot.ports.engine import EngineLost
from tests.contract.chats.chat import Chat
from tests.contract.chats.house import House


async def test_a_lost_engine_is_retried(house: House, chat: Chat) -> None:
    await house.up(Play(fail_at_step=2, failure=EngineLost()))
    await house.finished(await chat.ask("a fox"))
    assert len(house.engine.tasks) == 2
    assert chat.results_seen() == 1


async def test_a_restart_in_the_middle_ends_on_the_same_card(house: House, chat: Chat) -> None:
    await house.up(Play(hold_at_step=2))
    card = await chat.ask("a fox")
    await house.says(card, "step 2")
    await house.down()
    await house.up()
    await house.finished(card)
    assert chat.results_seen() == 1


async def test_a_result_the_platform_did_not_take_is_brought_once(house: House, chat: Chat) -> None:
    await house.up()
    chat.lose_next_result()
    await house.finished(await chat.ask("a fox"))
    await house.down()
    await house.up()
    await house.finished(await chat.ask("a hen"))
    assert chat.results_seen() == 2
