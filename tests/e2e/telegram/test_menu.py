"""The commands in Telegram's menu."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.telegram.world import World
from tests.servers.telegram.chats import Json
from tests.servers.telegram.server import BOT

PRIVATE, GROUPS, ADMINISTRATORS = "all_private_chats", "all_group_chats", "all_chat_administrators"


def _lists(world: World, scope: str) -> dict[str, list[Json]]:
    return world.server.methods.asking.commands_in({"type": scope})


def _names(world: World, scope: str, language: str = "") -> list[str]:
    return [command["command"] for command in _lists(world, scope)[language]]


async def test_each_kind_of_chat_has_its_list_in_both_languages(world: World) -> None:
    async with world.running():
        for scope in (PRIVATE, GROUPS, ADMINISTRATORS):
            assert set(_lists(world, scope)) == {"", "de"}
        assert world.server.methods.commands == {}
        assert _names(world, PRIVATE) == [
            *("imagine", "restyle", "sweep", "grid", "upscale", "style", "show", "repeat", "info", "queue", "cancel"),
            *("tray", "history", "me", "settings", "link", "privacy", "help"),
        ]
        assert "me" not in _names(world, GROUPS)
        assert set(_names(world, ADMINISTRATORS)) - set(_names(world, GROUPS)) == {"admin"}
        assert _names(world, PRIVATE, "de") == _names(world, PRIVATE)
        told = {command["command"]: command["description"] for command in _lists(world, PRIVATE)["de"]}
    assert told["imagine"] == "Ein Bild zeichnen: /imagine ein Fuchs im Schnee"
    assert told["me"] == "Dein Guthaben und deine verknüpften Konten"


async def test_a_second_start_tells_nothing_and_a_changed_list_is_told(world: World, tmp_path: Path) -> None:
    world.state_folder = tmp_path
    for expected in (6, 6):
        async with world.running():
            assert len(world.server.calls_of("setMyCommands")) == expected
    mark = tmp_path / f"telegram-commands-{BOT['id']}.sha256"
    mark.write_text("what an earlier release told", encoding="ascii")
    async with world.running():
        assert len(world.server.calls_of("setMyCommands")) == 12


async def test_a_refused_list_is_told_at_the_next_start(world: World, tmp_path: Path) -> None:
    world.state_folder = tmp_path
    world.server.fail("setMyCommands", 500, "Internal Server Error")
    ada = world.person()
    async with world.running():
        ada.write("/queue")
        await world.said(ada, "Nobody is waiting")
    assert not (tmp_path / f"telegram-commands-{BOT['id']}.sha256").is_file()
    async with world.running():
        assert len(world.server.calls_of("setMyCommands")) == 6
