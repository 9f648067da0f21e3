"""Report: the form below every public result, what operators are told, and what they decide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.actors import Actor, Platform
from bot.domain.reports import Report
from tests.e2e.discord.conftest import RESULT_ROWS, Stage
from tests.servers.discord.messages import Message
from tests.servers.discord.people import MEMBER, Permission, Person
from tests.servers.discord.server import discord_server

THANKS = "Thank you. Whoever runs this bot will look at it."


@dataclass(frozen=True)
class Cast:
    """A stage with somebody who runs the bot, and somebody who sees Ada's pictures."""

    stage: Stage
    operator: Person
    bob: Person

    async def up(self) -> None:
        await self.stage.up(operators=(f"discord:{self.operator.id}",))

    async def open_reports(self) -> list[Report]:
        return await self.stage.kit.application.reports.open_reports(Actor(Platform.WEB, "local"))

    async def told(self) -> Message:
        """The newest direct message to the operator."""
        direct = self.stage.world.direct_channel(self.operator)
        await self.stage.world.until(lambda: bool(self.stage.world.posted_in(direct)), "a message to the operator")
        return self.stage.world.posted_in(direct)[-1]

    async def reported(self, card: Message, reason: str = "that is my face") -> str:
        """What Bob is told once he sent the form."""
        pressed = await self.stage.server.press(card, "Report", person=self.bob)
        return await self.stage.whispered(await self.stage.server.submit(pressed, {"reason": reason}))


@pytest.fixture
async def cast(tmp_path: Path) -> AsyncIterator[Cast]:
    async with discord_server() as server:
        stage = Stage(server, tmp_path)
        olga = server.world.add_person("Olga", permissions=MEMBER | Permission.MANAGE_GUILD, locale="de")
        made = Cast(stage, olga, server.world.add_person("Bob"))
        await made.up()
        await stage.said("settings", {"language": "de"}, person=olga)
        try:
            yield made
        finally:
            await stage.down()


async def a_result(stage: Stage, **options: object) -> Message:
    return await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", **options}))


async def test_a_report_thanks_its_sender_and_tells_operators_with_the_picture_hidden(cast: Cast) -> None:
    card = await a_result(cast.stage)
    assert await cast.reported(card, "that is *my* face") == THANKS
    [report] = await cast.open_reports()
    (job,) = await cast.stage.jobs()
    assert (report.job_id, report.index, report.reason) == (job.id, 0, "that is *my* face")
    assert report.by == f"discord:{cast.bob.id}"

    message = await cast.told()
    assert message.text.splitlines() == [
        f"Meldung {report.id}, zum Bild {job.id}-1",
        r"Grund: that is \*my\* face",
        f"Von discord:{cast.bob.id}",
    ]
    assert list(message.buttons) == ["Lassen", "Löschen"]
    [(shown, is_hidden)] = message.gallery
    assert shown.size_px == (64, 64)
    assert is_hidden


async def test_the_picture_chosen_is_the_one_reported_and_only_once(cast: Cast) -> None:
    card = await a_result(cast.stage, count=2)
    faces = len(card.faces)
    await cast.stage.server.press(card, "2")
    await cast.stage.world.until(lambda: len(card.faces) > faces, "the card is drawn again")
    assert await cast.reported(card) == THANKS
    assert [report.index for report in await cast.open_reports()] == [1]
    assert (await cast.reported(card)).startswith("You reported this picture already")


async def test_the_form_wants_a_reason_of_some_words(cast: Cast) -> None:
    pressed = await cast.stage.server.press(await a_result(cast.stage), "Report", person=cast.bob)
    await cast.stage.world.until(lambda: pressed.modal is not None, "a form")
    assert pressed.modal is not None
    assert pressed.modal["title"] == "Report this picture"
    [label] = pressed.modal["components"]
    assert (label["label"], label["component"]["max_length"]) == ("What is wrong with it?", 500)
    blank = await cast.stage.server.submit(pressed, {"reason": "  "})
    assert (await cast.stage.whispered(blank)).startswith("Please say in a few words")
    assert await cast.open_reports() == []


