"""/info: how a picture was made."""

from __future__ import annotations

from bot.domain.actors import Actor, Platform
from bot.domain.people import UserSettings
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group
from tests.support.pictures import png


async def test_an_answered_result_and_an_id_tell_everything(world: World) -> None:
    ada = world.person()
    async with world.running():
        job_id = await world.drawn(ada, "a fox --seed 7")
        ada.write("/info", reply_to=ada.last())
        told = await world.said(ada, f"{job_id}-1")
        assert "a fox" in told["text"]
        ada.write(f"/info {job_id}-1")
        await world.until(lambda: len(ada.seen()) == 3 and ada.last()["text"] == told["text"])


async def test_a_file_tells_its_recipe_and_a_photo_can_not(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo", language="de")
    async with world.running():
        job_id = await world.drawn(ada, "a fox --seed 7")
        job = await world.kit.job(job_id)
        original = await world.kit.images.get(job.pictures[0].picture)
        jo.attach(original, "/info")
        await world.said(jo, f"{job_id}-1")
        jo.show(original, "/info")
        await world.said(jo, "Telegram nimmt Fotos alles")
        jo.write("/info", reply_to=jo.seen()[0])
        await world.said(jo, "Antworte auf ein Bild mit /info")
        jo.attach(png(), "/info")
        await world.until(lambda: len(jo.seen()) == 4)
        assert job_id not in jo.last()["text"]


async def test_what_does_not_work_is_said_in_a_sentence(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/info")
        await world.said(ada, "Answer a picture with /info")
        ada.attach(b"no picture", "/info")
        await world.said(ada, "not a picture we can read")
        ada.write("/info 7k3m9qx2vt0a")
        await world.said(ada, "We do not know that request")
        ada.write("/info what?")
        await world.said(ada, "We do not know that recipe")


async def test_what_is_private_is_told_to_its_owner_in_private(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    there = member(ada, new_group(world.server))
    async with world.running():
        actor = Actor(Platform.TELEGRAM, str(ada.user["id"]))
        await world.kit.application.preferences.change_user(actor, lambda _: UserSettings(private=True))
        job_id = await world.drawn(ada)
        ada.write(f"/info {job_id}")
        await world.said(ada, f"{job_id}-1")
        jo.write(f"/info {job_id}")
        await world.said(jo, "Only the person who asked")
        there.write(f"/info {job_id}")
        await world.said(there, "That result is private")
