"""/privacy: everything that is kept about the sender, as a file or gone."""

from __future__ import annotations

import io
import json
import zipfile

from tests.e2e.telegram.world import World, shown
from tests.servers.telegram.people import member, new_group, texts
from tests.support.pictures import png


def received(world: World) -> zipfile.ZipFile:
    """The file that was sent last."""
    [data] = world.server.calls_of("sendDocument")[-1].uploads.values()
    return zipfile.ZipFile(io.BytesIO(data))


async def test_an_export_holds_jobs_and_pictures(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(png(), "a fox")
        await world.until(lambda: "photo" in ada.last())
        ada.write("/privacy")
        question = await world.said(ada, "Your data is yours")
        ada.press(question, "Get my data")
        await world.until(lambda: "document" in ada.last())
    with received(world) as archive:
        [job] = json.loads(archive.read("jobs.json"))
        assert job["request"]["prompt"] == "a fox"
        assert len([name for name in archive.namelist() if name.startswith("pictures/")]) == 2


async def test_what_is_too_large_comes_without_pictures_and_says_how_to_get_them(world: World) -> None:
    world.upload_bytes = 3000
    ada = world.person()
    async with world.running():
        ada.show(png(900, 900), "a fox")
        await world.until(lambda: "photo" in ada.last())
        ada.write("/privacy export")
        await world.until(lambda: "document" in ada.last())
        assert "/show" in shown(ada.last())
    with received(world) as archive:
        assert not [name for name in archive.namelist() if name.startswith("pictures/")]


async def test_deletion_is_asked_first_and_then_complete(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(png(), "a fox")
        await world.until(lambda: "photo" in ada.last())
        ada.write("/privacy delete!")
        await world.said(ada, "not one of export, delete")
        ada.write("/privacy delete")
        question = await world.said(ada, "gone for good")
        assert len(await world.jobs(ada)) == 1
    async with world.running():
        ada.press(question, texts(question)[0][0])
        await world.until(lambda: "is gone" in shown(question))
        assert await world.jobs(ada) == ()
        ada.write("/privacy export")
        await world.said(ada, "Nothing is kept about you.")
    assert world.stored_pictures == 0


async def test_groups_are_no_place_for_it(world: World) -> None:
    ada = member(world.person(), new_group(world.server))
    async with world.running():
        for number, words in enumerate(("/privacy", "/privacy export", "/privacy delete"), start=1):
            ada.write(words)
            await world.until(lambda number=number: len(ada.seen()) == number)  # type: ignore[misc]
            assert "in private" in shown(ada.last())
