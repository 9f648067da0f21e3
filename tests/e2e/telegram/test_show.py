"""/show: an earlier result once more."""

from __future__ import annotations

import pytest

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.people import UserSettings
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import member, new_group, texts
from tests.support.pictures import png


async def test_a_result_comes_again_with_its_buttons_and_its_file_after_a_restart(world: World) -> None:
    ada = world.person()
    async with world.running():
        job_id = await world.drawn(ada)
        before = ada.last()
    async with world.running():
        ada.write(f"/show {job_id.upper()}")
        await world.until(lambda: "document" in ada.last())
        again = ada.seen()[-2]
        assert (again["caption"], texts(again)) == (before["caption"], texts(before))
        [sent] = world.server.calls_of("sendDocument")
        job = await world.kit.job(job_id)
        assert list(sent.uploads.values()) == [await world.kit.images.get(job.pictures[0].picture)]


async def test_of_several_pictures_all_come_or_the_one_that_the_id_names(world: World) -> None:
    ada = world.person()
    async with world.running():
        job_id = await world.drawn(ada, "a fox --n 3")
        ada.write(f"/show {job_id}")
        await world.until(lambda: "document" in ada.last())
        await world.settled()
        assert len(world.server.calls_of("sendMediaGroup")[-1].values["media"]) == 3
        ada.write(f"/show {job_id}-2")
        await world.until(lambda: len(world.server.calls_of("sendDocument")) == 1)


async def test_a_result_is_named_by_answering_it(world: World) -> None:
    ada = world.person()
    async with world.running():
        await world.drawn(ada)
        ada.write("/show", reply_to=ada.last())
        await world.until(lambda: "document" in ada.last())


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/show", "Which one?"),
        ("/show 7k3m9qx2vt0a", "We do not know that request"),
        ("/show what is this", "Which one?"),
        ("/show ###", "We do not know that recipe"),
    ],
)
async def test_what_does_not_work_is_said_in_a_sentence(world: World, words: str, answer: str) -> None:
    ada = world.person()
    async with world.running():
        ada.write(words)
        await world.said(ada, answer)


async def test_what_is_not_done_or_was_let_go_says_so(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(Play(hold_at_step=2))):
        ada.write("a fox")
        await world.until(lambda: "step 2" in ada.last().get("text", ""))
        [job] = await world.jobs(ada)
        ada.write(f"/show {job.id}")
        await world.said(ada, "not ready yet")
        world.engine.release()
        await world.until(lambda: any("photo" in message for message in ada.seen()))
        [job] = await world.jobs(ada)
        ada.write(f"/show {job.id}-4")
        await world.said(ada, "We do not know that picture")
        await world.kit.images.delete(job.pictures[0].picture)
        ada.write(f"/show {job.id}")
        await world.said(ada, "removed to make room")


async def test_others_see_what_is_public_and_never_what_is_private(world: World) -> None:
    group = new_group(world.server)
    ada, jo = world.person("Ada"), world.person("Jo")
    async with world.running():
        public = await world.drawn(ada)
        actor = Actor(Platform.TELEGRAM, str(ada.user["id"]))
        await world.kit.application.preferences.change_user(actor, lambda _: UserSettings(private=True))
        private = await world.drawn(ada)
        jo.write(f"/show {public}")
        await world.until(lambda: "document" in jo.last())
        jo.write(f"/show {private}")
        await world.said(jo, "Only the person who asked")
        there = member(ada, group)
        there.write(f"/show {private}")
        await world.said(there, "That result is private")
        there.write(f"/show {public}")
        await world.until(lambda: "document" in there.last())


async def test_a_triptych_is_one_picture_beside_its_references(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.send(*ada.album(png(), png(colour=(0, 0, 0)), caption="in a cafe"))
        await world.until(lambda: "photo" in ada.last())
        ada.write("/show triptych", reply_to=ada.last())
        await world.until(lambda: len(world.server.calls_of("sendPhoto")) == 1)
        [job] = await world.jobs(ada)
        [data] = world.server.calls_of("sendPhoto")[0].uploads.values()
        actor = Actor(Platform.TELEGRAM, str(ada.user["id"]))
        assert data == await world.kit.application.triptych(actor, job.id, 0)
        ada.write(f"/show {job.id}-1 triptych")
        await world.until(lambda: len(world.server.calls_of("sendPhoto")) == 2)


async def test_of_words_alone_there_is_no_triptych(world: World) -> None:
    ada = world.person()
    async with world.running():
        job_id = await world.drawn(ada)
        ada.write(f"/show {job_id} triptych")
        await world.until(lambda: len(ada.seen()) == 2)
        assert "photo" not in ada.last()
