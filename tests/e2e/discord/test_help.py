"""/help: short, and only what its reader may do; and where commands work."""

from __future__ import annotations

from tests.e2e.discord.conftest import Stage
from tests.servers.discord.people import MEMBER, Permission


async def test_help_lists_what_everybody_can_do_the_most_useful_first(stage: Stage) -> None:
    said = await stage.said("help")
    assert said.index("/imagine") < said.index("/style") < said.index("/me")
    assert "/admin" not in said
    assert "http" not in said
    for command in stage.world.commands:
        if command["name"] != "admin" and command.get("type", 1) == 1:
            assert f"/{command['name']}" in said


async def test_managers_and_operators_are_told_more(stage: Stage) -> None:
    manager = stage.world.add_person("Mo", permissions=MEMBER | Permission.MANAGE_GUILD)
    operator = stage.world.add_person("Olga", locale="de")
    await stage.down()
    await stage.up(operators=(f"discord:{operator.id}",))
    assert "/admin" in await stage.said("help", person=manager)
    assert "/admin" not in await stage.said("help", person=manager, channel=stage.world.direct_channel(manager))
    said = await stage.said("help", person=operator)
    assert "/admin" in said
    assert "Sperren" in said


async def test_people_who_brought_the_app_along_use_it_where_the_bot_is_not(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    among_friends = stage.world.add_private_channel(stage.server.ada, bob)
    elsewhere = stage.world.add_channel(in_guild=False)
    for channel in (among_friends, elsewhere):
        for path in ("help", "me", "history", "queue", "settings", "style list", "privacy delete"):
            asked = await stage.server.slash(path, {}, channel=channel, by_user_install=True)
            assert (await stage.answered(asked)).text
        assert stage.world.posted_in(channel) == []
