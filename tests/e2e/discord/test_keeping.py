"""As subject, As style, Info, Favourite and Delete, below results of any age."""

from __future__ import annotations

from datetime import timedelta

from tests.e2e.discord.conftest import RESULT_ROWS, Stage
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.messages import Message
from tests.servers.discord.people import MODERATOR
from tests.support.pictures import png

SURE = "Delete this picture for good? Nobody can see or use it any more."


async def a_result(stage: Stage, **options: object) -> Message:
    return await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", **options}))


async def confirm(stage: Stage, asked: Interaction, label: str = "Delete for good") -> str:
    """Press the button below the question; returns what the question's message then says."""
    question = asked.response
    assert question is not None
    await stage.world.until(lambda: label in question.buttons, "the question")
    before = question.content
    await stage.server.press(question, label, person=asked.person)
    await stage.world.until(lambda: question.content != before, "an answer")
    return question.content


async def test_a_result_becomes_the_next_requests_subject_and_style(stage: Stage) -> None:
    card = await a_result(stage)
    assert list(card.buttons) == RESULT_ROWS
    told = await stage.whispered(await stage.server.press(card, "As subject"))
    assert told.splitlines()[0] == "In your tray: a subject"
    told = await stage.whispered(await stage.server.press(card, "As style"))
    assert told.splitlines()[0] == "In your tray: a subject + 1 style"

    asked = await stage.server.slash("imagine", {})
    await stage.finished(asked)
    _, second = await stage.jobs()
    assert second.request.subject is not None
    assert second.request.styles == (second.request.subject,)


async def test_info_says_everything_that_repeats_the_picture_chosen(stage: Stage) -> None:
    card = await a_result(stage, count=2, seed=41, steps=7, guidance=3.5)
    faces = len(card.faces)
    await stage.server.press(card, "2")
    await stage.world.until(lambda: len(card.faces) > faces, "the card is drawn again")
    told = await stage.whispered(await stage.server.press(card, "Info"))
    (job,) = await stage.jobs()
    assert "a cat" in told
    assert "42" in told
    assert f"{job.id}-2" in told.replace("\\", "")


async def test_a_favourite_is_marked_and_unmarked(stage: Stage) -> None:
    card = await a_result(stage)
    marked = await stage.whispered(await stage.server.press(card, "Favourite"))
    assert marked == "Marked as a favourite; /history shows it with a star."
    assert "★" in await stage.whispered(await stage.server.slash("history", {}))
    assert await stage.whispered(await stage.server.press(card, "Favourite")) == "No longer a favourite."
    assert "★" not in await stage.whispered(await stage.server.slash("history", {}))


async def test_everybody_marks_for_themselves_what_is_public(stage: Stage) -> None:
    bob = stage.world.add_person("Bob", locale="de")
    card = await a_result(stage)
    marked = await stage.whispered(await stage.server.press(card, "Favourite", person=bob))
    assert marked == "Als Favorit gemerkt; /history zeigt es mit einem Stern."
    assert "★" not in await stage.whispered(await stage.server.slash("history", {}))


async def test_delete_asks_first_and_then_takes_everything_away(stage: Stage) -> None:
    card = await a_result(stage)
    asked = await stage.server.press(card, "Delete")
    assert await stage.whispered(asked) == SURE
    assert card in stage.world.posted_in(stage.server.channel)
    assert len(await stage.jobs()) == 1
    assert await confirm(stage, asked) == "Deleted."
    assert stage.world.posted_in(stage.server.channel) == []
    assert await stage.jobs() == []
    assert stage.images._pictures == {}


async def test_the_question_works_after_a_restart_and_long_after_the_token(stage: Stage) -> None:
    card = await a_result(stage)
    stage.world.clock.advance(minutes=60 * 24 * 30)
    asked = await stage.server.press(card, "Delete")
    assert await stage.whispered(asked) == SURE
    await stage.down()
    await stage.up()
    assert await confirm(stage, asked) == "Deleted."
    assert card.is_deleted


async def test_a_stranger_is_refused_before_they_are_asked(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    card = await a_result(stage)
    refused = await stage.server.press(card, "Delete", person=bob)
    assert await stage.whispered(refused) == "Only the person who asked for it can do that."
    assert len(await stage.jobs()) == 1


async def test_a_moderator_deletes_in_their_own_server_only(stage: Stage) -> None:
    mia = stage.world.add_person("Mia", permissions=MODERATOR)
    card = await a_result(stage)
    asked = await stage.server.press(card, "Delete", person=mia)
    assert await stage.whispered(asked) == SURE
    assert await confirm(stage, asked) == "Deleted."
    assert card.is_deleted
    assert await stage.jobs() == []

    direct = stage.world.direct_channel(stage.server.ada)
    elsewhere = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=direct))
    refused = await stage.server.press(elsewhere, "Delete", person=mia)
    assert await stage.whispered(refused) == "Only the person who asked for it can do that."


async def test_a_message_that_can_not_be_removed_is_told(stage: Stage) -> None:
    friends = stage.world.add_private_channel(stage.server.ada)
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=friends))
    stage.world.clock.advance(minutes=20)
    asked = await stage.server.press(card, "Delete")
    await stage.whispered(asked)
    assert (await confirm(stage, asked)).startswith("Deleted. This chat does not let me remove the message")
    assert await stage.jobs() == []
    refused = await stage.server.press(card, "Info")
    assert await stage.whispered(refused) == "We do not know that request; it may have been deleted."


async def test_a_private_result_is_its_owners_alone(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    card = await a_result(stage, private=True, subject=png())
    (job,) = await stage.jobs()
    # Nobody but Ada sees the card; whoever learns of the button's id all the same gets nothing.
    card.only_for = None
    for label in RESULT_ROWS[:-1]:
        refused = await stage.server.press(card, label, person=bob)
        assert await stage.whispered(refused) == "Only the person who asked for it can do that.", label
    assert await stage.jobs_of(bob) == []
    assert (await stage.jobs())[0].hidden_at is None
    assert job.request.private


async def test_a_picture_that_was_let_go_still_has_its_recipe(stage: Stage) -> None:
    card = await a_result(stage)
    (job,) = await stage.jobs()
    async with stage.kit.open_unit() as unit:
        await unit.pictures.let_go_results(finished_before=stage.clock.now() + timedelta(days=1), limit=10)
        await unit.commit()
    refused = await stage.server.press(card, "As style")
    assert (await stage.whispered(refused)).startswith("That picture was removed to make room")
    assert job.id in (await stage.whispered(await stage.server.press(card, "Info"))).replace("\\", "")
