"""The card while a job waits and runs, and how it ends."""

from __future__ import annotations

import itertools

from adapters.engine.fake import FakeEngine, Play
from bot.domain.jobs import JobState
from bot.ports.engine import EngineLost, EngineOutOfMemory
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group, texts


async def test_the_card_moves_in_place_and_becomes_the_picture(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=3), is_manual=True)
    async with world.running(engine):
        ada.write("a fox --steps 10")
        await world.until(lambda: ada.last().get("text", "").startswith("Warming up"))
        assert texts(ada.last()) == [["Cancel"]]
        engine.become_ready()
        await world.until(lambda: "Drawing, step 3 of 10" in ada.last()["text"])
        assert "▓▓▓▓░░░░░░░░" in ada.last()["text"]
        assert "Text only · toy model" in ada.last()["text"]
        engine.release()
        await world.until(lambda: "photo" in ada.last())
        await world.settled()
    assert len(ada.seen()) == 1


async def test_waiting_people_see_their_place(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    engine = FakeEngine(Play(hold_at_step=1))
    async with world.running(engine):
        ada.write("a fox")
        await world.until(engine.held.is_set)
        ada.write("a hen")
        await world.until(lambda: "You are next" in ada.last().get("text", ""))
        jo.write("an owl")
        # Ada's first picture is being drawn, so it is Jo's turn, and Ada sees it.
        await world.until(lambda: "You are next" in jo.last().get("text", ""))
        await world.until(lambda: "Place 2 in the queue" in ada.last().get("text", ""))
        engine.release()
        await world.until(lambda: "photo" in jo.last() and all("photo" in seen for seen in ada.seen()))


async def test_edits_are_throttled_and_the_latest_wins(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=9), is_manual=True)
    async with world.running(engine):
        ada.write("a fox --steps 10")
        await world.until(lambda: ada.last().get("text", "").startswith("Warming up"))
        first_edit = world.server.calls_of("editMessageText")[-1]
        for percent in range(1, 100):
            engine.warm_up(percent / 100)
        world.timer.advance(2.9)
        await world.until(lambda: world.server.has_given_all, time_passes=False)
        assert world.server.calls_of("editMessageText")[-1] is first_edit
        await world.until(lambda: "(99 %)" in ada.last()["text"])
        engine.become_ready()
        await world.until(lambda: "step 9 of 10" in ada.last()["text"])
        engine.release()
        await world.until(lambda: "photo" in ada.last())

    moments = [call.at for call in world.server.calls_of("editMessageText")]
    assert len(moments) == 3, "99 changes of the warm-up became one edit"
    assert all(later - earlier >= 3.0 for earlier, later in itertools.pairwise(moments))


async def test_in_groups_edits_are_fewer(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    engine = FakeEngine(Play(hold_at_step=5), is_manual=True)
    async with world.running(engine):
        ada.write("/imagine a fox")
        await world.until(lambda: ada.last().get("text", "").startswith("Warming up"))
        engine.warm_up(0.5)
        await world.until(lambda: "(50 %)" in ada.last()["text"])
        engine.become_ready()
        await world.until(lambda: "step 5 of" in ada.last()["text"])
        engine.release()
        await world.until(lambda: "photo" in ada.last())

    moments = [call.at for call in world.server.calls_of("editMessageText")]
    assert all(later - earlier >= 15.0 for earlier, later in itertools.pairwise(moments))
    assert len(moments) in {3, 4}, "a fourth where time passed between readiness and the fifth step"


async def test_many_requests_in_one_group_stay_below_its_limit(world: World) -> None:
    group = new_group(world.server)
    people = [member(world.person(f"P{number}"), group) for number in range(12)]
    async with world.running():
        for person in people:
            person.write("/imagine a fox")
        await world.until(lambda: sum("photo" in seen for seen in people[0].seen()) == 12)
    assert len(people[0].seen()) == 12


async def test_telegram_asking_to_slow_down_is_obeyed(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=3))
    async with world.running(engine):
        world.server.fail("sendMessage", 429, "Too Many Requests: retry after 7", {"retry_after": 7})
        ada.write("a fox")
        await world.until(lambda: "step 3" in ada.last().get("text", ""))
        refused = next(call for call in world.server.calls if call.error)
        answered = world.server.calls_of("sendMessage")[0]
        assert answered.at - refused.at >= 7
        world.server.fail("editMessageMedia", 429, "Too Many Requests: retry after 2", {"retry_after": 2})
        engine.release()
        await world.until(lambda: any(call.method == "editMessageMedia" for call in world.server.calls))
        world.kit.clock.advance(3)
        await world.until(lambda: "photo" in ada.last())
    assert len(ada.seen()) == 1


async def test_cancel_stops_the_job_and_says_so(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(hold_at_step=3))
    async with world.running(engine):
        ada.write("a fox")
        await world.until(lambda: "step 3" in ada.last().get("text", ""))
        ada.press(ada.last(), "Cancel")
        await world.until(lambda: "Stopped, as you wished." in ada.last()["text"])
        assert texts(ada.last()) == [["Re-roll", "Remix"]]
        [job] = await world.jobs(ada)
    assert job.state is JobState.CANCELLED
    assert len(ada.seen()) == 1


async def test_a_lost_engine_is_a_retry_on_the_card(world: World) -> None:
    ada = world.person()
    engine = FakeEngine(Play(fail_at_step=2, failure=EngineLost("gone")), is_manual=True)
    async with world.running(engine):
        ada.write("a fox")
        engine.become_ready()
        await world.until(lambda: ada.last().get("text", "").startswith("Retrying"))
        engine.become_ready()
        await world.until(lambda: "photo" in ada.last())


async def test_a_failure_says_why_and_offers_to_try_again(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(Play(failure=EngineOutOfMemory()))):
        ada.write("a fox")
        await world.until(lambda: "did not fit into memory" in ada.last().get("text", ""))
        ada.press(ada.last(), "Re-roll")
        await world.until(lambda: "photo" in ada.last())
    assert len(ada.seen()) == 2


async def test_several_pictures_are_an_album_with_buttons_below(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox --n 3 --seed 5")
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))

    *album, buttons = ada.seen()
    assert [sorted(one.keys() & {"photo", "media_group_id"}) for one in album] == [["media_group_id", "photo"]] * 3
    assert len({one["media_group_id"] for one in album}) == 1
    assert album[0]["caption"] == "Text only · seed 5 · seed 6 · seed 7 · toy model"
    assert buttons["text"] == world.kit.application.catalogs.for_locale("en").text("card-done-detail", count=3)
    assert texts(buttons)[:2] == [["• 1 •", "2", "3"], ["Re-roll", "Subtle", "Strong"]]
