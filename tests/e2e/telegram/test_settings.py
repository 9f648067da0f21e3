"""/settings: one message that changes in place."""

from __future__ import annotations

import pytest

from bot.domain.actors import Actor, Platform
from bot.domain.people import UserSettings
from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.people import Person, member, new_group, texts


async def settings_of(world: World, person: Person) -> UserSettings:
    """What is kept of somebody."""
    return await world.kit.application.preferences.of_user(Actor(Platform.TELEGRAM, str(person.user["id"])))


async def test_switches_turn_in_place_and_back_after_a_restart(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/settings")
        menu = await world.said(ada, "Language: ")
        for label, name in (("Private", "private"), ("Hidden", "spoiler"), ("Keep the tray", "keep_tray")):
            ada.press(menu, f"☐ {label}")
            await world.until(lambda label=label: f"☑ {label}" in str(texts(menu)))  # type: ignore[misc]
            assert getattr(await settings_of(world, ada), name) is True
    async with world.running():
        ada.press(menu, "☑ Private")
        await world.until(lambda: "☐ Private" in str(texts(menu)))
        assert "Your results are public." in shown(menu)
        assert await settings_of(world, ada) == UserSettings(spoiler=True, keep_tray=True)
    assert len(ada.seen()) == 1


async def test_language_and_shape_are_chosen_from_lists(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/settings")
        menu = await world.said(ada, "Language: ")
        ada.press(menu, "Shape …")
        await world.until(lambda: "16:9" in str(texts(menu)))
        ada.press(menu, "16:9")
        await world.until(lambda: "Shape where you name none: 16:9" in shown(menu))
        ada.press(menu, "Shape …")
        await world.until(lambda: "✓ 16:9" in str(texts(menu)))
        ada.press(menu, "Back")
        await world.until(lambda: "Shape …" in str(texts(menu)))
        ada.press(menu, "Language …")
        await world.until(lambda: "Deutsch" in str(texts(menu)))
        ada.press(menu, "Deutsch")
        await world.until(lambda: "Sprache: " in shown(menu))
        ada.write("/queue")
        await world.said(ada, "Niemand wartet")
        assert await settings_of(world, ada) == UserSettings(locale="de", aspect="16:9")
        ada.press(menu, "Sprache …")
        await world.until(lambda: "✓ Deutsch" in str(texts(menu)))
        ada.press_data(menu, "/settings language auto")
        await world.until(lambda: "Language: " in shown(menu))


async def test_they_can_be_typed_too(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/settings private on")
        await world.said(ada, "private: only you see them")
        ada.write("/settings aspect 3:2")
        await world.said(ada, "3:2")
        ada.write("/settings private")
        await world.until(lambda: texts(ada.last()) == [["on", "off"], ["Back"]])


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("colour", "“colour” is not one of language, private, spoiler, aspect, keep-tray."),
        ("private perhaps", "“perhaps” is not one of on, off."),
        ("language klingon", "“klingon” is not one of de, en."),
        ("aspect 5:1", "“5:1” is not one of 1:1, 4:3"),
    ],
)
async def test_what_there_is_not_is_said_and_changes_nothing(world: World, words: str, answer: str) -> None:
    ada = world.person()
    async with world.running():
        ada.write(f"/settings {words}")
        await world.said(ada, answer)
        assert await settings_of(world, ada) == UserSettings()


async def test_what_was_chosen_holds_for_the_next_request(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/settings aspect 16:9")
        await world.said(ada, "16:9")
        await world.drawn(ada, "a fox")
        [job] = await world.jobs(ada)
    assert (job.request.width, job.request.height) == (1360, 768)


async def test_groups_are_no_place_for_it(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    async with world.running():
        ada.write("/settings private on")
        await world.said(ada, "in private")
        assert await settings_of(world, ada) == UserSettings()
