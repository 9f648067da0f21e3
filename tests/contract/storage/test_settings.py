"""What people and servers chose, on every storage."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.actors import Actor, Platform, Server, UserId
from bot.domain.people import ServerSettings, UserSettings
from bot.ports.storage import UnitOfWorkFactory
from storage.errors import ConstraintViolated

HERE = Server(Platform.DISCORD, "12")
EVERYTHING_OF_USER = UserSettings(locale="de", private=True, spoiler=True, aspect="16:9", keep_tray=True)
EVERYTHING_OF_SERVER = ServerSettings(
    locale="en-GB",
    channels=("1", "2"),
    role_tiers={"77": "supporter", "78": "unlimited"},
    pool=250_000,
    blocked=("a" * 32, "b" * 32),
    max_waiting=2,
    max_count=1,
    words=("naked", "*porn*"),
)


async def test_who_chose_nothing_has_the_defaults(unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
    async with unit_of_work() as unit:
        assert await unit.settings.of_user(owner) == UserSettings()
        assert await unit.settings.of_user("0" * 32) == UserSettings()
        assert await unit.settings.of_server(HERE) == ServerSettings()


@pytest.mark.parametrize(
    "settings", [EVERYTHING_OF_USER, UserSettings(), UserSettings(private=True), UserSettings(locale="zh-Hant-€😀")]
)
async def test_a_persons_settings_are_kept_and_replaced(
    unit_of_work: UnitOfWorkFactory, owner: UserId, settings: UserSettings
) -> None:
    for chosen in (settings, replace(settings, spoiler=not settings.spoiler), settings):
        async with unit_of_work() as unit:
            await unit.settings.set_user(owner, chosen)
            await unit.commit()
        async with unit_of_work() as unit:
            assert await unit.settings.of_user(owner) == chosen


@pytest.mark.parametrize(
    "settings", [EVERYTHING_OF_SERVER, ServerSettings(), ServerSettings(pool=0), ServerSettings(channels=("1",))]
)
async def test_a_servers_settings_are_kept_and_replaced(
    unit_of_work: UnitOfWorkFactory, settings: ServerSettings
) -> None:
    for chosen in (settings, replace(settings, max_waiting=9), settings):
        async with unit_of_work() as unit:
            await unit.settings.set_server(HERE, chosen)
            await unit.commit()
        async with unit_of_work() as unit:
            assert await unit.settings.of_server(HERE) == chosen
            assert await unit.settings.of_server(replace(HERE, platform=Platform.TELEGRAM)) == ServerSettings()
            assert await unit.settings.of_server(replace(HERE, external_id="13")) == ServerSettings()


async def test_what_the_caller_changes_later_is_not_stored(unit_of_work: UnitOfWorkFactory) -> None:
    roles = {"77": "supporter"}
    async with unit_of_work() as unit:
        await unit.settings.set_server(HERE, ServerSettings(role_tiers=roles))
        roles["78"] = "unlimited"
        assert await unit.settings.of_server(HERE) == ServerSettings(role_tiers={"77": "supporter"})


async def test_nobody_chooses_nothing(unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
    async with unit_of_work() as unit:
        with pytest.raises(ConstraintViolated):
            await unit.settings.set_user("0" * 32, EVERYTHING_OF_USER)
        await unit.settings.set_user(owner, EVERYTHING_OF_USER)
        assert await unit.settings.of_user(owner) == EVERYTHING_OF_USER


async def test_first_choices_made_at_once_do_not_collide(unit_of_work: UnitOfWorkFactory, owner: UserId) -> None:
    async def choose(count: int) -> None:
        async with unit_of_work() as unit:
            await unit.settings.set_user(owner, UserSettings(aspect=str(count)))
            await unit.settings.set_server(HERE, ServerSettings(max_count=count))
            await unit.commit()

    await asyncio.gather(*(choose(count) for count in range(5)))

    async with unit_of_work() as unit:
        aspect = (await unit.settings.of_user(owner)).aspect
        assert aspect in {"0", "1", "2", "3", "4"}
        assert str((await unit.settings.of_server(HERE)).max_count) == aspect


async def test_the_language_a_person_chose_is_found_by_their_identity(
    unit_of_work: UnitOfWorkFactory, owner: UserId, actor: Actor
) -> None:
    for chosen, locale in ((None, None), (UserSettings(private=True), None), (UserSettings(locale="de"), "de")):
        async with unit_of_work() as unit:
            if chosen is not None:
                await unit.settings.set_user(owner, chosen)
            await unit.commit()
        async with unit_of_work() as unit:
            assert await unit.settings.locale_of(actor) == locale
            assert await unit.settings.locale_of(replace(actor, platform=Platform.WEB)) is None
