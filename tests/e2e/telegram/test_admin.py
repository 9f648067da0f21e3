"""/admin: what those decide who look after a group, and those who run the bot."""

from __future__ import annotations

import pytest

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform, Server
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.people import ServerSettings
from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.chats import Chat
from tests.servers.telegram.people import Person, member, new_group

TIERS = Tiers((Tier("free", 25 * CREDIT), Tier("supporter", 100 * CREDIT)), default="free", page="free")


async def settings_of(world: World, group: Chat) -> ServerSettings:
    """What is kept of a group."""
    return await world.kit.application.preferences.of_server(Server(Platform.TELEGRAM, str(group.id)))


def owner_and_member(world: World) -> tuple[Chat, Person, Person]:
    """A group, who looks after it, and somebody else in it."""
    group = new_group(world.server)
    return group, member(world.person("Ada"), group, status="creator"), member(world.person("Jo"), group)


async def test_a_group_gets_a_pool_where_it_is_trusted(world: World) -> None:
    group, ada, _ = owner_and_member(world)
    async with world.running(trusted_servers=(f"telegram:{group.id}",)):
        ada.write("/admin quota pool 50,5")
        await world.said(ada, "50.5")
        assert (await settings_of(world, group)).pool == 5050
        ada.write("/admin stats")
        await world.said(ada, "shares")
        ada.write("/admin quota pool off")
        await world.until(lambda: len(ada.seen()) == 3)
        assert (await settings_of(world, group)).pool is None
        ada.write("/admin quota pool many")
        await world.said(ada, "“many” is not a number for pool.")
    async with world.running():
        ada.write("/admin quota pool 50")
        await world.said(ada, "trust")
        assert (await settings_of(world, group)).pool is None


async def test_limits_are_set_and_lifted(world: World) -> None:
    group, ada, _ = owner_and_member(world)
    async with world.running():
        ada.write("/admin limits count 2")
        await world.until(lambda: len(ada.seen()) == 1)
        ada.write("/admin limits waiting 3")
        await world.until(lambda: len(ada.seen()) == 2)
        ada.write("/admin limits language de")
        await world.until(lambda: len(ada.seen()) == 3)
        assert await settings_of(world, group) == ServerSettings(locale="de", max_waiting=3, max_count=2)
        ada.write("/admin limits count 9")
        await world.said(ada, "goes from 1 to 4")
        ada.write("/admin limits count off")
        await world.until(lambda: len(ada.seen()) == 5)
        ada.write("/admin limits colour red")
        await world.said(ada, "/admin limits, then count")
        assert await settings_of(world, group) == ServerSettings(locale="de", max_waiting=3)


async def test_somebody_is_blocked_and_let_in_again_by_answering_them(world: World) -> None:
    _, ada, jo = owner_and_member(world)
    async with world.running():
        ada.write("/admin block", reply_to=jo.write("hello"))
        await world.said(ada, "Jo can not use the bot")
        jo.write("/imagine a fox")
        await world.said(jo, "can not use this bot here")
        ada.write(f"/admin unblock telegram:{jo.user['id']}")
        await world.said(ada, "can use the bot in this server again")
        jo.write("/imagine a fox")
        await world.until(lambda: "photo" in jo.last())


async def test_who_is_not_named_is_asked_for(world: World) -> None:
    _, ada, jo = owner_and_member(world)
    async with world.running():
        for words in ("/admin block", "/admin unblock", "/admin block somebody"):
            ada.write(words)
            await world.said(ada, "Whom?")
        jo.write("/queue")
        await world.said(jo, "Nobody is waiting")
        ada.write("/admin block", reply_to=jo.last())
        await world.said(ada, "Whom?")


@pytest.mark.parametrize(
    "words",
    [
        *("", "quota pool 5", "limits count 1", "block telegram:7", "unblock telegram:7", "stats", "quota", "limits"),
        *("words", "words add cat", "words remove cat"),
    ],
)
async def test_others_in_the_group_decide_nothing(world: World, words: str) -> None:
    group, _, jo = owner_and_member(world)
    async with world.running():
        jo.write(f"/admin {words}")
        await world.said(jo, "Only moderators")
        assert await settings_of(world, group) == ServerSettings()


async def test_an_administrator_without_a_name_is_one(world: World) -> None:
    group, ada, _ = owner_and_member(world)
    async with world.running():
        ada.write("/admin limits count 2", sender_chat=group.facts)
        await world.until(lambda: bool(ada.seen()))
        assert (await settings_of(world, group)).max_count == 2


async def test_who_was_dismissed_decides_nothing_any_more(world: World) -> None:
    group, ada, _ = owner_and_member(world)
    async with world.running():
        member(ada, group, status="member").write("/admin limits count 2")
        await world.said(ada, "Only moderators")


