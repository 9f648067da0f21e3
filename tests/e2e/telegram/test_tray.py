"""/tray: what was picked for the next request."""

from __future__ import annotations

from bot.domain.actors import Actor, Platform
from bot.services.tray import TrayPlace
from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.people import Person, member, new_group, texts
from tests.support.pictures import png


async def put(world: World, person: Person, *places: TrayPlace) -> None:
    """Lay pictures into somebody's tray."""
    actor = Actor(Platform.TELEGRAM, str(person.user["id"]))
    for number, place in enumerate(places):
        await world.kit.application.tray.put(actor, png(colour=(30 * number, 0, 90)), place)


async def test_an_empty_tray_says_so_and_has_no_buttons(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/tray")
        told = await world.said(ada, "empty")
        assert texts(told) == []


async def test_one_picture_comes_as_a_photo_and_goes_with_a_button(world: World) -> None:
    ada = world.person()
    async with world.running():
        await put(world, ada, TrayPlace.SUBJECT)
        ada.write("/tray")
        await world.until(lambda: "photo" in ada.last())
        assert texts(ada.last()) == [["Empty the tray"]]
        ada.press(ada.last(), "Empty")
        await world.said(ada, "empty")
    assert world.stored_pictures == 0


async def test_several_come_as_an_album_and_each_can_be_taken_out_after_a_restart(world: World) -> None:
    ada = world.person()
    async with world.running():
        await put(world, ada, TrayPlace.SUBJECT, TrayPlace.STYLE, TrayPlace.STYLE)
        ada.write("/tray")
        await world.until(lambda: bool(texts(ada.last())))
    assert len(world.server.calls_of("sendMediaGroup")[0].values["media"]) == 3
    async with world.running():
        below = ada.last()
        assert texts(below) == [
            ["Take out: Subject"],
            ["Take out: First style"],
            ["Take out: Second style"],
            ["Empty the tray"],
        ]
        ada.press(below, "First style")
        await world.until(lambda: len(texts(below)) == 3)
        ada.press(below, "Empty")
        await world.until(lambda: "empty" in shown(below))
    assert world.stored_pictures == 0


async def test_wrong_words_say_which_there_are(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/tray fill")
        await world.said(ada, "“fill” is not one of clear, drop.")
        ada.write("/tray drop everything")
        await world.said(ada, "“everything” is not one of subject, style, style2.")


async def test_a_tray_is_not_shown_in_groups(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    async with world.running():
        await put(world, ada, TrayPlace.SUBJECT)
        ada.write("/tray")
        await world.said(ada, "in private")
    assert world.stored_pictures == 1
