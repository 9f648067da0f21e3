"""Answers to results change them, whatever their age."""

from __future__ import annotations

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.jobs import LineageKind
from tests.e2e.telegram.test_buttons import YEAR_S, drawn
from tests.e2e.telegram.test_requests import BLUE, GREEN, RED, corner
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group, texts


async def test_words_that_answer_a_result_remix_it(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(RED, "on a beach --seed 7 --steps 9")
        await world.until(lambda: "photo" in ada.last())
        result = ada.last()
        ada.write("in the snow", reply_to=result)
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        newest, oldest = await world.jobs(ada)

    task = world.engine.tasks[-1]
    assert (task.prompt, task.seed, task.steps) == ("in the snow", 7, 9)
    assert corner(task.subject) == (200, 0, 0)
    assert newest.lineage is not None
    assert (newest.lineage.kind, newest.lineage.parent) == (LineageKind.REMIX, oldest.id)


async def test_flags_alone_keep_the_words(world: World) -> None:
    ada = world.person()
    async with world.running():
        await world.kit.application.styles.save(Actor(Platform.TELEGRAM, str(ada.user["id"])), "ink", [BLUE])
        await drawn(world, ada, "a fox --seed 7")
        ada.write("--ar 16:9 --steps 30 --style ink --spoiler", reply_to=ada.last())
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        newest = (await world.jobs(ada))[0]
    task = world.engine.tasks[-1]
    assert (task.prompt, task.seed, task.steps, task.width) == ("a fox", 7, 30, 1360)
    assert [corner(style) for style in task.styles] == [(0, 0, 200)]
    assert newest.request.spoiler


async def test_a_result_of_last_year_is_remixed_after_a_restart(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
    world.timer.advance(YEAR_S)
    async with world.running():
        ada.write("a hen", reply_to=ada.last())
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
    assert world.engine.tasks[-1].seed == 7


async def test_a_wrong_flag_in_a_remix_is_quoted_and_makes_nothing(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        ada.write("a hen --sed 8", reply_to=ada.last())
        await world.until(lambda: ada.last().get("text", "").startswith("“--sed” is not one of"))
        assert len(await world.jobs(ada)) == 1


async def test_of_several_the_chosen_one_is_remixed(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox --n 3 --seed 5")
        await world.until(lambda: bool(world.server.calls_of("deleteMessage")))
        *album, buttons = ada.seen()
        ada.press(buttons, "3")
        await world.until(lambda: texts(buttons)[0] == ["1", "2", "• 3 •"])
        ada.write("a hen --n 1", reply_to=buttons)
        await world.until(lambda: "caption" in ada.last())
        assert world.engine.tasks[-1].seed == 7
        ada.write("a hen", reply_to=album[1])
        await world.until(lambda: "answer the message with the buttons" in ada.last().get("text", ""))


async def test_the_button_asks_for_words(world: World) -> None:
    ada = world.person()
    async with world.running():
        await drawn(world, ada)
        ada.press(ada.last(), "Remix")
        await world.until(lambda: ada.prompted() is not None)
        assert "Now it says: “a fox”" in ada.last()["text"]
    async with world.running():
        ada.answer("a hen --steps 5")
        await world.until(lambda: "photo" in ada.last())
    task = world.engine.tasks[-1]
    assert (task.prompt, task.seed, task.steps) == ("a hen", 7, 5)


async def test_in_a_group_the_form_opens_for_the_presser_alone(world: World) -> None:
    group = new_group(world.server)
    ada, jo = member(world.person("Ada"), group), world.person("Jo")
    jo.user["username"] = "jo_paints"
    jo = member(jo, group)
    async with world.running():
        ada.write("/imagine a fox")
        await world.until(lambda: "photo" in ada.last())
        jo.press(ada.last(), "Remix")
        await world.until(lambda: "Answer this message" in ada.last().get("text", ""))
        assert ada.last()["text"].startswith("@jo_paints ")
        assert world.server.calls_of("sendMessage")[-1].values["reply_markup"]["selective"] is True
        jo.write("a hen", reply_to=ada.last())
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(jo)
    assert job.request.prompt == "a hen"


async def test_a_command_that_answers_a_result_takes_its_picture(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine()):
        await drawn(world, ada)
        ada.write("/imagine on a beach", reply_to=ada.last())
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        ada.show(GREEN, "a garden", reply_to=ada.last())
        await world.until(lambda: len(ada.seen()) == 3 and "photo" in ada.last())
    beach, garden = world.engine.tasks[1:]
    assert beach.prompt == "on a beach"
    assert beach.subject is not None
    assert corner(garden.subject) == (0, 200, 0), "a picture of its own is no remix"
