"""Places that are gone: what waits there is cancelled and given back."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.credits import CREDIT, Tier, Tiers
from bot.domain.jobs import JobState
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import Person, member, new_group
from tests.servers.telegram.server import BOT

COUNTED = Tiers((Tier("free", 100 * CREDIT),), default="free", page="free")


def put_out(world: World, person: Person, status: str) -> None:
    """Tell the bot that it was blocked, or thrown out."""
    was: dict[str, Any] = {"user": BOT, "status": "member"}
    now: dict[str, Any] = {"user": BOT, "status": status}
    if status == "kicked":
        now["until_date"] = 0
    person.chat.is_blocked = True
    change = {"chat": person.chat.facts, "from": person.user, "date": world.server.memory.date()}
    world.server.push(my_chat_member={**change, "old_chat_member": was, "new_chat_member": now})


async def test_who_blocks_us_gets_back_what_still_waits(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    engine = FakeEngine(Play(hold_at_step=1))
    async with world.running(engine, tiers=COUNTED):
        ada.write("a fox")
        await world.until(engine.held.is_set)
        ada.write("a hen")
        await world.until(lambda: "next" in ada.last().get("text", ""))
        put_out(world, ada, "kicked")
        await world.settled()
        hen, fox = await world.jobs(ada)
        assert (hen.state, hen.refunded) == (JobState.CANCELLED, hen.cost)
        engine.release()
        jo.write("an owl")
        await world.until(lambda: "photo" in jo.last())
        await world.all_delivered()
        hen, fox = await world.jobs(ada)
    assert (fox.state, fox.refunded) == (JobState.DONE, 0), "it was being drawn, and is in the history"
    assert "a hen" not in [task.prompt for task in engine.tasks]


async def test_a_card_that_can_not_be_edited_any_more_tells_as_much(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    engine = FakeEngine(is_manual=True)
    async with world.running(engine):
        ada.write("a fox")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        ada.chat.is_blocked = True
        engine.warm_up(0.5)
        jo.write("a hen")
        await world.until(lambda: "(50 %)" in jo.last().get("text", ""))
        [fox] = await world.jobs(ada)
        await world.until(lambda: not world.kit.application.board.has(fox.id))
        [fox] = await world.jobs(ada)
        assert fox.state is JobState.CANCELLED
        await world.all_delivered()


@pytest.mark.parametrize("status", ["kicked", "left"])
async def test_a_group_that_puts_us_out_gives_its_places_free(world: World, status: str) -> None:
    group = new_group(world.server)
    ada, elsewhere = member(world.person("Ada"), group), world.person("Jo")
    async with world.running(FakeEngine(is_manual=True)):
        ada.write("/imagine a fox")
        elsewhere.write("a hen")
        await world.until(lambda: "Warming up" in ada.last().get("text", ""))
        await world.until(lambda: "Warming up" in elsewhere.last().get("text", ""))
        put_out(world, ada, status)
        await world.settled()
        assert [job.state for job in await world.jobs(ada)] == [JobState.CANCELLED]
        assert [job.state for job in await world.jobs(elsewhere)] == [JobState.QUEUED]
