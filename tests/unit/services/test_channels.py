"""Servers that take requests in some channels only, shut members out, and have a language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.actors import Actor, Platform, Server
from bot.domain.credits import Tiers
from bot.domain.errors import Rejected
from bot.domain.people import ServerSettings, UserSettings
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.support.pictures import png
from tests.support.spine import SpineKit, make_spine

GUILD = Server(Platform.DISCORD, "7")
ADA = Actor(Platform.DISCORD, "1", server=GUILD, locale="fr")
MODERATOR = replace(ADA, external_id="2", is_moderator=True)


@pytest.fixture
async def kit() -> SpineKit:
    kit = make_spine(tiers=Tiers())
    chosen = ServerSettings(channels=("12", "13"), locale="de")
    await kit.application.preferences.change_server(MODERATOR, lambda _: chosen)
    return kit


async def test_other_channels_are_refused_and_nothing_is_left_behind(kit: SpineKit) -> None:
    before = await kit.application.accounts.balance(ADA)
    for channels in ((), ("14",), ("14", "15")):
        asking = replace(ADA, channels=channels)
        with pytest.raises(Rejected) as refused:
            await kit.application.submit(Origin(asking, f"event {channels}"), Draft("x", subject=png()))
        assert refused.value.rejection.value == "channel-not-allowed"
        assert refused.value.details == {"channels": "12, 13"}
    assert await kit.application.accounts.balance(ADA) == before
    assert kit.application.board.unfinished() == ()
    assert [files async for files in kit.images.files()] == []
    async with kit.open_unit() as unit:
        assert await unit.jobs.unfinished() == ()


async def test_the_named_channels_their_threads_and_private_talks_are_served(kit: SpineKit) -> None:
    async def ask(actor: Actor, key: str) -> str:
        return (await kit.application.submit(Origin(actor, key), Draft("x"))).job.id

    inside = await ask(replace(ADA, channels=("12",)), "a")
    await ask(replace(ADA, channels=("99", "13")), "b")
    await ask(replace(ADA, server=None, channels=("14",)), "c")
    await ask(replace(ADA, server=Server(Platform.DISCORD, "8"), channels=("14",)), "d")
    with pytest.raises(Rejected, match="channel-not-allowed"):
        await kit.application.reroll(Origin(replace(ADA, channels=("14",)), "e"), inside)


async def test_moderators_shut_members_out_of_their_server_only(kit: SpineKit) -> None:
    preferences = kit.application.preferences
    here, member = replace(ADA, channels=("12",)), Actor(Platform.DISCORD, "1")
    for _ in range(2):
        assert len((await preferences.block_member(MODERATOR, member)).blocked) == 1
    with pytest.raises(Rejected, match="blocked"):
        await kit.application.submit(Origin(here, "a"), Draft("x"))
    await kit.application.submit(Origin(replace(here, server=None), "b"), Draft("x"))
    assert (await preferences.unblock_member(MODERATOR, member)).blocked == ()
    await kit.application.submit(Origin(here, "c"), Draft("x"))
    for who, words in ((here, "moderators-only"), (replace(MODERATOR, server=None), "server-needed")):
        for refused in (preferences.block_member(who, member), preferences.unblock_member(who, member)):
            with pytest.raises(Rejected, match=words):
                await refused
    with pytest.raises(Rejected, match="person-unknown"):
        await preferences.unblock_member(MODERATOR, Actor(Platform.DISCORD, "404"))


async def test_answers_are_in_the_language_a_person_chose(kit: SpineKit) -> None:
    preferences = kit.application.preferences
    assert await preferences.locale_of(ADA) == "fr"
    await preferences.change_user(ADA, lambda _: UserSettings(private=True))
    assert await preferences.locale_of(ADA) == "fr"
    await preferences.change_user(ADA, lambda _: UserSettings(locale="en"))
    assert await preferences.locale_of(ADA) == "en"
    assert await preferences.locale_of(replace(ADA, platform=Platform.TELEGRAM)) == "fr"


async def test_a_public_card_is_in_the_servers_language_unless_its_owner_chose_one(kit: SpineKit) -> None:
    here = replace(ADA, channels=("12",))

    async def card_locale(key: str, actor: Actor = here, *, private: bool = False) -> str:
        return (await kit.application.submit(Origin(actor, key), Draft("x", private=private))).job.locale

    assert await card_locale("a") == "de"
    assert await card_locale("b", private=True) == "fr"
    assert await card_locale("c", replace(here, server=None)) == "fr"
    await kit.application.preferences.change_user(here, lambda _: UserSettings(locale="en"))
    assert await card_locale("d") == "en"
