"""Whatever a press says, it does nothing to other people's jobs and messages."""

from __future__ import annotations

import pytest

from adapters.telegram.keyboards import Action, Press
from bot.domain.actors import Actor, Platform
from bot.domain.jobs import Job
from bot.domain.styles import Tray
from tests.e2e.discord.conftest import Stage
from tests.e2e.telegram.world import World
from tests.security.forged_ids import (
    DISCORD_ACTIONS,
    DISCORD_MALFORMED,
    NOWHERE,
    TELEGRAM_MALFORMED,
    on_discord,
    on_telegram,
)
from tests.servers.discord.world import Message
from tests.servers.telegram.people import Person, member, new_group


async def _drawn(stage: Stage, **options: object) -> Message:
    return await stage.finished(await stage.server.slash("imagine", {"prompt": "a secret thing", **options}))


@pytest.mark.parametrize("action", [form.split(":")[0] for form in DISCORD_ACTIONS])
@pytest.mark.parametrize("is_there", [True, False], ids=["another's private job", "no job"])
async def test_discord_tells_no_one_and_does_nothing(stage: Stage, action: str, is_there: bool) -> None:
    secret, public = await _drawn(stage, private=True), await _drawn(stage)
    before = await stage.jobs()
    eve = stage.world.add_person("Eve")
    ids = on_discord(before[0].id if is_there else NOWHERE, public.channel.id, public.id)
    pressed = await stage.server.press_id(public, ids[action], person=eve)
    told = await stage.whispered(pressed)
    assert "secret" not in told
    assert pressed.modal is None
    assert await stage.jobs() == before
    assert await stage.jobs_of(eve) == []
    assert [one.is_deleted for one in (secret, public)] == [False, False]
    assert await stage.kit.application.tray.show(Actor(Platform.DISCORD, str(eve.id))) == Tray()


async def test_discord_does_nothing_about_what_is_no_id(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    public = await _drawn(stage)
    before = await stage.jobs()
    eve = stage.world.add_person("Eve")
    pressed = [await stage.server.press_id(public, one, person=eve) for one in DISCORD_MALFORMED]
    assert await stage.said("help", person=eve)
    assert await stage.jobs() == before
    assert await stage.jobs_of(eve) == []
    assert not public.is_deleted
    assert all(one.response is None or one.response.is_ephemeral for one in pressed)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def _asked(world: World, person: Person, words: str = "a secret thing") -> Job:
    before = await world.jobs(person)
    person.write(words)
    await world.until(lambda: bool(person.seen()) and "photo" in person.last())
    await world.settled()
    newest, *_ = await world.jobs(person)
    assert newest not in before
    return newest


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("is_there", [True, False], ids=["another's private job", "no job"])
async def test_telegram_tells_no_one_and_does_nothing(world: World, action: Action, is_there: bool) -> None:
    ada, eve = world.person("Ada"), world.person("Eve")
    async with world.running():
        job, own = await _asked(world, ada, "a secret thing --private"), await _asked(world, eve, "a fox")
        theirs = len(ada.seen())
        answered = len(world.server.methods.answered)
        eve.press_data(eve.last(), on_telegram(job.id if is_there else NOWHERE)[action])
        await world.until(lambda: len(world.server.methods.answered) > answered)
        await world.settled()
        assert [one.id for one in await world.jobs(ada)] == [job.id]
        assert [one.id for one in await world.jobs(eve)] == [own.id]
        assert len(ada.seen()) == theirs
        assert "photo" in ada.last()
        assert not any("secret" in str(one) for one in eve.seen())


async def test_telegram_does_nothing_about_what_is_no_id(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ada = world.person()
    async with world.running():
        job = await _asked(world, ada)
        result = ada.last()
        for number, data in enumerate(TELEGRAM_MALFORMED, start=1):
            ada.press_data(result, data)
            await world.until(lambda: len(world.server.methods.answered) >= number)  # noqa: B023 -- awaited at once
        await world.settled()
        assert [one.id for one in await world.jobs(ada)] == [job.id]
        assert "photo" in result
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_telegram_deletes_no_message_that_is_not_the_results(world: World) -> None:
    """In a group where the bot may delete messages, with a client that says anything about any message."""
    ada, eve = world.person("Ada"), world.person("Eve")
    group = new_group(world.server)
    ada, eve = member(ada, group), member(eve, group)
    async with world.running():
        said = ada.write("good morning")
        hers = await _asked(world, ada, "/imagine a hen")
        her_result = ada.last()
        own = await _asked(world, eve, "/imagine a fox")
        for action in (Action.PICK, Action.DELETE, Action.ERASE):
            for album in ((), (said["message_id"], her_result["message_id"])):
                eve.press_data(her_result, Press(action, own.id, 0, album).encode())
                eve.press_data(eve.last(), Press(action, own.id, 0, (said["message_id"],)).encode())
                await world.settled()
        assert {said["message_id"], her_result["message_id"]} <= group.messages.keys()
        assert "photo" in her_result
        assert [one.id for one in await world.jobs(eve)] == [own.id]
        assert [one.id for one in await world.jobs(ada)] == [hers.id]
