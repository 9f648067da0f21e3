"""/history, /queue and /cancel on Telegram."""

from __future__ import annotations

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.people import member, new_group, texts


async def test_history_queue_and_cancel_in_private(world: World) -> None:
    ada = world.person("Ada")
    async with world.running(FakeEngine(is_manual=True)):
        ada.write("/history")
        await world.until(lambda: ada.last().get("text", "").startswith("Nothing yet."))
        ada.write("/queue")
        await world.until(lambda: "Nobody is waiting" in ada.last().get("text", ""))
        ada.write("a fox")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        card = ada.last()
        (job,) = await world.jobs(ada)
        ada.write("/queue")
        await world.until(lambda: ada.last().get("text") == "One request is waiting, one of them yours.")
        ada.write("/history FOX")
        await world.until(
            lambda: ada.last().get("text") == f"{job.id} · {job.created_at:%Y-%m-%d} · In the queue · a fox"
        )
        ada.write("/history owl")
        await world.until(lambda: "nothing with “owl”" in ada.last().get("text", ""))
        ada.write(f"/cancel {job.id}")
        await world.until(lambda: ada.last().get("text") == "Stopped, as you wished.")
        await world.until(
            lambda: any(one["message_id"] == card["message_id"] and "Cancelled" in one["text"] for one in ada.seen())
        )
        ada.write("/cancel 7k3m9qx2vt0a")
        await world.until(lambda: "do not know that request" in ada.last().get("text", ""))
        ada.write("/cancel")
        await world.said(ada, "Nothing of yours is waiting")


async def test_history_is_not_told_in_groups_but_the_queue_is(world: World) -> None:
    ada = member(world.person("Ada"), new_group(world.server))
    async with world.running():
        ada.write("/history@uso_test_bot")
        await world.until(lambda: "in private" in ada.last().get("text", ""))
        ada.write("/queue@uso_test_bot")
        await world.until(lambda: "Nobody is waiting" in ada.last().get("text", ""))


async def test_history_is_turned_page_by_page_after_a_restart_too(world: World) -> None:
    ada = world.person()
    async with world.running():
        for number in range(10):
            await world.drawn(ada, f"a red fox {number}")
        await world.drawn(ada, "a hen")
        ada.write("/history red FOX")
        page = await world.said(ada, "a red fox 9")
        assert "a red fox 2" in shown(page)
        assert "hen" not in shown(page)
        assert texts(page)[-2:] == [["Older"], ["★ Favourites only"]]
    async with world.running():
        ada.press(page, "Older")
        await world.until(lambda: "a red fox 0" in shown(page))
        assert "a red fox 2" not in shown(page)
        ada.press(page, "Newest")
        await world.until(lambda: "a red fox 9" in shown(page))
        ada.press(page, "a red fox 5")
        await world.until(lambda: "document" in ada.last())
    assert len(ada.seen()) == 11 + 1 + 2


async def test_favourites_are_one_press_away_and_back(world: World) -> None:
    ada = world.person()
    async with world.running():
        fox = await world.drawn(ada, "a fox")
        await world.drawn(ada, "a hen")
        ada.write("/history")
        page = await world.said(ada, "a hen")
        ada.press(page, "Favourites")
        await world.until(lambda: "No favourites yet" in shown(page))
        actor = Actor(Platform.TELEGRAM, str(ada.user["id"]))
        await world.kit.application.history.favourite(actor, fox, 0, is_on=True)
        ada.press(page, "All requests")
        await world.until(lambda: "a hen" in shown(page))
        ada.press(page, "Favourites")
        await world.until(lambda: shown(page).startswith(f"★ {fox}"))
        assert "a hen" not in shown(page)


async def test_words_that_no_button_could_carry_are_refused(world: World) -> None:
    ada = world.person(language="de")
    async with world.running():
        ada.write(f"/history {'ü' * 30}")
        await world.said(ada, "ist zu lang für die Suche")
        ada.write(f"/history {'ü' * 20}")
        await world.said(ada, "nichts")


async def test_cancel_without_an_id_offers_what_is_not_done(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(Play(hold_at_step=1))):
        ada.write("a fox")
        await world.until(lambda: "step 1" in shown(ada.last()))
        ada.write("a hen")
        await world.until(lambda: "You are next" in shown(ada.last()))
        ada.write("/cancel")
        offer = await world.said(ada, "Which one shall stop?")
        assert [row[0].rpartition(" · ")[2] for row in texts(offer)] == ["a hen", "a fox"]
        ada.press(offer, "a hen")
        await world.until(lambda: shown(offer) == "Stopped, as you wished.")
        hen, _ = await world.jobs(ada)
        assert hen.state.value == "cancelled"
        world.timer.advance(3)
        ada.press_data(offer, f"/cancel {hen.id}")
        await world.said(ada, "That request is already over.")
        world.engine.release()


async def test_in_a_group_cancel_offers_what_was_asked_there_and_only_the_asking_person_stops_it(world: World) -> None:
    group = new_group(world.server)
    ada = world.person("Ada")
    there, jo = member(ada, group), member(world.person("Jo"), group)
    async with world.running(FakeEngine(is_manual=True)):
        ada.write("a secret")
        await world.until(lambda: "Warming up" in shown(ada.last()))
        there.write("/imagine a fox")
        await world.until(lambda: "Warming up" in shown(there.last()))
        there.write("/cancel")
        offer = await world.said(there, "Which one shall stop?")
        assert len(texts(offer)) == 1
        jo.press(offer, "a fox")
        await world.said(jo, "Only the person who asked for it can do that.")
        assert "Which one" in shown(offer)
        there.press(offer, "a fox")
        await world.until(lambda: shown(offer) == "Stopped, as you wished.")


async def test_who_looks_after_a_group_may_stop_what_was_asked_there(world: World) -> None:
    group = new_group(world.server)
    ada = member(world.person("Ada"), group)
    jo = member(world.person("Jo"), group, status="administrator")
    async with world.running(FakeEngine(is_manual=True)):
        ada.write("/imagine a fox")
        await world.until(lambda: "Warming up" in shown(ada.last()))
        [job] = await world.jobs(ada)
        jo.write(f"/cancel {job.id}")
        await world.said(jo, "Stopped, as you wished.")


@pytest.mark.parametrize(
    "data", ["/imagine a fox", "/restyle", "/grid", "/admin pause", "/info", "/upscale", "/nonsense"]
)
async def test_buttons_that_we_never_made_do_nothing(world: World, data: str) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/queue")
        told = await world.said(ada, "Nobody is waiting")
        ada.press_data(told, data)
        await world.settled()
        assert await world.jobs(ada) == ()
    assert ada.seen() == [told]
    assert shown(told).startswith("Nobody")
