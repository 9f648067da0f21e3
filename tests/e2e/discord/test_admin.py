"""/admin: who may, what it changes, and that it is heeded from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.engine.fake import Play
from bot.domain.actors import Actor, Platform, Server
from bot.domain.credits import CREDIT, Tiers
from bot.domain.people import ServerSettings
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.people import MEMBER, MODERATOR, Permission, Person
from tests.servers.discord.server import discord_server

MANAGER = MEMBER | Permission.MANAGE_GUILD


@dataclass(frozen=True)
class Cast:
    """A stage with somebody who runs the bot, somebody who manages the server, and two members."""

    stage: Stage
    operator: Person
    manager: Person
    bob: Person

    async def up(self) -> None:
        """Start the bot on a server that may give credits."""
        await self.stage.up(
            operators=(f"discord:{self.operator.id}",),
            trusted_servers=(self.server.key,),
            tiers=Tiers(),
        )

    @property
    def server(self) -> Server:
        return Server(Platform.DISCORD, str(self.stage.world.guild_id))

    async def settings(self) -> ServerSettings:
        """How the server stands."""
        return await self.stage.kit.application.preferences.of_server(self.server)


@pytest.fixture
async def cast(tmp_path: Path) -> AsyncIterator[Cast]:
    async with discord_server() as server:
        stage, world = Stage(server, tmp_path), server.world
        made = Cast(
            stage,
            operator=world.add_person("Olga", permissions=MANAGER),
            manager=world.add_person("Mo", permissions=MANAGER),
            bob=world.add_person("Bob"),
        )
        await made.up()
        try:
            yield made
        finally:
            await stage.down()


async def test_discord_offers_it_to_managers_in_servers_only(cast: Cast) -> None:
    (command,) = (one for one in cast.stage.world.commands if one["name"] == "admin")
    assert command["default_member_permissions"] == str(Permission.MANAGE_GUILD.value)
    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]
    german = cast.stage.kit.application.catalogs.for_locale("de")
    options = {one["name"]: one for one in command["options"]}
    assert set(options) == {
        *("quota", "limits", "block", "unblock", "channel", "words"),
        *("pause", "drain", "resume", "stats", "reports"),
    }
    for name, option in options.items():
        assert option["description_localizations"] == {"de": german.text(f"command-admin-{name}")}
        for inner in option.get("options", []):
            key = f"command-admin-{name}-{inner['name'].replace('_', '-')}"
            assert inner["description_localizations"] == {"de": german.text(key)}


async def test_who_was_shown_the_command_without_managing_the_server_is_refused(cast: Cast) -> None:
    mod = cast.stage.world.add_person("Moe", permissions=MODERATOR)
    (command,) = (one for one in cast.stage.world.commands if one["name"] == "admin")
    command["default_member_permissions"] = None  # what a server may change under Integrations
    for path, options in (
        ("admin limits", {"max_count": 1}),
        ("admin limits", {}),
        ("admin quota", {"pool": 5}),
        ("admin channel allow", {"channel": cast.stage.server.channel}),
        ("admin channel list", {}),
        ("admin words add", {"word": "cat"}),
        ("admin words remove", {"word": "cat"}),
        ("admin words list", {}),
        ("admin block", {"person": cast.bob}),
        ("admin unblock", {"person": cast.bob}),
    ):
        assert await cast.stage.said(path, options, person=mod) == "Only moderators can change that here."
    assert await cast.settings() == ServerSettings()


async def test_limits_are_set_heeded_and_taken_away(cast: Cast) -> None:
    stage = cast.stage
    options = {"max_count": 2, "max_waiting": 3, "language": "de"}
    assert await stage.said("admin limits", options, person=cast.manager)
    assert await cast.settings() == ServerSettings(locale="de", max_waiting=3, max_count=2)
    assert "1 to 2 pictures" in await stage.said("imagine", {"prompt": "cats", "count": 3})
    direct = stage.world.direct_channel(stage.server.ada)
    await stage.finished(await stage.server.slash("imagine", {"prompt": "cats", "count": 3}, channel=direct))
    shown = await stage.said("admin limits", {}, person=cast.manager)
    assert shown == await stage.said("admin channel list", {}, person=cast.manager)
    await stage.said("admin limits", {"max_count": 0, "language": "auto"}, person=cast.manager)
    assert await cast.settings() == ServerSettings(max_waiting=3)


async def test_channels_are_allowed_and_taken_off_again(cast: Cast) -> None:
    stage = cast.stage
    studio = stage.world.add_channel()
    for _ in range(2):
        said = await stage.said("admin channel allow", {"channel": studio}, person=cast.manager)
        assert f"Requests are taken in: <#{studio.id}>\n" in f"{said}\n"
    assert (await cast.settings()).channels == (str(studio.id),)
    assert "not taken in this channel" in await stage.said("imagine", {"prompt": "a cat"})
    thread = stage.world.add_thread(studio)
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=thread))
    await stage.said("admin channel forbid", {"channel": studio}, person=cast.manager)
    assert (await cast.settings()).channels == ()
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))


async def test_a_pool_and_tiers_of_roles_come_from_the_manager(cast: Cast) -> None:
    stage = cast.stage
    role = stage.world.add_role("Patrons")
    await stage.said("admin quota", {"pool": 12.5}, person=cast.manager)
    said = await stage.said("admin quota", {"role": role, "tier": "supporter"}, person=cast.manager)
    assert "Members share 12.5 credits a day." in said
    assert f"Role <@&{role.id}>: tier supporter" in said
    settings = await cast.settings()
    assert settings.pool == 12.5 * CREDIT
    assert dict(settings.role_tiers) == {str(role.id): "supporter"}
    patron = stage.world.add_person("Pat", roles=(role,))
    assert "supporter" in await stage.said("me", person=patron)
    assert "supporter" not in await stage.said("me", person=cast.bob)
    assert "12.5" in await stage.said("me", person=cast.bob)
    await stage.said("admin quota", {"role": role, "tier": "-", "pool": 0}, person=cast.manager)
    assert await cast.settings() == ServerSettings()


async def test_a_server_that_is_not_trusted_gives_nothing(cast: Cast) -> None:
    await cast.stage.down()
    await cast.stage.up(operators=(f"discord:{cast.operator.id}",))
    refused = await cast.stage.said("admin quota", {"pool": 5}, person=cast.manager)
    assert "ask them to trust this server" in refused
    assert await cast.settings() == ServerSettings()


async def test_operators_give_credits_and_tiers_to_people(cast: Cast) -> None:
    stage = cast.stage
    said = await stage.said("admin quota", {"person": cast.bob, "amount": 10}, person=cast.operator)
    assert said == "Bob was given 10 credits and has 35 now."
    said = await stage.said("admin quota", {"person": cast.bob, "tier": "supporter"}, person=cast.operator)
    assert said == "The tier of Bob is now: supporter"
    said = await stage.said("admin quota", {"person": cast.bob, "tier": "-"}, person=cast.operator)
    assert said == "The tier of Bob is now: free"
    said = await stage.said("admin quota", {"person": cast.bob, "amount": 5}, person=cast.manager)
    assert said == "Only whoever runs this bot can do that."
    too_much = await stage.said("admin quota", {"person": cast.bob, "amount": -11}, person=cast.operator)
    assert "-10 to" in too_much


@pytest.mark.parametrize("names", [("amount",), ("role",), ("tier",), ("person",), ("person", "pool")])
async def test_options_that_do_not_go_together_are_said(cast: Cast, names: tuple[str, ...]) -> None:
    role = cast.stage.world.add_role("Patrons")
    values = {"amount": 5, "role": role, "tier": "free", "person": cast.bob, "pool": 3}
    said = await cast.stage.said("admin quota", {name: values[name] for name in names}, person=cast.operator)
    assert said.startswith("That does not go together.")
    assert await cast.settings() == ServerSettings()


async def test_somebody_is_shut_out_of_the_server_and_let_in_again(cast: Cast) -> None:
    stage = cast.stage
    said = await stage.said("admin block", {"person": cast.bob}, person=cast.manager)
    assert said.startswith("Bob can not use the bot in this server any more.")
    assert "can not use this bot here" in await stage.said("imagine", {"prompt": "a cat"}, person=cast.bob)
    direct = stage.world.direct_channel(cast.bob)
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, person=cast.bob, channel=direct))
    said = await stage.said("admin unblock", {"person": cast.bob}, person=cast.manager)
    assert said.startswith("Bob can use the bot in this server again.")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, person=cast.bob))


async def test_operators_shut_people_out_everywhere(cast: Cast) -> None:
    stage = cast.stage
    everywhere = {"person": cast.bob, "everywhere": True}
    refused = await stage.said("admin block", everywhere, person=cast.manager)
    assert refused == "Only whoever runs this bot can do that."
    said = await stage.said("admin block", {**everywhere, "reason": "spam"}, person=cast.operator)
    assert said == "Bob can not use the bot any more, anywhere."
    direct = stage.world.direct_channel(cast.bob)
    assert "can not use this bot" in await stage.said("imagine", {"prompt": "a"}, person=cast.bob, channel=direct)
    view = await stage.kit.application.accounts.view(Actor(Platform.DISCORD, str(cast.bob.id)))
    assert view.user.block_reason == "spam"
    assert await stage.said("admin unblock", everywhere, person=cast.operator) == "Bob can use the bot again."
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, person=cast.bob))


async def test_operators_pause_drain_and_resume(cast: Cast) -> None:
    stage = cast.stage
    for name in ("pause", "drain", "resume", "stats"):
        refused = await stage.said(f"admin {name}", person=cast.manager)
        assert refused == "Only whoever runs this bot can do that."
    assert (await stage.said("admin pause", person=cast.operator)).startswith("Paused")
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.shows(card, "### Paused")
    assert (await stage.said("admin drain", person=cast.operator)).startswith("Draining")
    await stage.shows(card, "### Done")
    assert "takes no new requests" in await stage.said("imagine", {"prompt": "a hen"})
    assert (await stage.said("admin resume", person=cast.operator)).startswith("Going on")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a hen"}))


async def test_operators_see_how_the_bot_is_doing(cast: Cast) -> None:
    cast.stage.engine.script(Play())
    await cast.stage.finished(await cast.stage.server.slash("imagine", {"prompt": "a cat"}))
    assert "1" in await cast.stage.said("admin stats", person=cast.operator)


async def test_managers_are_answered_in_german(cast: Cast) -> None:
    eva = cast.stage.world.add_person("Eva", locale="de", permissions=MANAGER)
    said = await cast.stage.said("admin block", {"person": cast.bob}, person=eva)
    assert said.startswith("Bob kann den Bot auf diesem Server nicht mehr benutzen.")
    assert await cast.stage.said("admin pause", person=eva) == "Das kann nur, wer diesen Bot betreibt."
    assert (await cast.stage.said("admin quota", {"amount": 1}, person=eva)).startswith("Das passt nicht zusammen.")


async def test_a_server_keeps_a_list_of_words_and_prompts_with_them_are_refused(cast: Cast) -> None:
    stage, manager = cast.stage, cast.manager
    assert "No words are listed here." in await stage.said("admin words list", person=manager)
    said = await stage.said("admin words add", {"word": "*porn*"}, person=manager)
    assert said == r"1 word is not wanted in prompts here: “\*porn\*”"
    await stage.said("admin words add", {"word": "wild  fox"}, person=manager)
    assert await cast.settings() == ServerSettings(words=("*porn*", "wild fox"))
    refused = await stage.said("imagine", {"prompt": "a soft\u200bPÖRNO"})
    assert refused.startswith("“softporno” is not allowed here, so nothing was drawn or charged.")
    assert await stage.jobs() == []
    direct = stage.world.direct_channel(stage.server.ada)
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a softporno"}, channel=direct))
    said = await stage.said("admin words remove", {"word": "WILD FOX"}, person=manager)
    assert said == await stage.said("admin words list", person=manager)
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a wild fox"}))
    assert "can not be on the list" in await stage.said("admin words add", {"word": "*"}, person=manager)


async def test_a_long_list_of_words_fits_into_one_message(cast: Cast) -> None:
    words = tuple(f"{number:03}{'x' * 61}" for number in range(200))
    manager = Actor(Platform.DISCORD, str(cast.manager.id), server=cast.server, is_moderator=True)
    await cast.stage.kit.application.preferences.change_server(manager, lambda before: ServerSettings(words=words))
    said = await cast.stage.said("admin words list", person=cast.manager)
    assert said.startswith("200 words are not wanted in prompts here: “000xxx")
    assert said.endswith("and 177 more")
    assert len(said) < 2000
