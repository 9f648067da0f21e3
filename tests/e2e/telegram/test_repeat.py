"""/repeat: the identical picture once more, by id or by answering a result."""

from __future__ import annotations

from bot.domain.jobs import LineageKind
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group


async def test_a_result_is_repeated_by_its_id_and_by_answering_it(world: World) -> None:
    ada = world.person()
    async with world.running():
        job_id = await world.drawn(ada)
        ada.write("/repeat", reply_to=ada.last())
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        ada.write(f"/repeat {job_id.upper()}-1")
        await world.until(lambda: len(ada.seen()) == 3 and "photo" in ada.last())
        by_id, by_answer, first = await world.jobs(ada)
    assert by_id.request == by_answer.request == first.request
    assert [one.lineage.kind for one in (by_id, by_answer) if one.lineage] == [LineageKind.REPEAT] * 2
    assert first.pictures[0].seed == by_id.pictures[0].seed == by_answer.pictures[0].seed


async def test_private_results_are_repeated_and_enlarged_in_private(world: World) -> None:
    ada = world.person()
    group = new_group(world.server)
    async with world.running():
        job_id = await world.drawn(ada, "a fox --private")
        there = member(ada, group)
        for number, command in enumerate(("repeat", "upscale"), start=2):
            there.write(f"/{command} {job_id}")
            await world.until(lambda wanted=number: sum("photo" in one for one in ada.seen()) == wanted)  # type: ignore[misc]
    assert all("photo" not in one for one in there.seen())


async def test_what_can_not_be_repeated_is_said_in_a_sentence(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/repeat")
        await world.said(ada, "Send /repeat and an id")
        ada.write("/repeat a fox")
        await world.said(ada, "do not know that recipe")
        ada.write("/repeat 7k3m9qx2vt0a-1")
        await world.said(ada, "We do not know that request")
    assert await world.jobs(ada) == ()
