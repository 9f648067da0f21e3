"""Inline mode over one's own history."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.actors import Actor, Platform
from bot.domain.people import UserSettings
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import Person, member, new_group


async def asked(world: World, person: Person, words: str = "", offset: str = "") -> dict[str, Any]:
    """What the bot offers."""
    query = person.ask_inline(words, offset)
    await world.until(lambda: person.offered(query) is not None)
    offered = person.offered(query)
    assert offered is not None
    return offered


def ids(offered: dict[str, Any]) -> list[str]:
    """The ids of the results."""
    return [result["id"] for result in offered["results"]]


async def test_ones_own_pictures_are_found_by_words_newest_first_and_sent(world: World) -> None:
    ada = world.person()
    async with world.running():
        fox = await world.drawn(ada, "a red fox")
        hens = await world.drawn(ada, "two red hens --n 2")
        everything = await asked(world, ada)
        assert ids(everything) == [f"{hens}-1", f"{hens}-2", f"{fox}-1"]
        assert everything["is_personal"] is True
        assert everything["cache_time"] <= 10
        assert "button" not in everything
        query = ada.ask_inline("RED fox")
        await world.until(lambda: ada.offered(query) is not None)
        assert ids(ada.offered(query) or {}) == [f"{fox}-1"]
        sent = member(ada, new_group(world.server)).choose(query)
        assert "photo" in sent


async def test_it_works_after_a_restart_and_uploads_nothing(world: World) -> None:
    ada = world.person()
    async with world.running():
        fox = await world.drawn(ada, "a fox")
    uploads = len([call for call in world.server.calls if call.uploads])
    async with world.running():
        assert ids(await asked(world, ada, "fox")) == [f"{fox}-1"]
    assert len([call for call in world.server.calls if call.uploads]) == uploads


async def test_pages_follow_one_another(world: World) -> None:
    ada = world.person()
    async with world.running():
        jobs = [await world.drawn(ada, f"fox {number}") for number in range(14)]
        first = await asked(world, ada, "fox")
        assert ids(first) == [f"{job}-1" for job in reversed(jobs[2:])]
        second = await asked(world, ada, "fox", first["next_offset"])
        assert ids(second) == [f"{job}-1" for job in reversed(jobs[:2])]
        assert not second.get("next_offset")


@pytest.mark.parametrize("offset", ["nonsense", "²", "9" * 40, "-1"])
async def test_an_offset_that_is_not_ours_is_the_first_page(world: World, offset: str) -> None:
    ada = world.person()
    async with world.running():
        fox = await world.drawn(ada, "a fox")
        assert ids(await asked(world, ada, "", offset)) == [f"{fox}-1"]


async def test_nobody_finds_what_is_not_theirs(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo", language="de")
    async with world.running():
        await world.drawn(ada, "a fox")
        offered = await asked(world, jo)
        assert offered["results"] == []
        assert offered["button"] == {"text": "Noch nichts da: zeichne dein erstes Bild", "start_parameter": "inline"}
        offered = await asked(world, ada, "whale")
        assert offered["results"] == []
        assert offered["button"]["text"] == "Not found: draw it"
        jo.write("/start inline")
        await world.said(jo, "Hallo!")


async def test_what_is_private_is_offered_to_its_owner_and_what_was_deleted_to_nobody(world: World) -> None:
    ada = world.person()
    actor = Actor(Platform.TELEGRAM, str(ada.user["id"]))
    async with world.running():
        await world.kit.application.preferences.change_user(actor, lambda _: UserSettings(private=True))
        kept, gone = await world.drawn(ada, "a fox"), await world.drawn(ada, "a hen")
        await world.kit.application.history.delete(actor, gone)
        assert ids(await asked(world, ada)) == [f"{kept}-1"]


async def test_another_bot_on_the_same_database_offers_none_of_them(world: World) -> None:
    ada = world.person()
    async with world.running():
        await world.drawn(ada, "a fox")
        actor = Actor(Platform.TELEGRAM, str(ada.user["id"]))
        assert (await world.kit.application.copies.find(actor, "telegram:7")).copies == ()


async def test_a_query_from_while_the_bot_was_down_harms_nothing(world: World) -> None:
    ada = world.person()
    async with world.running():
        fox = await world.drawn(ada, "a fox")
    ada.ask_inline("fox")
    world.timer.advance(3600)
    async with world.running():
        await world.settled()
        assert ids(await asked(world, ada)) == [f"{fox}-1"]
