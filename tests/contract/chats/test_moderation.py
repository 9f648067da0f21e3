"""Pictures that must not be shown, on both chats."""

from __future__ import annotations

from tests.contract.chats.chat import Button, Chat
from tests.contract.chats.house import House
from tests.support.image_check import Turns
from tests.support.pictures import png


async def test_a_withheld_result_is_explained_and_nothing_of_it_is_seen(house: House, chat: Chat) -> None:
    await house.up(image_check=Turns(*range(100)))
    card = await house.says(await chat.ask("a fox"), "was withheld")
    assert not card.pictures
    assert chat.results_seen() == 0
    assert Button.UPSCALE not in card.buttons


async def test_a_flagged_upload_is_refused_in_a_sentence_and_makes_no_job(house: House, chat: Chat) -> None:
    await house.up(image_check=Turns(*range(100)))
    await house.says(await chat.ask("a fox", subject=png(64, 64)), "This picture is not suited for this bot.")
    assert house.engine.tasks == []


async def test_what_passes_the_check_comes_as_always(house: House, chat: Chat) -> None:
    await house.up(image_check=Turns())
    await house.finished(await chat.ask("a fox", subject=png(64, 64)))
    assert chat.results_seen() == 1
