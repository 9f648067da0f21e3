"""What is kept of a result, and used again."""

from __future__ import annotations

import pytest

from bot.domain.actors import Actor
from bot.domain.jobs import LineageKind
from tests.contract.chats.chat import Button, Chat
from tests.contract.chats.house import House


async def test_info_tells_what_repeats_a_result(house: House, chat: Chat) -> None:
    await house.up()
    first = await house.finished(await chat.ask("a fox in the snow"))
    [job] = await house.jobs(Actor(chat.platform, chat.name))
    told = await house.says(await chat.press(first, Button.INFO), f"{job.id}-1")
    assert str(job.pictures[0].seed) in told.text
    assert "a fox in the snow" in told.text
    assert chat.results_seen() == 1


async def test_a_recipe_is_repeated_by_its_id_after_a_restart(house: House, chat: Chat) -> None:
    await house.up()
    await house.finished(await chat.ask("a fox"))
    person = Actor(chat.platform, chat.name)
    [first] = await house.jobs(person)
    await house.down()
    await house.up()
    await house.finished(await chat.command("repeat", f"{first.id}-1"))
    again, _ = await house.jobs(person)
    assert again.request == first.request
    assert again.lineage is not None
    assert again.lineage.kind is LineageKind.REPEAT


@pytest.mark.parametrize("button", [Button.AS_SUBJECT, Button.AS_STYLE])
async def test_a_result_serves_the_next_request(house: House, chat: Chat, button: Button) -> None:
    await house.up()
    first = await house.finished(await chat.ask("a fox"))
    laid = await chat.press(first, button)
    await house.until(lambda: bool(laid.text))
    await house.finished(await chat.ask("a house"))
    await house.finished(await chat.ask("a boat"))
    assert [(task.subject is not None, len(task.styles)) for task in house.engine.tasks] == [
        (False, 0),
        (button is Button.AS_SUBJECT, int(button is Button.AS_STYLE)),
        (False, 0),
    ]
