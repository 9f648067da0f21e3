"""Who sees what, and what is told before anything is queued."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.engine.fake import Play
from bot.domain.actors import Actor, Platform, Server
from bot.domain.people import ServerSettings
from bot.ports.storage import StorageUnavailable, UnitOfWork
from storage.memory import MemoryStorage
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.people import MEMBER, Permission


def ada(stage: Stage) -> Actor:
    return Actor(Platform.DISCORD, str(stage.server.ada.id))


async def prefers_private(stage: Stage) -> None:
    await stage.kit.application.preferences.change_user(ada(stage), lambda chosen: replace(chosen, private=True))


async def test_the_setting_makes_requests_private_and_the_option_wins(stage: Stage) -> None:
    await prefers_private(stage)
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    assert card.is_ephemeral
    shown = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "private": False}))
    assert not shown.is_ephemeral
    assert [job.request.private for job in await stage.jobs()] == [True, False]


class Interrupted(MemoryStorage):
    """A database that does not answer while `is_away`."""

    is_away = False

    def unit_of_work(self) -> UnitOfWork:
        """None while it is away."""
        if self.is_away:
            raise StorageUnavailable("away")
        return super().unit_of_work()


async def test_settings_that_can_not_be_read_do_not_make_anything_public(stage: Stage) -> None:
    await stage.down()
    stage.storage = storage = Interrupted()
    await stage.up()
    storage.is_away = True
    refused = await stage.server.slash("imagine", {"prompt": "a cat"})
    assert "Nothing was lost or charged" in await stage.whispered(refused)
    storage.is_away = False
    assert stage.world.posted_in(stage.server.channel) == []
    assert all(one.is_ephemeral for one in stage.world.messages.values())


async def test_a_result_of_an_age_restricted_channel_is_not_shown_to_everybody_elsewhere(stage: Stage) -> None:
    adult = stage.world.add_channel(is_nsfw=True)
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a nude"}, channel=adult))
    assert not card.is_ephemeral
    there = await stage.finished(await stage.server.press(card, "Re-roll"))
    assert not there.is_ephemeral

    stage.world.clock.advance(seconds=3)
    adult.is_nsfw = False  # as when the channel is opened to everybody later
    elsewhere = await stage.finished(await stage.server.press(card, "Re-roll"))
    assert elsewhere.is_ephemeral
    again = await stage.finished(await stage.server.press(elsewhere, "Strong"))
    assert again.is_ephemeral, "what is made from it neither"
    pressed = await stage.server.press(card, "Remix")
    remixed = await stage.finished(await stage.server.submit(pressed, {"prompt": "two nudes"}))
    assert remixed.is_ephemeral


async def test_a_thread_is_as_restricted_as_its_channel(stage: Stage) -> None:
    adult = stage.world.add_channel(is_nsfw=True)
    thread = stage.world.add_thread(adult)
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a nude"}, channel=thread))
    there = await stage.finished(await stage.server.press(card, "Re-roll"))
    assert not there.is_ephemeral


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        (Permission.VIEW_CHANNEL, "see the channel"),
        (Permission.SEND_MESSAGES, "write messages"),
        (Permission.ATTACH_FILES, "attach files"),
        (Permission.READ_MESSAGE_HISTORY, "read earlier messages"),
    ],
)
async def test_a_missing_permission_is_told_and_nothing_is_queued(stage: Stage, missing: Permission, told: str) -> None:
    stage.server.channel.bot_permissions = MEMBER & ~missing
    refused = await stage.server.slash("imagine", {"prompt": "a cat"})
    sentence = await stage.whispered(refused)
    assert sentence == (
        f"I am not allowed to do all that this needs here: {told}. Ask a moderator to allow it, or choose “private”."
    )
    assert await stage.jobs() == []
    assert stage.world.posted_in(stage.server.channel) == []
    private = await stage.server.slash("imagine", {"prompt": "a cat", "private": True})
    assert (await stage.finished(private)).is_ephemeral


async def test_buttons_tell_it_as_well_and_in_german(stage: Stage) -> None:
    greta = stage.world.add_person("Greta", locale="de")
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    stage.server.channel.bot_permissions = MEMBER & ~(Permission.ATTACH_FILES | Permission.SEND_MESSAGES)
    refused = await stage.server.press(card, "Re-roll", person=greta)
    sentence = await stage.whispered(refused)
    assert "Dateien anhängen, Nachrichten schreiben" in sentence
    assert len(await stage.jobs()) == 1


async def test_a_thread_needs_the_permission_for_threads(stage: Stage) -> None:
    thread = stage.world.add_thread(stage.server.channel)
    thread.bot_permissions = MEMBER & ~Permission.SEND_MESSAGES
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=thread))
    thread.bot_permissions = MEMBER & ~Permission.SEND_MESSAGES_IN_THREADS
    refused = await stage.server.slash("imagine", {"prompt": "a cat"}, channel=thread)
    assert "write in threads" in await stage.whispered(refused)


async def test_where_people_brought_the_app_along_it_needs_no_permission(stage: Stage) -> None:
    elsewhere = stage.world.add_channel(in_guild=False)
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=elsewhere))


async def test_channels_that_take_no_requests_are_named_to_be_clicked(stage: Stage) -> None:
    other = stage.world.add_channel()
    server = Server(Platform.DISCORD, str(stage.world.guild_id))
    async with stage.kit.open_unit() as unit:
        await unit.settings.set_server(server, ServerSettings(channels=(str(other.id),)))
        await unit.commit()
    refused = await stage.server.slash("imagine", {"prompt": "a cat"})
    assert f"<#{other.id}>" in await stage.whispered(refused)
    assert await stage.jobs() == []
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=other))


async def test_a_moving_card_hides_its_preview_as_well(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=5))
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "steps": 8, "spoiler": True})
    await stage.held()
    card = await stage.card(asked)
    await stage.shows(card, "Drawing, step 5 of 8")
    ((_, is_spoiler),) = card.gallery
    assert is_spoiler
    stage.engine.release()
    await stage.shows(card, "### Done")
