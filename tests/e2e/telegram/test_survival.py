"""Restarts, repetitions, outages: nothing is lost and nothing is done twice."""

from __future__ import annotations

import asyncio

from adapters.engine.fake import FakeEngine, Play
from bot.domain.jobs import JobState
from tests.e2e.telegram.world import World
from tests.support.pictures import png


async def test_a_restart_in_the_middle_ends_with_the_same_card_as_the_picture(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(Play(hold_at_step=3))):
        ada.write("a fox --steps 10")
        await world.until(lambda: "step 3" in ada.last().get("text", ""))
    assert "step 3" in ada.last()["text"]
    engine = FakeEngine(Play(hold_at_step=5))
    async with world.running(engine):
        await world.until(lambda: "step 5" in ada.last()["text"])
        engine.release()
        await world.until(lambda: "photo" in ada.last())
        ada.press(ada.last(), "Re-roll")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
    assert world.server.unconfirmed == 0


async def test_the_same_update_twice_makes_one_job(world: World) -> None:
    ada = world.person()
    async with world.running():
        message = ada.write("a fox")
        update = {"update_id": 500_000_000, "message": message}
        await world.until(lambda: "photo" in ada.last())
        await world.settled()
        world.server.push_again(update)
        world.server.push(message=message)
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))
        await world.settled()
        assert len(await world.jobs(ada)) == 1
    assert len(ada.seen()) == 1


async def test_what_came_while_the_bot_was_down_is_handled_once_at_start(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    ada.write("a fox")
    jo.send(*jo.album(png(), png(), caption="a hen"))
    async with world.running():
        await world.until(lambda: "photo" in ada.last() and "photo" in jo.last())
        await world.settled()
    async with world.running():
        ada.write("another fox")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        assert len(await world.jobs(ada)) == 2
        assert len(await world.jobs(jo)) == 1
    assert len(jo.seen()) == 1


async def test_an_update_in_work_at_the_end_comes_again_at_the_next_start(world: World) -> None:
    ada = world.person()
    world.server.gates["getFile"] = asyncio.Event()
    async with world.running():
        ada.show(png(), "on a beach")
        await world.until(lambda: bool(ada.seen()))
        await world.until(lambda: world.server.has_given_all)
        assert await world.jobs(ada) == ()
        assert world.server.unconfirmed == 1
        world.timer.advance(5)
    assert ada.seen() == [], "the card is taken back"
    world.server.gates.pop("getFile").set()
    async with world.running():
        await world.until(lambda: "photo" in ada.last())
        await world.settled()
        assert len(await world.jobs(ada)) == 1
    assert len(ada.seen()) == 1


async def test_an_album_that_a_restart_interrupts_is_gathered_again(world: World) -> None:
    ada = world.person()
    first, second = ada.album(png(), png(colour=(0, 0, 9)), caption="a hen")
    async with world.running():
        ada.send(first)
        await world.until(lambda: world.server.has_given_all, time_passes=False)
    assert world.server.unconfirmed == 1
    ada.send(second)
    async with world.running():
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(ada)
    assert len(job.request.styles) == 1
    assert len(ada.seen()) == 1


async def test_a_person_who_blocked_us_ends_the_delivery(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    engine = FakeEngine(Play(hold_at_step=2))
    async with world.running(engine):
        ada.write("a fox")
        await world.until(lambda: "step 2" in ada.last().get("text", ""))
        ada.chat.is_blocked = True
        engine.release()
        jo.write("a hen")
        await world.until(lambda: "photo" in jo.last())
        await world.all_delivered()
        fox = (await world.jobs(ada))[0]
    assert fox.state is JobState.DONE


async def test_a_deleted_card_is_replaced_by_a_new_message(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=2))
    async with world.running(engine):
        request = ada.write("a fox")
        await world.until(lambda: "step 2" in ada.last().get("text", ""))
        del ada.chat.messages[ada.last()["message_id"]]
        engine.release()
        await world.until(lambda: "photo" in ada.last())
    assert ada.last()["reply_to_message"]["message_id"] == request["message_id"]


async def test_a_result_that_telegram_did_not_take_is_brought_again(world: World) -> None:
    ada = world.person()
    async with world.running():
        world.server.fail("editMessageMedia", 502, "Bad Gateway")
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
    assert len(ada.seen()) == 1


async def test_a_repeated_delivery_edits_the_same_message(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(ada)
        again = asyncio.create_task(world.bot.deliver(job))
        await world.until(again.done)
        await again
    assert len(ada.seen()) == 1
    assert "photo" in ada.last()


async def test_an_album_whose_buttons_failed_is_not_sent_twice(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=1))
    async with world.running(engine):
        ada.write("a fox --n 2")
        await world.until(lambda: "step 1" in ada.last().get("text", ""))
        world.server.fail("sendMessage", 500, "Internal Server Error")
        engine.release()
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))
    assert [sorted(one.keys() & {"photo", "text"}) for one in ada.seen()] == [["photo"], ["photo"], ["text"]]


async def test_a_picture_telegram_refuses_as_photo_comes_as_document(world: World) -> None:
    ada = world.person()
    async with world.running():
        world.server.fail("editMessageMedia", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        ada.write("a fox")
        await world.until(lambda: "document" in ada.last())
    assert ada.last()["caption"].startswith("Text only")


async def test_a_result_whose_file_is_gone_says_so(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(ada)
        result = ada.last()
        await world.kit.images.delete(job.pictures[0].picture)
        ada.press(result, "Original file")
        await world.until(lambda: "it may have been deleted" in ada.last().get("text", ""))
        await world.settled()


async def test_an_outage_of_the_updates_is_waited_out(world: World) -> None:
    ada = world.person()
    async with world.running():
        world.server.outages = 3
        ada.write("a fox")
        await world.until(lambda: "photo" in ada.last())
    assert world.server.outages == 0
