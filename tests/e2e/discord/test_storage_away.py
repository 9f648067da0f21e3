"""The database does not answer: every command says so in one sentence, and nothing hangs or is half done."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.actors import Actor, Platform
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.people import MEMBER, Permission
from tests.support.faulty_storage import Fault, FaultyStorage
from tests.support.pictures import png

BUSY = "This bot can not reach its memory for a moment. Nothing was lost or charged; please try again."


@pytest.fixture
async def away(stage: Stage) -> FaultyStorage:
    """Storage that a test sends away by filling its script."""
    await stage.down()
    storage = stage.storage = FaultyStorage()
    await stage.up()
    return storage


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("style save", {"name": "ink", "picture": png(32, 32)}),
        ("style list", {}),
        ("style use", {"name": "ink"}),
        ("tray show", {}),
        ("tray clear", {}),
        ("show", {"id": "abcdefghjkmn", "private": True}),
        ("history", {}),
        ("me", {}),
        ("link", {}),
        ("settings", {"private": True}),
        ("help", {}),
        ("privacy export", {}),
        ("privacy delete", {}),
        ("admin limits", {"max_count": 1}),
        ("admin channel list", {}),
    ],
)
async def test_a_command_says_so(stage: Stage, away: FaultyStorage, path: str, options: dict[str, Any]) -> None:
    manager = stage.world.add_person("Mo", permissions=MEMBER | Permission.MANAGE_GUILD)
    away.script.extend([Fault.AWAY] * 20)
    assert await stage.said(path, options, person=manager) == BUSY
    away.script.clear()
    assert await stage.said("style list", person=manager)


async def test_nothing_is_offered_while_typing(stage: Stage, away: FaultyStorage) -> None:
    for path, option in (("style use", "name"), ("show", "id"), ("cancel", "id"), ("link", "remove")):
        away.script.extend([Fault.AWAY] * 20)
        assert await stage.server.autocomplete(path, {option: ""}, focused=option) == []
        away.script.clear()


async def test_a_deletion_that_could_not_be_is_said_and_can_be_pressed_again(stage: Stage, away: FaultyStorage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    asked = await stage.answered(await stage.server.slash("privacy delete", {}))
    await stage.eventually(stage.all_is_told)
    away.script.extend([Fault.AWAY] * 20)
    pressed = await stage.server.press(asked, "Delete everything")
    await stage.world.until(lambda: [one.content for one in pressed.followups] == [BUSY], "a sentence beside it")
    away.script.clear()
    assert len(await stage.jobs()) == 1
    await stage.server.press(asked, "Delete everything")
    await stage.shows(asked, "Everything of yours is gone.")
    identities = stage.kit.application.linking.identities
    assert await identities(Actor(Platform.DISCORD, str(stage.server.ada.id))) == ()
