"""What else the buttons below results do: enlarge, pick for the tray, tell, keep, delete; for those who may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.requests import Mode
from tests.e2e.telegram.test_buttons import YEAR_S, drawn
from tests.e2e.telegram.test_requests import RED
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import Person, member, new_group, texts

TWO_DAYS_S = 2 * 24 * 3600.0


def actor_of(person: Person) -> Actor:
    """The person as the services know them."""
    return Actor(Platform.TELEGRAM, str(person.user["id"]))


def toast(world: World) -> str:
    """What the last press was answered with."""
    answered = world.server.methods.answered
    return str(answered[-1].get("text", "")) if answered else ""


async def test_upscale_makes_a_larger_one_a_year_later_after_a_restart(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
    world.timer.advance(YEAR_S)
    async with world.running():
        ada.press(ada.last(), "Upscale")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        newest = (await world.jobs(ada))[0]
    assert newest.request.mode is Mode.UPSCALE


@pytest.mark.parametrize(("label", "role"), [("As subject", "subject"), ("As style", "styles")])
async def test_a_result_is_picked_for_the_next_words(world: World, label: str, role: str) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        ada.press(ada.last(), label)
        await world.until(lambda: "text" in ada.last())
    async with world.running():
        ada.write("on a beach")
        await world.until(lambda: "photo" in ada.last())
    [task] = world.engine.tasks
    assert bool(task.subject) is (role == "subject")
    assert bool(task.styles) is (role == "styles")


async def test_info_tells_the_recipe_and_an_answer_to_it_is_a_remix(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada, "a fox --seed 7 --steps 9")
        [job] = await world.jobs(ada)
        ada.press(ada.last(), "Info")
        await world.until(lambda: f"{job.id}-1" in ada.last().get("text", ""))
        assert "a fox" in ada.last()["text"]


async def test_favourite_is_a_word_in_passing_and_comes_off_again(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        ada.press(ada.last(), "Favourite")
        await world.until(lambda: toast(world).startswith("Marked as a favourite"))
        page = await world.kit.application.history.page(actor_of(ada), only_favourites=True)
        assert len(page.jobs) == 1
        world.timer.advance(3)
        ada.press(ada.last(), "Favourite")
        await world.until(lambda: toast(world) == "No longer a favourite.")
    assert len(ada.seen()) == 1


async def test_a_favourite_pressed_while_the_bot_was_down_is_told_in_a_message(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
    ada.press(ada.last(), "Favourite")
    world.timer.advance(3600)
    async with world.running():
        await world.until(lambda: ada.last().get("text", "").startswith("Marked as a favourite"))


async def test_delete_asks_and_takes_the_message_away(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        result = ada.last()
        before = texts(result)
        ada.press(result, "Delete")
        await world.until(lambda: texts(result) == [["Delete for good"], ["Keep"]])
        ada.press(result, "Keep")
        await world.until(lambda: texts(result) == before)
        world.timer.advance(3)
        ada.press(result, "Delete")
        await world.until(lambda: texts(result) == [["Delete for good"], ["Keep"]])
    async with world.running():
        ada.press(result, "Delete for good")
        await world.until(lambda: ada.seen() == [])
        assert await world.jobs(ada) == ()
        assert world.stored_pictures == 0


async def test_several_go_together(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox --n 3")
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))
        buttons = ada.last()
        ada.press(buttons, "Delete")
        await world.until(lambda: texts(buttons)[0] == ["Delete all 3 for good"])
        ada.press(buttons, "Delete all")
        await world.until(lambda: ada.seen() == [])


async def test_after_two_days_what_the_messages_showed_is_replaced(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox --n 2")
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))
        *album, buttons = ada.seen()
        before = [one["photo"][-1]["file_unique_id"] for one in album]
        world.timer.advance(TWO_DAYS_S + 1)
        ada.press(buttons, "Delete")
        await world.until(lambda: texts(buttons)[0] == ["Delete all 2 for good"])
        ada.press(buttons, "Delete all")
        await world.until(lambda: buttons["text"] == "Deleted.")
        after = [one["photo"][-1]["file_unique_id"] for one in album]
        assert not set(before) & set(after)
        assert [one["caption"] for one in album] == ["Deleted.", "Deleted."]
        assert texts(buttons) == []


async def test_presses_below_what_was_deleted_are_harmless(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        result = {**ada.last()}
        [job] = await world.jobs(ada)
        await world.kit.application.history.delete(actor_of(ada), job.id)
        for label in ("Re-roll", "Upscale", "Remix", "As style", "Info", "Delete", "Original"):
            before = len(ada.seen())
            ada.press(result, label)
            await world.until(lambda before=before: len(ada.seen()) > before)  # type: ignore[misc]
            await world.until(lambda: ada.last()["text"].startswith("We do not know that request"))
        ada.press(result, "Favourite")
        await world.until(lambda: toast(world).startswith("We do not know that request"))


async def test_private_results_are_their_owners_alone(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    async with world.running():
        await drawn(world, ada, "a fox --private")
        result = ada.last()
        for label in ("Re-roll", "Upscale", "Remix", "As subject", "Info", "Original"):
            before = len(jo.seen())
            stolen = {**result, "chat": jo.chat.facts, "message_id": 1}
            jo.press(stolen, label)
            await world.until(lambda before=before: len(jo.seen()) > before)  # type: ignore[misc]
            await world.until(lambda: jo.last().get("text") == "Only the person who asked for it can do that.")


async def test_a_private_request_in_a_group_is_answered_in_private(world: World) -> None:
    ada = world.person("Ada")
    there = member(ada, new_group(world.server))
    async with world.running():
        there.write("/imagine a fox --private")
        await world.until(lambda: "photo" in ada.last())
        assert there.seen() == []
        ada.chat.is_blocked = True
        there.write("/imagine a hen --private")
        await world.until(lambda: "open a chat with me" in there.last().get("text", ""))
        assert [job.request.prompt for job in await world.jobs(ada)] == ["a fox"]


async def test_moderators_cancel_and_delete_and_others_do_not(world: World) -> None:
    group = new_group(world.server)
    ada, jo = member(world.person("Ada"), group), member(world.person("Jo"), group)
    boss = member(world.person("Boss"), group, status="administrator")
    async with world.running(FakeEngine(is_manual=True)):
        ada.write("/imagine a fox")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        card = ada.last()
        boss.press(card, "Cancel")
        await world.until(lambda: "Stopped, as you wished." in card["text"])
    async with world.running():
        ada.write("/imagine a hen")
        await world.until(lambda: "photo" in ada.last())
        result = ada.last()
        jo.press(result, "Delete")
        await world.until(lambda: ada.last().get("text") == "Only the person who asked for it can do that.")
        asked = len(world.server.calls_of("getChatMember"))
        ada.press(result, "Info")
        await world.settled()
        assert len(world.server.calls_of("getChatMember")) == asked, "Telegram is asked only where it matters"
        boss.press(result, "Delete")
        await world.until(lambda: texts(result)[0] == ["Delete for good"])
        jo.press(result, "Delete for good")
        await world.until(lambda: ada.last().get("text") == "Only the person who asked for it can do that.")
        boss.press(result, "Delete for good")
        await world.until(lambda: result["message_id"] not in group.messages)


async def test_ones_own_language_comes_before_telegrams(world: World) -> None:
    ada = world.person("Ada", language="en")
    async with world.running():
        ada.write("/me")
        await world.until(lambda: bool(ada.seen()))
        await drawn(world, ada)
        await world.kit.application.preferences.change_user(actor_of(ada), lambda one: replace(one, locale="de"))
        ada.show(RED)
        await world.until(lambda: texts(ada.last()) == [["Motiv", "Stil", "Beides"]])
        ada.write("ein Fuchs")
        await world.until(lambda: "Spielzeugmodell" in ada.last().get("caption", ""))
        ada.write("ein Fuchs --sed 7")
        await world.until(lambda: "gehört nicht zu" in ada.last().get("text", ""))
