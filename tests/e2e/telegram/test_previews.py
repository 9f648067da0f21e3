"""The card while a picture is drawn: previews in its place, and “sending a photo …”."""

from __future__ import annotations

import itertools

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.ports.engine import EngineOutOfMemory
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group, texts


async def test_the_card_becomes_a_preview_and_then_the_picture(world: World) -> None:
    ada = world.person()
    world.preview_every = 2
    engine = FakeEngine(Play(hold_at_step=3))
    async with world.running(engine):
        ada.write("a fox --steps 10")
        await world.until(lambda: "step 3 of 10" in ada.last().get("caption", ""))
        card = ada.last()
        assert "photo" in card
        assert texts(card) == [["Cancel"]]
        engine.release()
        await world.until(lambda: "Re-roll" in str(texts(card)))
    assert len(ada.seen()) == 1
    assert card["caption"].startswith("Text only · seed ")
    moments = [call.at for call in world.server.calls_of("editMessageText", "editMessageMedia", "editMessageCaption")]
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(moments))


async def test_a_spoiler_hides_its_preview_too(world: World) -> None:
    ada = world.person()
    world.preview_every = 2
    async with world.running(FakeEngine(Play(hold_at_step=3))):
        ada.write("a fox --steps 10 --spoiler")
        await world.until(lambda: "photo" in ada.last())
        assert ada.last()["has_media_spoiler"]
        world.engine.release()
        await world.until(lambda: "Re-roll" in str(texts(ada.last())))


@pytest.mark.parametrize(
    ("status", "trouble"), [(502, "Bad Gateway"), (400, "Bad Request: IMAGE_PROCESS_FAILED")], ids=["outage", "refusal"]
)
async def test_a_preview_that_does_not_arrive_holds_no_words_up(world: World, status: int, trouble: str) -> None:
    ada = world.person()
    world.preview_every = 2
    engine = FakeEngine(Play(hold_at_step=3))
    world.server.fail("editMessageMedia", status, trouble, times=1000)
    async with world.running(engine):
        ada.write("a fox --steps 10")
        await world.until(lambda: "step 3 of 10" in ada.last().get("text", ""))
        world.server.faults.clear()
        engine.release()
        await world.until(lambda: "photo" in ada.last())


async def test_a_card_with_a_preview_is_taken_up_after_a_restart(world: World) -> None:
    ada = world.person()
    world.preview_every = 2
    async with world.running(FakeEngine(Play(hold_at_step=3))):
        ada.write("a fox --steps 10")
        await world.until(lambda: "step 3 of 10" in ada.last().get("caption", ""))
    engine = FakeEngine(is_manual=True)
    async with world.running(engine):
        await world.until(lambda: "Warming up" in ada.last().get("caption", ""))
        engine.become_ready()
        await world.until(lambda: "Re-roll" in str(texts(ada.last())))
    assert len(ada.seen()) == 1


async def test_cancel_and_failure_end_a_card_with_a_preview_in_place(world: World) -> None:
    ada = world.person()
    world.preview_every = 2
    gone = Play(hold_at_step=3, fail_at_step=3, failure=EngineOutOfMemory())
    async with world.running(FakeEngine(Play(hold_at_step=3), gone)):
        ada.write("a fox --steps 10")
        await world.until(lambda: "step 3" in ada.last().get("caption", ""))
        ada.press(ada.last(), "Cancel")
        await world.until(lambda: "Stopped, as you wished." in ada.last().get("caption", ""))
        assert len(ada.seen()) == 1


async def test_sending_a_photo_is_shown_for_as_long_as_it_is_drawn(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=3), is_manual=True)
    async with world.running(engine):
        ada.write("a fox")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        assert world.server.methods.actions == []
        engine.become_ready()
        await world.until(lambda: len(world.server.methods.actions) >= 3)
        engine.release()
        await world.until(lambda: "photo" in ada.last())
        count = len(world.server.methods.actions)
        world.timer.advance(60)
        await world.settled()
    assert set(world.server.methods.actions) == {(ada.chat.id, "upload_photo")}
    assert len(world.server.methods.actions) == count
    moments = [call.at for call in world.server.calls_of("sendChatAction")]
    assert all(later - earlier >= 5.0 for earlier, later in itertools.pairwise(moments))


async def test_actions_do_not_use_up_what_a_group_may_be_sent(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    engine = FakeEngine(Play(hold_at_step=3))
    async with world.running(engine):
        ada.write("/imagine a fox")
        await world.until(lambda: len(world.server.methods.actions) >= 20)
        engine.release()
        await world.until(lambda: "photo" in ada.last())
    assert len(ada.seen()) == 1


async def test_a_paused_bot_says_so_on_the_card(world: World) -> None:
    ada, boss = world.person("Ada"), world.person("Boss")
    async with world.running(operators=[boss]):
        boss.write("/admin pause")
        await world.until(lambda: "Paused" in boss.last().get("text", ""))
        ada.write("a fox")
        await world.until(lambda: "paused" in ada.last().get("text", "").lower())
        boss.write("/admin resume")
        await world.until(lambda: "photo" in ada.last())
