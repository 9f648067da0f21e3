"""Groups: commands and answers only, in the topic they came from."""

from __future__ import annotations

from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group
from tests.support.pictures import png


async def test_talk_in_a_group_is_not_for_us(world: World) -> None:
    group = new_group(world.server)
    world.server.has_privacy = False
    ada, jo = member(world.person("Ada"), group), member(world.person("Jo"), group)
    async with world.running():
        talk = jo.write("what a nice fox")
        ada.write("indeed", reply_to=talk)
        ada.show(png(), "look")
        ada.send(*ada.album(png(), png(), caption="holidays"))
        ada.write("/poll@another_bot yes")
        ada.write("/unknown")
        ada.write("/imagine@another_bot a fox")
        await world.settled()
    assert ada.seen() == []
    assert world.server.floods.violations == []


async def test_commands_and_answers_to_us_are(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    async with world.running():
        ada.write("/imagine@uso_test_bot a fox")
        await world.until(lambda: "photo" in ada.last())
        ada.write("a hen", reply_to=ada.last())
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        ada.show(png(), "/imagine on a beach")
        await world.until(lambda: len(ada.seen()) == 3 and "photo" in ada.last())
    assert [task.prompt for task in world.engine.tasks] == ["a fox", "a hen", "on a beach"]
    assert world.engine.tasks[-1].subject is not None


async def test_answers_stay_in_their_topic(world: World) -> None:
    forum = new_group(world.server, is_forum=True)
    ada = member(world.person(), forum, thread_id=42)
    async with world.running():
        ada.write("/imagine a fox --n 2")
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))
        ada.press(ada.last(), "Original")
        await world.until(lambda: "document" in ada.last())
    assert {message.get("message_thread_id") for message in ada.seen()} == {42}


async def test_a_deleted_topic_does_not_hold_an_answer_up(world: World) -> None:
    forum = new_group(world.server, is_forum=True)
    ada = member(world.person(), forum, thread_id=42)
    async with world.running():
        world.server.fail("sendMessage", 400, "Bad Request: message thread not found")
        ada.write("/imagine a fox")
        await world.until(lambda: "photo" in ada.last())
    assert "message_thread_id" not in ada.last()


async def test_a_group_that_became_a_supergroup_gets_its_picture(world: World) -> None:
    old, new = new_group(world.server), new_group(world.server)
    ada = member(world.person(), old)
    async with world.running():
        world.timer.advance(1)
        ada.write("/imagine a fox --seed 7")
        await world.until(lambda: bool(ada.seen()), time_passes=False)
        old.migrated_to = new.id
        await world.until(lambda: bool(member(ada, new).seen()))
    assert "seed 7" in member(ada, new).last()["caption"]