async def test_what_only_its_owner_sees_has_nobody_to_report_it(cast: Cast) -> None:
    card = await a_result(cast.stage, private=True)
    assert list(card.buttons) == RESULT_ROWS[:-1]


async def test_an_operator_leaves_a_picture(cast: Cast) -> None:
    card = await a_result(cast.stage)
    await cast.reported(card)
    message = await cast.told()
    await cast.stage.server.press(message, "Lassen", person=cast.operator)
    await cast.stage.shows(message, "Erledigt; das Bild bleibt.")
    assert message.buttons == {}
    assert not card.is_deleted
    assert len(await cast.stage.jobs()) == 1
    assert await cast.open_reports() == []


async def test_an_operator_deletes_a_picture_and_its_message_also_after_a_restart_and_long_after(cast: Cast) -> None:
    card = await a_result(cast.stage)
    await cast.reported(card)
    message = await cast.told()
    await cast.stage.down()
    cast.stage.world.clock.advance(minutes=60 * 24 * 30)
    await cast.up()
    await cast.stage.server.press(message, "Löschen", person=cast.operator)
    await cast.stage.shows(message, "Erledigt; der Auftrag ist mit seinen Bildern gelöscht")
    await cast.stage.world.until(lambda: card.is_deleted, "the result is taken down")
    assert await cast.stage.jobs() == []
    assert cast.stage.images._pictures == {}


async def test_a_copy_shown_elsewhere_is_taken_down_too(cast: Cast) -> None:
    stage = cast.stage
    card = await a_result(stage)
    (job,) = await stage.jobs()
    other = stage.world.add_channel()
    shown = await stage.card(await stage.server.slash("show", {"id": job.id}, channel=other))
    await stage.world.until(lambda: "Report" in shown.buttons, "the copy")
    await cast.reported(shown)
    await stage.server.press(await cast.told(), "Löschen", person=cast.operator)
    await stage.world.until(lambda: card.is_deleted and shown.is_deleted, "both are taken down")


async def test_operators_look_through_reports_and_nobody_else_does(cast: Cast) -> None:
    stage, olga = cast.stage, cast.operator
    assert await stage.said("admin reports", person=olga) == "Es warten keine Meldungen."
    for number in range(3):
        await cast.reported(await a_result(stage, seed=number), f"reason {number}")
    shown = await stage.answered(await stage.server.slash("admin reports", {}, person=olga))
    assert "Grund: reason 0" in shown.text
    assert "2 weitere Meldungen warten." in shown.text
    await stage.server.press(shown, "Lassen", person=olga)
    await stage.shows(shown, "Erledigt; das Bild bleibt.")
    assert [report.reason for report in await cast.open_reports()] == ["reason 1", "reason 2"]
    mo = stage.world.add_person("Mo", permissions=MEMBER | Permission.MANAGE_GUILD)
    assert await stage.said("admin reports", person=mo) == "Only whoever runs this bot can do that."


async def test_a_verdict_that_comes_second_is_told_so(cast: Cast) -> None:
    await cast.reported(await a_result(cast.stage))
    message = await cast.told()
    [report] = await cast.open_reports()
    await cast.stage.kit.application.reports.close(Actor(Platform.WEB, "local"), report.id)
    late = await cast.stage.server.press(message, "Löschen", person=cast.operator)
    assert (await cast.stage.whispered(late)).startswith("Eine solche offene Meldung gibt es nicht")
    assert len(await cast.stage.jobs()) == 1


async def test_operators_who_take_no_messages_hold_nothing_up(tmp_path: Path) -> None:
    async with discord_server() as server:
        stage = Stage(server, tmp_path)
        otto, olga = server.world.add_person("Otto"), server.world.add_person("Olga")
        server.world.blocked_by.add(otto.id)
        cast = Cast(stage, olga, server.world.add_person("Bob"))
        await stage.up(operators=(f"discord:{otto.id}", f"discord:{olga.id}"))
        try:
            assert await cast.reported(await a_result(stage)) == THANKS
            assert "Reason: that is my face" in (await cast.told()).text
            assert stage.world.posted_in(stage.world.direct_channel(otto)) == []
        finally:
            await stage.down()
