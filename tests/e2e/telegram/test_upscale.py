"""/upscale: twice the size, of a result or of any picture."""

from __future__ import annotations

from bot.domain.requests import Mode
from tests.e2e.telegram.world import World
from tests.support.pictures import png


async def test_a_result_is_upscaled_from_its_original(world: World) -> None:
    ada = world.person()
    async with world.running():
        job_id = await world.drawn(ada)
        ada.write("/upscale", reply_to=ada.last())
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())
        newest, oldest = await world.jobs(ada)
        assert newest.request.mode is Mode.UPSCALE
        assert world.server.calls_of("getFile") == []
        ada.write(f"/upscale {job_id}-1")
        await world.until(lambda: len(ada.seen()) == 3 and "photo" in ada.last())
    assert newest.lineage is not None
    assert newest.lineage.parent == oldest.id


async def test_any_picture_is_upscaled_as_caption_answer_or_file(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(png(), "/upscale")
        await world.until(lambda: "photo" in ada.last())
        ada.write("/upscale", reply_to=ada.attach(png(colour=(0, 0, 0)), "/help"))
        await world.until(lambda: sum("photo" in message for message in ada.seen()) == 2)
        jobs = await world.jobs(ada)
    assert [job.request.mode for job in jobs] == [Mode.UPSCALE, Mode.UPSCALE]


async def test_what_does_not_work_is_said_in_a_sentence(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/upscale")
        await world.said(ada, "Answer a picture with /upscale")
        ada.write("/upscale 7k3m9qx2vt0a")
        await world.said(ada, "We do not know that request")
        ada.attach(b"no picture", "/upscale")
        await world.said(ada, "not a picture we can read")
    assert await world.jobs(ada) == ()