async def test_the_overview_says_how_things_stand_and_what_can_be_typed(world: World) -> None:
    _, ada, jo = owner_and_member(world)
    async with world.running(operators=[jo]):
        ada.write("/admin")
        told = await world.said(ada, "/admin limits count 2")
        assert "pause" not in shown(told)
        member(jo, jo_private(world, jo)).write("/admin")
        await world.until(lambda: "/admin pause" in shown(member(jo, jo_private(world, jo)).last()))
        ada.write("/admin dance")
        await world.said(ada, "“dance” is not one of quota, limits, block")


async def test_operators_pause_drain_and_go_on_anywhere(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    async with world.running(FakeEngine(), operators=[ada]):
        ada.write("/admin pause")
        await world.said(ada, "aused")
        jo.write("a fox")
        await world.until(lambda: "paused" in shown(jo.last()))
        ada.write("/admin stats")
        await world.said(ada, "The bot is paused")
        ada.write("/admin drain")
        await world.said(ada, "raining")
        await world.until(lambda: any("photo" in message for message in jo.seen()))
        jo.write("a hen")
        await world.until(lambda: len(jo.seen()) == 2 and "moment" not in shown(jo.last()))
        assert "photo" not in jo.last()
        ada.write("/admin resume")
        await world.until(lambda: len(ada.seen()) == 4)
        jo.write("an owl")
        await world.until(lambda: "photo" in jo.last())


async def test_operators_give_credits_and_tiers_and_block_everywhere(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    asking = Actor(Platform.TELEGRAM, str(jo.user["id"]))
    async with world.running(operators=[ada], tiers=TIERS):
        ada.write(f"/admin grant telegram:{jo.user['id']} 10")
        await world.said(ada, "10 credits")
        assert (await world.kit.application.accounts.balance(asking)).account.bonus == 10 * CREDIT
        ada.write(f"/admin quota tier {jo.user['id']} supporter")
        await world.said(ada, "supporter")
        assert (await world.kit.application.accounts.balance(asking)).tier.name == "supporter"
        ada.write(f"/admin quota tier {jo.user['id']} royal")
        await world.said(ada, "There is no tier “royal”")
        ada.write(f"/admin quota tier {jo.user['id']} none")
        await world.until(lambda: len(ada.seen()) == 4)
        assert (await world.kit.application.accounts.balance(asking)).tier.name == "free"
        ada.write("/admin grant 10")
        await world.said(ada, "To whom, and how much?")
        ada.write(f"/admin grant telegram:{jo.user['id']} lots")
        await world.said(ada, "“lots” is not a number")
        ada.write(f"/admin block telegram:{jo.user['id']} spam")
        await world.said(ada, "anywhere")
        jo.write("a fox")
        await world.said(jo, "can not use this bot here")
        ada.write(f"/admin unblock telegram:{jo.user['id']}")
        await world.said(ada, "can use the bot again")


@pytest.mark.parametrize("words", ["", "pause", "drain", "resume", "stats", "grant telegram:7 5", "block telegram:7"])
async def test_others_run_nothing(world: World, words: str) -> None:
    jo = world.person("Jo", language="de")
    async with world.running():
        jo.write(f"/admin {words}")
        await world.until(lambda: "betreib" in shown(jo.last()).lower())


def jo_private(world: World, person: Person) -> Chat:
    """The private chat of somebody who is met in a group."""
    return world.server.memory.chats[person.user["id"]]


async def test_a_group_keeps_a_list_of_words_and_prompts_with_them_are_refused(world: World) -> None:
    group, ada, jo = owner_and_member(world)
    async with world.running():
        ada.write("/admin words")
        await world.said(ada, "No words are listed here.")
        ada.write("/admin words add *porn*")
        await world.said(ada, "1 word is not wanted in prompts here: “*porn*”")
        ada.write("/admin words add wild fox")
        await world.said(ada, "2 words are not wanted in prompts here: “*porn*”, “wild fox”")
        jo.write("/imagine a softPÖRNO")
        await world.said(jo, "“softporno” is not allowed here, so nothing was drawn or charged.")
        ada.write("/admin words remove Wild Fox")
        await world.said(ada, "1 word is not wanted in prompts here: “*porn*”")
        jo.write("/imagine a wild fox")
        await world.until(lambda: "photo" in jo.last())
        ada.write("/admin words add *")
        await world.said(ada, "“*” can not be on the list")
        ada.write("/admin words empty")
        await world.said(ada, "Please type /admin words add and a word")
        assert (await settings_of(world, group)).words == ("*porn*",)
