"""What people do reaches discord.py as Discord would send it, and nothing that its client would not send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from tests.servers.discord.messages import Message
from tests.servers.discord.people import MEMBER, MODERATOR, Permission
from tests.servers.discord.server import DiscordServer, discord_server
from tests.support.pictures import png
from tests.unit.discord.probe import Probe, probing


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as server:
        yield server


@pytest.fixture
async def probe(server: DiscordServer, tmp_path: Path) -> AsyncIterator[Probe]:
    async with probing(server, tmp_path) as probe:
        yield probe


async def board(server: DiscordServer) -> Message:
    ruler = server.world.add_person("Rule", permissions=MEMBER | Permission.MANAGE_GUILD)
    asked = await server.slash("rule", {}, person=ruler)
    await server.world.until(lambda: asked.response is not None)
    assert asked.response is not None
    return asked.response


async def test_a_subcommand_carries_people_roles_channels_and_files(server: DiscordServer, probe: Probe) -> None:
    role = server.world.add_role("Painters")
    place = server.world.add_channel(is_nsfw=True)
    bob = server.world.add_person("Bob", permissions=MODERATOR, roles=(role,))
    given = {"name": "ink", "owner": bob, "role": role, "place": place, "picture": png(120, 90)}
    asked = await server.slash("style save", given, person=bob, channel=place)
    await server.world.until(lambda: asked.whispers == ["saved"])
    name, owner, heard_role, heard_place, picture = probe.heard
    assert (name, owner.id, heard_role.id, heard_place.id) == ("ink", bob.id, role.id, place.id)
    assert (picture.width, picture.height, picture.content_type) == (120, 90, "image/png")
    heard = probe.interaction
    assert isinstance(heard.user, discord.Member)
    assert [one.name for one in heard.user.roles] == ["@everyone", "Painters"]
    assert heard.permissions.manage_messages
    assert heard.app_permissions.send_messages
    assert not heard.app_permissions.manage_messages
    assert isinstance(heard.channel, discord.TextChannel)
    assert heard.channel.is_nsfw()
    assert heard.context.guild
    assert heard.is_guild_integration()
    assert not heard.is_user_integration()


async def test_a_thread_tells_its_channel_and_what_that_is_like(server: DiscordServer, probe: Probe) -> None:
    parent = server.world.add_channel(is_nsfw=True)
    thread = server.world.add_thread(parent)
    asked = await server.slash("style save", {"name": "ink"}, channel=thread, by_user_install=True)
    await server.world.until(lambda: bool(asked.whispers))
    channel = probe.interaction.channel
    assert isinstance(channel, discord.Thread)
    assert channel.parent_id == parent.id
    assert channel.is_nsfw()
    assert probe.interaction.is_user_integration()
    parent.is_nsfw = False
    again = await server.slash("style save", {"name": "ink"}, channel=thread)
    await server.world.until(lambda: bool(again.whispers))
    assert isinstance(probe.interaction.channel, discord.Thread)
    assert not probe.interaction.channel.is_nsfw()


async def test_a_private_channel_is_reached_by_those_who_bring_the_app(server: DiscordServer, probe: Probe) -> None:
    bob = server.world.add_person("Bob")
    between = server.world.add_private_channel(server.ada, bob)
    message = server.world.add_message(bob, between, "look", files=[server.world.add_file(1, "a.png", png(), "x/y")])
    asked = await server.menu("Look at it", message)
    await server.world.until(lambda: asked.modal is not None)
    assert probe.interaction.context.private_channel
    assert probe.interaction.is_user_integration()
    assert asked.owners == {"1": str(server.ada.id)}
    assert probe.interaction.app_permissions.attach_files
    with pytest.raises(AssertionError, match="not offered in context 2"):
        await server.slash("style save", {"name": "ink"}, channel=between)


async def test_what_is_typed_is_completed(server: DiscordServer, probe: Probe) -> None:
    choices = await server.autocomplete("style save", {"name": "in"}, focused="name")
    assert len(choices) == 25
    assert choices[3] == {"name": "in-3", "value": "3"}


async def test_a_message_of_another_bots_is_handed_over_with_everything_on_it(
    server: DiscordServer, probe: Probe
) -> None:
    other = server.world.add_person("Other", is_bot=True)
    file = server.world.add_file(server.channel.id, "cat.png", png(), "image/png")
    first = server.world.add_message(other, server.channel, "first", files=[file])
    embed = {"type": "image", "url": "https://example.org", "image": {"url": file.url, "proxy_url": file.url}}
    message = server.world.add_message(other, server.channel, files=[file], embeds=[embed], forwards=[first])
    asked = await server.menu("Look at it", message)
    await server.world.until(lambda: asked.modal is not None)
    heard = probe.heard
    assert (heard.id, heard.author.bot, heard.attachments[0].filename) == (message.id, True, "cat.png")
    assert heard.embeds[0].image.url == file.url
    assert heard.message_snapshots[0].attachments[0].url == file.url


async def test_a_form_is_filled_in_and_sent(server: DiscordServer, probe: Probe) -> None:
    message = server.world.add_message(server.ada, server.channel, "look")
    asked = await server.menu("Look at it", message)
    sent = await server.submit(asked, {"words": "hello", "colour": ["blue"], "files": [png()], "agreed": True})
    await server.world.until(lambda: sent.whispers == ["thanks"])
    assert probe.heard == ["hello", True, ["blue"], [png()]]
    for wrong, why in (
        ({"words": "hello"}, "colour: 0 values"),
        ({"colour": ["red"]}, "words is required"),
        ({"words": "x" * 11, "colour": ["red"]}, "words: 11"),
        ({"words": "x", "colour": ["green"]}, "green"),
        ({"words": "x", "colour": ["red"], "files": [png()] * 3}, "files: 3"),
        ({"words": "x", "colour": ["red"], "nothing": "x"}, "nothing"),
    ):
        with pytest.raises(AssertionError, match=why):
            await server.submit(asked, wrong)


async def test_a_form_from_a_button_changes_the_buttons_message(server: DiscordServer, probe: Probe) -> None:
    message = await board(server)
    assert message.links == {"Read": "https://example.org"}
    pressed = await server.press(message, "Form")
    await server.submit(pressed, {"words": "hello", "colour": ["red"]})
    await server.world.until(lambda: "after the form" in message.text)


async def test_selects_choose_words_and_people(server: DiscordServer, probe: Probe) -> None:
    message = await board(server)
    assert message.selects == {"pick": ["a", "b", "c"], "whom": []}
    await server.select(message, "pick", ["a", "c"])
    await server.world.until(lambda: "picked ['a', 'c']" in message.text)
    chosen = await server.select(message, "whom", [server.ada])
    await server.world.until(lambda: chosen.answer_type == 6)
    assert [one.id for one in probe.heard] == [server.ada.id]
    for values in (["d"], ["a", "b", "c"], []):
        with pytest.raises(AssertionError):
            await server.select(message, "pick", values)


async def test_the_client_shows_nobody_a_command_that_is_not_theirs(server: DiscordServer, probe: Probe) -> None:
    with pytest.raises(AssertionError, match="not shown to Ada"):
        await server.slash("rule", {})
    with pytest.raises(AssertionError, match="needs a subcommand"):
        await server.slash("style", {})
    with pytest.raises(AssertionError, match="not among"):
        await server.slash("nothing", {})
    with pytest.raises(AssertionError, match="not of its type"):
        await server.slash("style save", {"name": 5})
    elsewhere = server.world.add_channel(in_guild=False)
    with pytest.raises(AssertionError, match="not offered for"):
        await server.slash("style save", {"name": "ink"}, channel=elsewhere)
