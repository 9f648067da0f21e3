"""Crowds, refusals by the hundred, connections that break in the middle of a picture: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import struct
import zlib

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.jobs import JobState
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.messages import Message
from tests.support.pictures import png

CROWD = 30


async def ask_all(stage: Stage, count: int) -> list[Interaction]:
    """So many people ask for a picture at the same moment."""
    people = [stage.world.add_person(f"Person {number}") for number in range(count)]
    wishes = (stage.server.slash("imagine", {"prompt": f"cat {one.id}"}, person=one) for one in people)
    return list(await asyncio.gather(*wishes))


async def told_in_the_end(stage: Stage) -> None:
    """Let the outbox try again until everything has arrived."""
    async with asyncio.timeout(20):
        while not await stage.all_is_told():
            stage.try_again_after(10)
            await asyncio.sleep(0.01)


def results(stage: Stage) -> list[Message]:
    return [one for one in stage.world.posted_in(stage.server.channel) if "### Done" in one.text]


def assert_one_result_each(stage: Stage, asked: list[Interaction]) -> None:
    """Everybody's own picture, on the one message that answered them."""
    assert len(results(stage)) == len(asked) == len(stage.world.posted_in(stage.server.channel))
    for interaction in asked:
        card = interaction.response
        assert card is not None
        assert f"cat {interaction.person.id}" in card.text
        assert len(card.gallery) == 1
        assert sum("### Done" in "\n".join(texts) for _, texts in card.faces) == 1


async def test_thirty_people_at_once_all_get_their_picture(stage: Stage) -> None:
    asked = await ask_all(stage, CROWD)
    for interaction in asked:
        await stage.finished(interaction)
    assert_one_result_each(stage, asked)
    assert stage.server.limits.refused == []


@pytest.mark.parametrize("is_global", [False, True])
async def test_a_storm_of_refusals_loses_nothing(stage: Stage, is_global: bool) -> None:
    stage.engine.script(Play(hold_at_step=1))
    asked = await ask_all(stage, 5)
    await stage.held()
    stage.server.limits.begin_storm(retry_after_s=0.001, is_global=is_global)
    stage.engine.release()
    late = await stage.server.slash("imagine", {"prompt": f"cat {stage.server.ada.id}"})
    await stage.world.until(lambda: late.is_acknowledged, "asking is possible in a storm")
    await stage.eventually(lambda: _are_drawn(stage, 6))
    assert results(stage) == []
    assert len(stage.server.limits.refused) > 6
    stage.server.limits.end_storm()
    await told_in_the_end(stage)
    assert_one_result_each(stage, [*asked, late])


async def _are_drawn(stage: Stage, count: int) -> bool:
    async with stage.kit.open_unit() as unit:
        unfinished = await unit.jobs.unfinished()
    return not unfinished and len(stage.engine.tasks) == count


async def test_a_card_is_edited_once_an_interval_however_fast_the_steps_are(stage: Stage) -> None:
    await stage.down()
    stage.edit_interval_s = 0.25
    await stage.up(FakeEngine(Play(step_s=0.04)))
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    *live, _result = card.changed_at
    lasted_s = (live[-1] - live[0]).total_seconds()
    assert len(live) <= lasted_s / stage.edit_interval_s + 2
    assert stage.server.limits.refused == []


async def test_a_connection_that_drops_during_a_picture_is_resumed_and_the_card_goes_on(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    asked = await stage.server.slash("imagine", {"prompt": "a cat"})
    await stage.held()
    card = await stage.card(asked)
    await stage.gateway_drops()
    await stage.server.press(card, "Cancel")
    await stage.shows(card, "### Cancelled")
    assert (stage.server.gateway.identified, stage.server.gateway.resumed) == (1, 1)


@pytest.mark.parametrize("is_resumable", [True, False])
async def test_an_invalid_session_during_a_picture_is_mended(stage: Stage, is_resumable: bool) -> None:
    gateway = stage.server.gateway
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    await gateway.invalidate(is_resumable=is_resumable)
    await stage.world.until(lambda: (gateway.identified, gateway.resumed) == ((1, 1) if is_resumable else (2, 0)))
    stage.engine.release()
    await stage.shows(card, "### Done")
    await stage.finished(await stage.server.press(card, "Re-roll"))
    assert [job.state for job in await stage.jobs()] == [JobState.DONE, JobState.DONE]


async def test_a_gateway_that_asks_to_reconnect_gets_its_way(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    await stage.server.gateway.ask_to_reconnect()
    await stage.world.until(lambda: stage.server.gateway.resumed == 1, "a resumed session")
    stage.engine.release()
    await stage.shows(card, "### Done")
    assert stage.server.gateway.identified == 1


async def test_a_card_that_is_deleted_while_it_moves_comes_back_with_its_result_once(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3), Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    stage.world.delete(card)
    stage.engine.release()
    await stage.world.until(lambda: len(results(stage)) == 1, "a new message with the result")
    await stage.eventually(stage.all_is_told)
    assert len(stage.world.posted_in(stage.server.channel)) == 1


async def test_a_file_of_exactly_twenty_megabytes_is_taken_and_one_byte_more_is_not_fetched(stage: Stage) -> None:
    picture = png()
    end = picture.rindex(b"IEND") - 4
    padding = 20 * 2**20 - len(picture) - 12
    full = picture[:end] + _chunk(b"prVt", bytes(padding)) + picture[end:]
    assert len(full) == 20 * 2**20
    taken = await stage.server.slash("imagine", {"prompt": "a cat", "subject": full})
    await stage.finished(taken)
    stage.server.downloads.clear()
    refused = await stage.server.slash("imagine", {"prompt": "a cat", "subject": full + b"\0"})
    assert "too large" in await stage.whispered(refused)
    assert stage.server.downloads == []


async def test_a_name_and_a_type_that_lie_are_not_believed(stage: Stage) -> None:
    add, place = stage.world.add_file, stage.server.channel.id
    text = add(place, "cat.png", b"this is text", "image/png")
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "subject": text})
    assert "not a picture" in await stage.whispered(asked)
    for file in (add(place, "cat.jpg", png(), "image/jpeg"), add(place, "notes.txt", png(), "text/plain")):
        await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "subject": file}))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


async def test_the_heart_beats_while_a_picture_is_made(stage: Stage) -> None:
    gateway = stage.server.gateway
    gateway.heartbeat_ms = 1000
    await stage.gateway_drops()
    stage.engine.script(Play(hold_at_step=3))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    before = gateway.heartbeats
    await stage.world.until(lambda: gateway.heartbeats >= before + 2, "two heartbeats")
    stage.engine.release()
    await stage.shows(card, "### Done")
