"""/start and /help."""

from __future__ import annotations

import pytest

from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.people import member, new_group


@pytest.mark.parametrize(
    ("language", "words", "answer"),
    [("en", "/start", "Send me a few words"), ("en", "/help", "--seed 7"), ("de", "/help", "Album aus zwei oder drei")],
)
async def test_they_explain_in_both_languages(world: World, language: str, words: str, answer: str) -> None:
    ada = world.person(language=language)
    async with world.running():
        ada.write(words)
        told = await world.said(ada, answer)
        assert ("/admin" in shown(told)) is False


async def test_help_names_the_commands_and_administration_to_those_who_may(world: World) -> None:
    group = new_group(world.server)
    ada, jo = member(world.person("Ada"), group), member(world.person("Jo"), group, status="creator")
    async with world.running():
        ada.write("/help")
        told = await world.said(ada, "/restyle")
        assert "/admin" not in shown(told)
        jo.write("/help")
        await world.said(jo, "/admin")
    async with world.running(operators=[ada]):
        member(ada, ada.chat).write("/help")
        await world.said(ada, "For you who run this bot")
