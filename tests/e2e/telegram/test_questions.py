"""Pictures without words: what each is for is asked, and lies in the tray until the words come."""

from __future__ import annotations

from tests.e2e.telegram.test_requests import BLUE, GREEN, RED, corner
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import Person, member, new_group, texts

DAY_S = 24 * 3600.0


async def asked(world: World, person: Person, picture: bytes = RED) -> None:
    """Send a picture alone, and wait for the question."""
    person.show(picture)
    await world.until(lambda: texts(person.last()) == [["Subject", "Style", "Both"]])


async def test_a_picture_alone_is_asked_about_and_the_next_words_use_it(world: World) -> None:
    ada = world.person()
    async with world.running():
        await asked(world, ada)
        ada.press(ada.last(), "Subject")
        await world.until(lambda: "Now write what to draw." in ada.last()["text"])
        assert texts(ada.last()) == []
        ada.write("on a beach")
        await world.until(lambda: "photo" in ada.last())
        ada.write("a house")
        await world.until(lambda: len(ada.seen()) == 3 and "photo" in ada.last())

    beach, house = world.engine.tasks
    assert (beach.prompt, corner(beach.subject), beach.styles) == ("on a beach", (200, 0, 0), ())
    assert house.subject is None, "the tray was emptied"


async def test_style_and_both(world: World) -> None:
    ada = world.person()
    async with world.running():
        await asked(world, ada, BLUE)
        ada.press(ada.last(), "Style")
        await world.until(lambda: "Now write" in ada.last()["text"])
        ada.show(RED, "on a beach")
        await world.until(lambda: "photo" in ada.last())
        await asked(world, ada, GREEN)
        ada.press(ada.last(), "Both")
        await world.until(lambda: "Now write" in ada.last()["text"])
        ada.press(ada.last(), "Draw now, keep the layout")
        await world.until(lambda: "photo" in ada.last())

    beach, both = world.engine.tasks
    assert corner(beach.subject) == (200, 0, 0)
    assert [corner(style) for style in beach.styles] == [(0, 0, 200)]
    assert corner(both.subject) == corner(both.styles[0]) == (0, 200, 0)
    assert both.prompt == ""


async def test_a_question_is_answered_after_a_restart_and_a_day(world: World) -> None:
    ada = world.person()
    async with world.running():
        await asked(world, ada, GREEN)
    world.timer.advance(DAY_S)
    async with world.running():
        ada.press(ada.last(), "Subject")
        await world.until(lambda: "Now write" in ada.last()["text"])
    async with world.running():
        ada.write("in a garden")
        await world.until(lambda: "photo" in ada.last())
    assert corner(world.engine.tasks[-1].subject) == (0, 200, 0)


async def test_a_question_whose_picture_is_gone_says_so(world: World) -> None:
    ada = world.person()
    async with world.running():
        picture = ada.show(RED)
        await world.until(lambda: texts(ada.last()) == [["Subject", "Style", "Both"]])
        question = ada.last()
        del ada.chat.messages[picture["message_id"]]
        question.pop("reply_to_message")
        ada.press(question, "Style")
        await world.until(lambda: "The picture of this question is gone." in ada.last()["text"])
        await asked(world, ada)
        world.timer.advance(3 * DAY_S)
        ada.press(ada.last(), "Style")
        await world.until(lambda: "is gone" in ada.last()["text"])


async def test_words_that_answer_the_question_are_not_lost_on_a_misunderstanding(world: World) -> None:
    ada = world.person()
    async with world.running():
        await asked(world, ada)
        ada.write("on a beach", reply_to=ada.last())
        await world.until(lambda: ada.last()["text"].startswith("Please press one of the buttons first"))
    assert await world.jobs(ada) == ()


async def test_words_that_answer_a_picture_are_its_caption(world: World) -> None:
    ada = world.person()
    async with world.running():
        picture = ada.show(RED)
        await world.until(lambda: bool(ada.seen()))
        ada.write("on a beach", reply_to=picture)
        await world.until(lambda: "photo" in ada.last())
    assert corner(world.engine.tasks[0].subject) == (200, 0, 0)


async def test_a_broken_picture_is_refused_when_it_is_laid_down(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.attach(b"no picture")
        await world.until(lambda: bool(texts(ada.last())))
        ada.press(ada.last(), "Both")
        await world.until(lambda: "not a picture we can read" in ada.last()["text"])


async def test_an_unmoving_sticker_is_a_picture(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.sticker("static", BLUE)
        await world.until(lambda: bool(texts(ada.last())))
        ada.press(ada.last(), "Style")
        await world.until(lambda: "Now write" in ada.last()["text"])
        ada.write("a tower")
        await world.until(lambda: "photo" in ada.last())
    assert [corner(style) for style in world.engine.tasks[0].styles] == [(0, 0, 200)]


async def test_an_album_alone_is_asked_about_swapped_and_drawn(world: World) -> None:
    ada = world.person()
    first, second, third = ada.album(RED, GREEN, BLUE)
    async with world.running():
        ada.send(third, first, second)
        await world.until(lambda: "Now write what to draw." in ada.last().get("text", ""))
        assert texts(ada.last()) == [["Draw now, keep the layout"], ["Swap subject and style"]]
        assert len(ada.seen()) == 1
    async with world.running():
        question = ada.last()
        ada.press(question, "Swap")
        await world.settled()
        await world.until(lambda: world.server.has_given_all)
        ada.press(question, "Draw now")
        await world.until(lambda: "photo" in ada.last())
        caption = ada.last()["caption"]
        world.timer.advance(3)
        ada.press(question, "Draw now")
        await world.until(lambda: ada.last().get("text", "").startswith("Please write a prompt"))

    [task] = world.engine.tasks
    assert corner(task.subject) == (0, 200, 0)
    assert [corner(style) for style in task.styles] == [(200, 0, 0), (0, 0, 200)]
    assert caption.startswith("Subject + 2 styles, layout kept · ")


async def test_words_after_an_album_are_its_prompt(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.send(*ada.album(RED, BLUE))
        await world.until(lambda: "Now write" in ada.last().get("text", ""))
        ada.write("dancing")
        await world.until(lambda: "photo" in ada.last())
    [task] = world.engine.tasks
    assert (task.prompt, corner(task.subject)) == ("dancing", (200, 0, 0))
    assert [corner(style) for style in task.styles] == [(0, 0, 200)]


async def test_an_album_alone_of_four_is_one_too_many(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.send(*ada.album(RED, GREEN, BLUE, RED))
        await world.until(lambda: ada.last().get("text") == "Please send at most 2 style pictures, not 3.")
    assert world.server.calls_of("getFile") == []


async def test_groups_are_not_asked(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    async with world.running():
        ada.show(RED)
        ada.send(*ada.album(RED, BLUE))
        await world.settled()
        assert ada.seen() == []
        ada.write("/imagine a fox")
        await world.until(lambda: "photo" in ada.last())
        ada.show(RED, reply_to=ada.last())
        await world.until(lambda: "again with a caption" in ada.last().get("text", ""))
