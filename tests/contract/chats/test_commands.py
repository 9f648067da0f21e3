"""Commands that are answered with words, the same on both chats."""

from __future__ import annotations

import pytest

from adapters.engine.fake import Play
from tests.contract.chats.chat import Chat
from tests.contract.chats.house import House


@pytest.mark.parametrize(("command", "words"), [("me", "tier"), ("help", "/imagine"), ("queue", "Nobody is waiting")])
async def test_a_command_is_answered_with_words(house: House, chat: Chat, command: str, words: str) -> None:
    await house.up()
    await house.says(await chat.command(command), words)
    assert chat.results_seen() == 0


async def test_the_history_and_the_queue_tell_of_ones_own(house: House, chat: Chat) -> None:
    await house.up(Play(), Play(hold_at_step=1))
    await house.finished(await chat.ask("a fox in the snow"))
    running = await chat.ask("a hen")
    await house.says(running, "step 1")
    waiting = await chat.ask("a cow")
    await house.says(waiting, "You are next")
    await house.says(await chat.command("queue"), "One request is waiting")
    history = await chat.command("history")
    await house.until(lambda: all(prompt in history.text for prompt in ("a fox in the snow", "a hen", "a cow")))
    house.engine.release()
    await house.finished(waiting)
