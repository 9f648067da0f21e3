"""The final news arrives, once: by token, by channel, by direct message."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from adapters.engine.fake import Play
from bot.domain.jobs import Job
from bot.ports.platforms import DeliveryDelayed
from tests.e2e.discord.conftest import RESULT_ROWS, Stage
from tests.servers.discord.world import Channel, Message


async def running(stage: Stage, channel: Channel | None = None, **options: object) -> Message:
    """A card whose job the engine holds in the middle."""
    stage.engine.script(Play(hold_at_step=2))
    asked = await stage.server.slash("imagine", {"prompt": "a cat", **options}, channel=channel)
    await stage.held()
    card = await stage.card(asked)
    await stage.shows(card, "Drawing, step 2")
    return card


async def the_job(stage: Stage) -> Job:
    (job,) = await stage.jobs()
    return job


async def test_after_the_token_the_same_message_is_changed_by_channel(stage: Stage) -> None:
    card = await running(stage)
    stage.world.clock.advance(minutes=16)
    stage.engine.release()
    await stage.shows(card, "### Done")
    assert card.faces[-1][0] == "channel"
    assert len(card.gallery) == 1
    assert stage.world.posted_in(stage.server.channel) == [card]


async def test_a_token_that_is_known_to_be_over_is_not_even_tried(stage: Stage) -> None:
    stage.world.clock.advance(minutes=-20)  # Discord's clock tells the bot's that the interaction is old
    card = await running(stage)
    assert {by for by, _ in card.faces} == {"channel"}
    stage.engine.release()
    await stage.shows(card, "### Done")
    assert stage.server.api.count("update_webhook_message") == 0


async def test_a_card_that_was_deleted_is_posted_anew_and_calls_its_requester_once(stage: Stage) -> None:
    card = await running(stage)
    card.is_deleted = True
    stage.engine.release()
    await stage.world.until(lambda: bool(stage.world.posted_in(stage.server.channel)), "a new message")
    await stage.eventually(stage.all_is_told)
    (posted,) = stage.world.posted_in(stage.server.channel)
    assert "### Done" in posted.text
    assert posted.pinged == [stage.server.ada.id]
    assert list(posted.buttons) == RESULT_ROWS

    stage.world.clock.advance(minutes=30)  # as when the bot died before it could note down its success
    await stage.bot.deliver(await the_job(stage))
    assert stage.world.posted_in(stage.server.channel) == [posted]
    assert posted.pinged == [stage.server.ada.id]


async def test_repeating_a_delivery_changes_the_same_message(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.eventually(stage.all_is_told)
    faces = len(card.faces)
    await stage.bot.deliver(await the_job(stage))
    assert len(card.faces) == faces + 1
    assert len(card.gallery) == 1
    assert stage.world.posted_in(stage.server.channel) == [card]


async def test_where_the_bot_is_not_the_result_comes_as_a_direct_message(stage: Stage) -> None:
    elsewhere = stage.world.add_channel(in_guild=False)
    await running(stage, elsewhere)
    stage.world.clock.advance(minutes=16)
    stage.engine.release()
    direct = stage.world.direct_channel(stage.server.ada)
    await stage.world.until(lambda: bool(stage.world.posted_in(direct)), "a direct message")
    await stage.eventually(stage.all_is_told)
    (posted,) = stage.world.posted_in(direct)
    assert "### Done" in posted.text
    stage.world.clock.advance(minutes=30)
    await stage.bot.deliver(await the_job(stage))
    assert stage.world.posted_in(direct) == [posted]


async def test_a_private_result_never_comes_by_channel(stage: Stage) -> None:
    await running(stage, private=True)
    stage.world.clock.advance(minutes=16)
    stage.engine.release()
    direct = stage.world.direct_channel(stage.server.ada)
    await stage.world.until(lambda: bool(stage.world.posted_in(direct)), "a direct message")
    assert stage.world.posted_in(stage.server.channel) == []


async def test_closed_direct_messages_end_the_delivery_and_the_result_stays(stage: Stage) -> None:
    await running(stage, private=True)
    stage.world.blocked_by.add(stage.server.ada.id)
    stage.world.clock.advance(minutes=16)
    stage.engine.release()
    await stage.eventually(stage.all_is_told)
    assert stage.world.posted_in(stage.world.direct_channel(stage.server.ada)) == []
    assert len((await the_job(stage)).pictures) == 1


async def test_nobody_is_called_for_what_they_cancelled(stage: Stage) -> None:
    card = await running(stage)
    pressed = await stage.server.press(card, "Cancel")
    card.is_deleted = True
    await stage.eventually(stage.all_is_told)
    assert pressed.is_acknowledged
    assert stage.world.posted_in(stage.server.channel) == []
    assert stage.world.posted_in(stage.world.direct_channel(stage.server.ada)) == []


async def test_too_many_requests_delay_the_delivery_by_what_discord_says(stage: Stage) -> None:
    card = await running(stage)
    limited = {"message": "You are being rate limited.", "retry_after": 33.0, "global": False}
    stage.server.fail_next("PATCH", "/webhooks/", 429, limited, headers={"Retry-After": "33"}, text="### Done")
    stage.engine.release()
    await stage.eventually(stage.is_postponed)
    stage.try_again_after(32)
    assert await stage.is_postponed()
    stage.try_again_after(1)
    await stage.shows(card, "### Done")


async def test_a_discord_that_is_down_is_tried_again(stage: Stage) -> None:
    card = await running(stage)
    stage.world.clock.advance(minutes=16)
    stage.server.fail_next("PATCH", "/channels/", 503, {"message": "Service Unavailable", "code": 0}, text="### Done")
    stage.engine.release()
    await stage.eventually(stage.is_postponed)
    stage.try_again_after(2)
    await stage.shows(card, "### Done")
    assert stage.world.posted_in(stage.server.channel) == [card]


async def test_files_above_the_limit_go_down_the_ladder(stage: Stage) -> None:
    card = await running(stage)
    job = await the_job(stage)
    (asked,) = stage.world.interactions.values()
    asked.file_limit_bytes = 600  # less than the bot was told, as when a server loses its boosts
    stage.engine.release()
    await stage.shows(card, "### Done")
    ((file, _),) = card.gallery
    assert file.filename == f"uso-{job.id}-1.webp"
    assert len(file.data) <= 600
    stored = await stage.images.get((await the_job(stage)).pictures[0].picture)
    assert Image.open(io.BytesIO(stored)).format == "PNG"


async def test_a_smaller_copy_says_where_the_original_is(stage: Stage) -> None:
    asked = await stage.server.slash("imagine", {"prompt": "cats", "count": 2}, file_limit_bytes=600)
    card = await stage.finished(asked)
    (job,) = await stage.jobs()
    note = f"The originals are kept: /show {job.id} posts them where larger files are allowed."
    assert note in card.text
    faces = len(card.faces)
    await stage.server.press(card, "2")
    await stage.world.until(lambda: len(card.faces) > faces, "the card is drawn again")
    assert note in card.text, "also once another picture is chosen"


async def test_a_delivery_that_the_end_of_the_bot_interrupts_is_put_off(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.eventually(stage.all_is_told)
    stage.world.clock.advance(minutes=16)
    stage.clock.advance(16 * 60)
    calls = stage.server.api.count("update_message") + stage.server.api.count("update_webhook_message")
    limited = {"message": "You are being rate limited.", "retry_after": 2.0, "global": False}
    stage.server.fail_next("PATCH", "/", 429, limited, headers={"Retry-After": "2", "Via": "1.1 test"})
    delivery = asyncio.create_task(stage.bot.deliver(await the_job(stage)))
    await stage.world.until(
        lambda: (
            stage.server.api.count("update_message") + stage.server.api.count("update_webhook_message") == calls + 1
        ),
        "Discord says wait",
    )
    await stage.bot.close()
    with pytest.raises(DeliveryDelayed):
        await delivery
