"""What people and servers prefer, and who may say so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform, Server
from bot.domain.credits import CREDIT, Tiers
from bot.domain.errors import Rejected
from bot.domain.jobs import Job
from bot.domain.people import ServerSettings, UserSettings
from bot.domain.requests import Draft
from bot.services.submit import Origin
from tests.support.spine import SpineKit, running_spine

GUILD = Server(Platform.DISCORD, "7")
OTHER = Server(Platform.TELEGRAM, "-100")
ANN = Actor(Platform.DISCORD, "1")
MODERATOR = replace(ANN, server=GUILD, is_moderator=True)


@pytest.fixture
async def kit() -> AsyncIterator[SpineKit]:
    async with running_spine(FakeEngine(is_manual=True), tiers=Tiers(), trusted_servers=(GUILD.key,)) as made:
        yield made


async def test_people_choose_for_themselves(kit: SpineKit) -> None:
    preferences = kit.application.preferences
    assert await preferences.of_user(ANN) == UserSettings()
    chosen = await preferences.change_user(
        ANN, lambda now: replace(now, locale="de", private=True, aspect="16:9", keep_tray=True)
    )
    assert await preferences.of_user(ANN) == chosen
    assert await preferences.of_user(Actor(Platform.TELEGRAM, "1")) == UserSettings()
    for change in ({"locale": "tlh"}, {"aspect": "2:1"}):
        with pytest.raises(Rejected, match="unknown-choice"):
            await preferences.change_user(ANN, lambda now, change=change: replace(now, **change))  # type: ignore[misc]
    assert await preferences.of_user(ANN) == chosen


async def test_moderators_choose_for_their_server(kit: SpineKit) -> None:
    preferences = kit.application.preferences
    wanted = ServerSettings(
        locale="en", channels=("12",), role_tiers={"5": "supporter"}, pool=10 * CREDIT, max_waiting=2, max_count=2
    )
    assert await preferences.change_server(MODERATOR, lambda _: wanted) == wanted
    assert await preferences.of_server(GUILD) == wanted
    assert await preferences.of_server(OTHER) == ServerSettings()
    for actor, words in ((ANN, "server-needed"), (replace(MODERATOR, is_moderator=False), "moderators-only")):
        with pytest.raises(Rejected, match=words):
            await preferences.change_server(actor, lambda _: ServerSettings())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"max_count": 5}, "setting-out-of-range"),
        ({"max_count": 0}, "setting-out-of-range"),
        ({"max_waiting": 0}, "setting-out-of-range"),
        ({"pool": -1}, "setting-out-of-range"),
        ({"pool": 10**12}, "setting-out-of-range"),
        ({"role_tiers": {"5": "platinum"}}, "tier-unknown"),
        ({"locale": "tlh"}, "unknown-choice"),
        ({"channels": ("x" * 65,)}, "setting-out-of-range"),
        ({"blocked": tuple(f"{number}" for number in range(501))}, "setting-out-of-range"),
    ],
)
async def test_what_is_out_of_range_is_refused(kit: SpineKit, change: dict[str, Any], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        await kit.application.preferences.change_server(MODERATOR, lambda now: replace(now, **change))
    assert await kit.application.preferences.of_server(GUILD) == ServerSettings()


async def test_only_a_trusted_server_gives_credits_away(kit: SpineKit) -> None:
    preferences = kit.application.preferences
    stranger = replace(MODERATOR, server=OTHER)
    for change in ({"pool": CREDIT}, {"role_tiers": {"5": "unlimited"}}):
        with pytest.raises(Rejected, match="server-not-trusted"):
            await preferences.change_server(stranger, lambda now, change=change: replace(now, **change))  # type: ignore[misc]
    lowered = await preferences.change_server(stranger, lambda now: replace(now, max_waiting=1))
    assert await preferences.of_server(OTHER) == lowered


async def test_what_a_request_leaves_open_is_as_the_person_chose(kit: SpineKit) -> None:
    application = kit.application

    async def asked(event: str, draft: Draft) -> Job:
        return (await application.submit(Origin(ANN, event), draft)).job

    plain = (await asked("a", Draft("x"))).request
    assert (plain.private, plain.spoiler, plain.width, plain.height) == (False, False, 1024, 1024)
    await application.preferences.change_user(
        ANN, lambda _: UserSettings(locale="de", private=True, spoiler=True, aspect="16:9")
    )
    chosen = await asked("b", Draft("x"))
    assert (chosen.request.private, chosen.request.spoiler, chosen.locale) == (True, True, "de")
    assert (chosen.request.width, chosen.request.height) == (1360, 768)
    named = (await asked("c", Draft("x", private=False, spoiler=False, aspect="1:1"))).request
    assert (named.private, named.spoiler, named.width, named.height) == (False, False, 1024, 1024)
    sized = (await asked("d", Draft("x", width=512, height=640))).request
    assert (sized.width, sized.height) == (512, 640)
    assert (await application.reroll(Origin(ANN, "e"), chosen.id)).job.locale == "de"


async def test_the_chosen_language_comes_before_that_of_the_platform(kit: SpineKit) -> None:
    preferences = kit.application.preferences
    german = replace(ANN, locale="de")
    assert await preferences.locale_of(german) == "de"
    await preferences.change_user(ANN, lambda now: replace(now, locale="en"))
    assert await preferences.locale_of(german) == "en"
    assert preferences.tier_names == ("free", "supporter", "unlimited")
