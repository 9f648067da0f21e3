"""/privacy: one's data as a file, or gone."""

from __future__ import annotations

import io
import json
import zipfile

from adapters.engine.fake import Play
from bot.domain.actors import Actor, Platform
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.interactions import TEN_MIB
from tests.servers.discord.messages import StoredFile
from tests.support.pictures import png


async def export(stage: Stage, *, file_limit_bytes: int = TEN_MIB) -> tuple[str, StoredFile]:
    answer = await stage.answered(await stage.server.slash("privacy export", {}, file_limit_bytes=file_limit_bytes))
    (file,) = answer.files
    return answer.content, file


async def test_the_export_is_a_zip_for_the_sender_alone(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "subject": png(80, 60)}))
    said, file = await export(stage)
    assert said.startswith("Everything that is kept about you. ")
    assert file.filename == "uso-bot-data.zip"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        (job,) = json.loads(archive.read("jobs.json"))
        assert job["request"]["prompt"] == "a cat"
        assert len([name for name in archive.namelist() if name.startswith("pictures/")]) == 2


async def test_an_export_over_the_limit_comes_without_the_pictures(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    _, file = await export(stage)
    limit_bytes = len(file.data) - 1
    said, file = await export(stage, file_limit_bytes=limit_bytes)
    assert "but for the pictures" in said
    assert len(file.data) <= limit_bytes
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        assert "jobs.json" in archive.namelist()
        assert not [name for name in archive.namelist() if name.startswith("pictures/")]


async def test_an_export_that_does_not_fit_at_all_is_refused(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    said = await stage.whispered(await stage.server.slash("privacy export", {}, file_limit_bytes=200))
    assert "not even without the pictures" in said


async def test_a_stranger_is_told_that_nothing_is_kept(stage: Stage) -> None:
    asked = await stage.server.slash("privacy export", {}, person=stage.world.add_person("Eva", locale="de"))
    assert await stage.whispered(asked) == "Über dich ist nichts gespeichert."


async def test_deleting_asks_first_and_works_after_a_restart(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a hen"}, person=bob))
    await stage.whispered(await stage.server.slash("settings", {"language": "de"}))
    asked = await stage.server.slash("privacy delete", {})
    assert "endgültig weg" in await stage.whispered(asked)
    assert len(await stage.jobs()) == 1
    await stage.down()
    await stage.up()
    assert asked.response is not None
    await stage.server.press(asked.response, "Alles löschen")
    await stage.shows(asked.response, "Alles von dir ist weg.")
    assert asked.response.buttons == {}
    assert await stage.jobs() == []
    assert len(await stage.jobs_of(bob)) == 1
    assert await stage.kit.application.linking.identities(Actor(Platform.DISCORD, str(stage.server.ada.id))) == ()
    again = await stage.server.slash("privacy export", {})
    assert await stage.whispered(again) == "Nothing is kept about you."


async def test_the_cards_of_running_and_waiting_requests_end(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=3))
    running = await stage.card(await stage.server.slash("imagine", {"prompt": "a secret cat"}))
    await stage.held()
    waiting = await stage.card(await stage.server.slash("imagine", {"prompt": "a secret hen"}))
    await stage.shows(waiting, "next")
    asked = await stage.server.slash("privacy delete", {})
    await stage.whispered(asked)
    assert asked.response is not None
    await stage.server.press(asked.response, "Delete everything")
    for card in (running, waiting):
        await stage.shows(card, "This request was deleted.")
        assert "secret" not in card.text
        assert card.buttons == {}
        assert card.files == []
    await stage.shows(asked.response, "Everything of yours is gone.")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a new beginning"}))
