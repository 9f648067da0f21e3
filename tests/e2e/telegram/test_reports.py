"""Report: the question after a press, what operators are told, and what they decide."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.actors import Actor, Platform
from bot.domain.reports import Report
from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.chats import Chat, Json
from tests.servers.telegram.people import Person, member, new_group, texts

PAGE = Actor(Platform.WEB, "local")
ASKED = "What is wrong with this picture?"
THANKS = "Thank you. Whoever runs this bot will look at it."
TWO_DAYS_S = 48 * 3600


@dataclass
class Cast:
    """Ada and Jo in a group; Jo in private with the bot, and who runs it."""

    world: World
    group: Chat
    ada: Person
    jo: Person
    jo_alone: Person
    olga: Person

    async def reports(self) -> list[Report]:
        return await self.world.kit.application.reports.open_reports(PAGE)

    async def report(self, result: Json, reason: str = "that is my face") -> None:
        """Have Jo report a result, and wait until Olga is told."""
        self.jo.press(result, "Report")
        await self.world.until(lambda: self.jo_alone.prompted() is not None)
        self.jo_alone.answer(reason)
        await self.world.until(lambda: reason in shown(self.olga.last()))


def cast_of(world: World) -> Cast:
    group = new_group(world.server)
    jo = world.person("Jo")
    ada = member(world.person("Ada"), group, status="creator")
    return Cast(world, group, ada, member(jo, group), jo, world.person("Olga"))


async def drawn(cast: Cast, words: str = "/imagine a fox --seed 7") -> Json:
    """A result of Ada's in the group."""
    before = cast.ada.last().get("message_id")
    cast.ada.write(words)
    await cast.world.until(lambda: cast.ada.last().get("message_id") != before and bool(texts(cast.ada.last())[1:]))
    return cast.ada.last()


async def test_the_reason_is_asked_in_private_and_operators_are_told_with_the_picture_hidden(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        result = await drawn(cast)
        cast.jo.press(result, "Report")
        await world.said(cast.jo_alone, ASKED)
        assert cast.group.prompt_id is None
        assert len(cast.ada.seen()) == 1, "nothing of it is seen in the group"
        cast.jo_alone.answer("that is\nmy face")
        await world.said(cast.jo_alone, THANKS)

        await world.said(cast.olga, "Reason: that is my face")
        [report] = await cast.reports()
        [job] = await world.jobs(cast.ada)
        assert (report.job_id, report.index, report.by) == (job.id, 0, f"telegram:{cast.jo.user['id']}")
        photo, told = cast.olga.seen()
        assert photo["has_media_spoiler"] is True
        assert shown(told).splitlines() == [
            f"Report {report.id}, about picture {job.id}-1",
            "Reason: that is my face",
            f"From telegram:{cast.jo.user['id']}",
        ]
        assert texts(told) == [["Leave it", "Delete it"]]
        assert await world.jobs(cast.jo) == (), "the answer is no request"


async def test_a_picture_is_reported_once_and_with_a_reason(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        result = await drawn(cast)
        await cast.report(result)
        world.timer.advance(3)
        cast.jo.press(result, "Report")
        await world.said(cast.jo_alone, ASKED)
        cast.jo_alone.answer("again")
        await world.said(cast.jo_alone, "You reported this picture already")
        assert len(await cast.reports()) == 1


async def test_an_operator_leaves_a_picture(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        result = await drawn(cast)
        await cast.report(result)
        told = cast.olga.last()
        cast.olga.press(told, "Leave it")
        await world.until(lambda: shown(told) == "Closed; the picture stays.")
        assert texts(told) == []
        assert result in cast.ada.seen()
        assert await cast.reports() == []


async def test_an_operator_deletes_an_album_also_after_a_restart(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        result = await drawn(cast, "/imagine a fox --n 3")
        await world.until(lambda: len(cast.ada.seen()) == 4)  # without the card
        await cast.report(result)
    async with world.running(operators=[cast.olga]):
        cast.olga.press(cast.olga.last(), "Delete it")
        await world.until(lambda: cast.ada.seen() == [])
        await world.said(cast.olga, "Closed; the request is deleted with its pictures")
        assert await world.jobs(cast.ada) == ()
        assert world.stored_pictures == 0


async def test_after_two_days_what_a_reported_message_showed_is_replaced(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        result = await drawn(cast)
        await cast.report(result)
        world.timer.advance(TWO_DAYS_S + 1)
        cast.olga.press(cast.olga.last(), "Delete it")
        await world.until(lambda: result.get("caption") == "Deleted.")


async def test_operators_look_through_reports_by_command_and_nobody_else_does(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        cast.olga.write("/admin reports")
        await world.said(cast.olga, "No reports are waiting.")
        for number in range(2):
            await cast.report(await drawn(cast, f"/imagine a fox --seed {number}"), f"reason {number}")
            world.timer.advance(60)
        first, second = await cast.reports()
        cast.olga.write("/admin reports")
        await world.said(cast.olga, "1 more report waits.")
        cast.olga.write(f"/admin reports keep {first.id}")
        await world.said(cast.olga, "Closed; the picture stays.")
        for wrong, words in (
            ("keep", "Please type /admin reports"),
            ("keep 99999999999999999999", "no such open report"),
        ):
            cast.olga.write(f"/admin reports {wrong}")
            await world.said(cast.olga, words)
        cast.jo_alone.write(f"/admin reports delete {second.id}")
        await world.said(cast.jo_alone, "Only whoever runs this bot can do that.")
        cast.ada.write("/admin reports")
        await world.said(cast.ada, "Only whoever runs this bot can do that.")
        assert await cast.reports() == [second]


async def test_a_verdict_by_somebody_else_who_makes_the_data_up_changes_nothing(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        await cast.report(await drawn(cast))
        [report] = await cast.reports()
        cast.jo_alone.press_data(cast.jo_alone.last(), f"/admin reports delete {report.id}")
        await world.said(cast.jo_alone, "Only whoever runs this bot can do that.")
        assert await cast.reports() == [report]


async def test_a_private_result_can_not_be_reported(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox --private")
        await world.until(lambda: "photo" in ada.last())
        assert ["Report"] not in texts(ada.last())


async def test_an_operator_who_never_wrote_to_the_bot_holds_nothing_up(world: World) -> None:
    cast = cast_of(world)
    stranger = Person(world.server, {**cast.olga.user, "id": 77}, cast.olga.chat)
    async with world.running(operators=[stranger, cast.olga]):
        await cast.report(await drawn(cast))
        assert len(await cast.reports()) == 1


async def test_made_up_numbers_of_messages_are_never_removed(world: World) -> None:
    cast = cast_of(world)
    async with world.running(operators=[cast.olga]):
        result = await drawn(cast)
        [job] = await world.jobs(cast.ada)
        other = cast.ada.write("something else")
        forged = f"x:{job.id}:0:{other['message_id']}"
        cast.jo.press_data(result, forged)  # on a message whose buttons Telegram tells us
        await world.settled()
        assert cast.jo_alone.seen() == []
        world.timer.advance(TWO_DAYS_S + 1)
        cast.jo.press_data(result, forged)  # on one that is too old for that
        await world.said(cast.jo_alone, ASKED)
        cast.jo_alone.answer("that is my face")
        await world.said(cast.olga, "that is my face")
        cast.olga.press(cast.olga.last(), "Delete it")
        await world.until(lambda: result.get("caption") == "Deleted.")
        assert other["message_id"] in cast.group.messages
        assert other["text"] == "something else"
