"""/style: saved styles, one's own and the group's."""

from __future__ import annotations

import pytest

from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.people import Person, member, new_group, texts
from tests.support.pictures import png


def tinted(number: int) -> bytes:
    """A picture of its own."""
    return png(colour=(20 * number, 40, 40))


async def saved(world: World, ada: Person, *names: str) -> None:
    """Save styles, each from a picture of its own."""
    for number, name in enumerate(names):
        ada.show(tinted(number), f"/style save {name}")
        await world.said(ada, f"Saved “{name}”")


async def test_a_captioned_picture_is_saved_shown_used_and_deleted(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "Old ink")
        ada.write("/style show OLD ink")
        await world.until(lambda: "photo" in ada.last())
        card = ada.last()
        assert texts(card) == [["Use", "Delete …"]]
        ada.press(card, "Use")
        await world.said(ada, "“Old ink” lies in your tray")
        ada.write("/style delete old ink")
        await world.said(ada, "Deleted “Old ink”.")
        ada.write("/style show old ink")
        await world.said(ada, "We do not know that style")
        ada.write("/tray")
        await world.until(lambda: "photo" in ada.last())


async def test_an_answered_picture_an_album_and_the_tray_are_saved(world: World) -> None:
    ada = world.person()
    async with world.running():
        picture = world.server.memory.add(ada.chat, ada.user, photo=world.server.media.photo(png()))
        ada.write("/style save answered", reply_to=picture)
        await world.said(ada, "Saved “answered” with one picture")
        ada.send(*ada.album(tinted(1), tinted(2), caption="/style save both"))
        await world.said(ada, "Saved “both” with 2 pictures")
        ada.write("/style use both")
        await world.said(ada, "lies in your tray")
        ada.write("/style save from the tray")
        await world.said(ada, "Saved “from the tray” with 2 pictures")
        ada.send(*ada.album(tinted(1), tinted(2), tinted(3), caption="/style save three"))
        await world.said(ada, "at most 2 style pictures, not 3")


async def test_a_result_is_saved_as_it_was_made(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
        ada.write("/style save fox", reply_to=ada.last())
        await world.said(ada, "Saved “fox”")
        assert world.server.calls_of("getFile") == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/style save", "Under which name?"),
        ("/style save nothing", "A style card needs one or two pictures."),
        ("/style save @all", "without @"),
        ("/style use nothing", "We do not know that style"),
        ("/style delete nothing", "We do not know that style"),
        ("/style share ink", "do it there"),
        ("/style share", "do it there"),
        ("/style", "No styles yet."),
        ("/style list", "No styles yet."),
    ],
)
async def test_what_does_not_work_is_said_in_a_sentence(world: World, words: str, answer: str) -> None:
    ada = world.person()
    async with world.running():
        ada.write(words)
        await world.said(ada, answer)
    assert world.stored_pictures == 0


async def test_a_name_that_is_taken_is_not_overwritten(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "ink")
        ada.show(tinted(9), "/style save INK")
        await world.said(ada, "There is a style of that name already")
    assert world.stored_pictures == 1


async def test_where_the_name_is_missing_buttons_offer_it_page_by_page_after_a_restart_too(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, *(f"style {letter}" for letter in "abcdefghi"))
        ada.write("/style use")
        await world.said(ada, "Which style?")
    async with world.running():
        page = ada.last()
        assert texts(page)[-1] == ["Next"]
        ada.press(page, "Next")
        await world.until(lambda: texts(page) == [["style i"], ["Back"]])
        ada.press(page, "Back")
        await world.until(lambda: ["style a", "style b"] in texts(page))
        ada.press(page, "style b")
        await world.said(ada, "“style b” lies in your tray")


async def test_a_list_opens_styles_and_deleting_is_asked_first(world: World) -> None:
    ada = world.person()
    async with world.running():
        await saved(world, ada, "ink", "ein sehr langer Name mit Umlauten äöü")
        ada.write("/style list")
        listed = await world.said(ada, "ink")
        ada.press(listed, "ein sehr langer")
        await world.until(lambda: "photo" in ada.last())
        ada.press(ada.last(), "Delete …")
        question = await world.said(ada, "for good?")
        ada.press(question, "Delete for good")
        await world.until(lambda: shown(question) == "Deleted “ein sehr langer Name mit Umlauten äöü”.")
        ada.press(listed, "ein sehr langer")
        await world.said(ada, "We do not know that style")


async def test_a_group_sees_what_was_shared_and_nothing_else(world: World) -> None:
    group = new_group(world.server)
    ada, jo = world.person("Ada"), member(world.person("Jo"), group)
    there = member(ada, group)
    async with world.running():
        await saved(world, ada, "ink", "secret")
        there.write("/style share")
        await world.said(there, "/style share and its name")
        there.write("/style share ink")
        await world.said(there, "can use “ink” now")
        there.write("/style list")
        await world.until(lambda: texts(there.last()) == [["ink"]])
        jo.write("/style use ink")
        await world.said(jo, "“ink” lies in your tray")
        jo.write("/style delete ink")
        await world.said(jo, "Only the person who saved that style")
        jo.write("/style show secret")
        await world.said(jo, "We do not know that style")


async def test_who_looks_after_a_group_may_clear_its_shelf(world: World) -> None:
    group = new_group(world.server)
    ada, jo = world.person("Ada"), member(world.person("Jo"), group, status="administrator")
    there = member(ada, group)
    async with world.running():
        await saved(world, ada, "ink")
        there.write("/style share ink")
        await world.said(there, "can use “ink” now")
        jo.write("/style delete ink")
        await world.said(jo, "Deleted “ink”.")


async def test_style_and_a_prompt_still_draw(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(png(), "/style a fox")
        await world.until(lambda: "photo" in ada.last())
    assert world.engine.tasks[0].prompt == "a fox"
    assert len(world.engine.tasks[0].styles) == 1


async def test_a_german_saves_in_german(world: World) -> None:
    jo = world.person("Jo", language="de")
    async with world.running():
        jo.show(png(), "/style save Tusche")
        await world.said(jo, "„Tusche“")
        jo.write("/style use")
        await world.said(jo, "Welcher Stil?")
