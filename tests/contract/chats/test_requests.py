"""From the request to the picture, and on from there."""

from __future__ import annotations

import pytest

from adapters.engine.fake import Play
from bot.domain.actors import Actor
from tests.contract.chats.chat import Button, Chat
from tests.contract.chats.house import House
from tests.support.pictures import png

RED, BLUE = png(colour=(200, 0, 0)), png(colour=(0, 0, 200))


async def test_words_become_a_picture_with_buttons(house: House, chat: Chat) -> None:
    await house.up()
    done = await house.finished(await chat.ask("a fox in the snow"))
    assert len(done.pictures) == 1
    assert "Text only" in done.text
    assert done.buttons == set(Button) - {Button.CANCEL}
    assert chat.results_seen() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((RED, None), "Subject"),
        ((None, BLUE), "1 style"),
        ((RED, BLUE), "Subject + 1 style"),
    ],
)
async def test_subject_and_style_are_understood_and_told(
    house: House, chat: Chat, given: tuple[bytes | None, bytes | None], words: str
) -> None:
    subject, style = given
    await house.up()
    done = await house.finished(await chat.ask("a house", subject=subject, style=style))
    assert words.lower() in done.text.lower()
    [task] = house.engine.tasks
    assert (task.subject is not None, len(task.styles)) == (subject is not None, int(style is not None))


async def test_what_is_no_picture_gets_one_sentence_and_leaves_nothing(house: House, chat: Chat) -> None:
    await house.up()
    told = await chat.ask("a house", subject=b"this is no picture")
    await house.until(lambda: told.text.endswith("."))
    assert "\n" not in told.text
    assert await house.jobs(Actor(chat.platform, chat.name)) == ()
    assert chat.results_seen() == 0


async def test_cancel_while_it_draws(house: House, chat: Chat) -> None:
    await house.up(Play(hold_at_step=2))
    card = await chat.ask("a fox")
    await house.until(lambda: "step 2" in card.text and Button.CANCEL in card.buttons)
    await chat.press(card, Button.CANCEL)
    await house.says(card, "ancelled")
    assert not card.pictures
    assert Button.CANCEL not in card.buttons


@pytest.mark.parametrize("button", [Button.REROLL, Button.VARY_SUBTLE, Button.VARY_STRONG, Button.UPSCALE])
async def test_buttons_work_after_a_restart(house: House, chat: Chat, button: Button) -> None:
    await house.up()
    first = await house.finished(await chat.ask("a fox"))
    await house.down()
    await house.up()
    again = await house.finished(await chat.press(first, button))
    assert len(again.pictures) == 1
    assert again.pictures != first.pictures
    assert chat.results_seen() == 2


async def test_who_waits_is_told_their_place(house: House, chat: Chat) -> None:
    await house.up(Play(hold_at_step=1))
    first = await chat.ask("a fox")
    await house.says(first, "step 1")
    second, third = await chat.ask("a hen"), await chat.ask("a cow")
    await house.says(second, "You are next")
    await house.says(third, "Place 2")
    house.engine.release()
    for card in (first, second, third):
        await house.finished(card)
