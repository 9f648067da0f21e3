"""/imagine from the command to the finished card."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.ports.engine import EngineOutOfMemory
from tests.e2e.discord.conftest import RESULT_ROWS, Stage
from tests.servers.discord.rules import walk
from tests.support.pictures import BAD_PICTURES, png


async def test_subject_and_two_styles_become_a_card_that_moves_and_ends_with_the_picture(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=5))
    asked = await stage.server.slash(
        "imagine",
        {
            "prompt": "a *bold* cat",
            "subject": png(120, 90),
            "style": png(64, 64, (1, 2, 3)),
            "style2": png(64, 64, (9, 9, 9)),
            "aspect": "16:9",
            "steps": 8,
            "seed": 7,
        },
    )
    await stage.held()
    card = await stage.card(asked)
    await stage.shows(card, "Drawing, step 5 of 8")
    assert "Subject + 2 styles" in card.text
    assert r"> a \*bold\* cat" in card.text
    assert "▰▰▰▰▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱ 62 %" in card.text
    assert list(card.buttons) == ["Cancel"]
    ((preview, _),) = card.gallery
    assert Image.open(io.BytesIO(preview.data)).format == "JPEG"
    assert sorted(stage.server.downloads) == ["style.png", "style2.png", "subject.png"]

    stage.engine.release()
    await stage.shows(card, "### Done")
    ((result, is_spoiler),) = card.gallery
    (job,) = await stage.jobs()
    assert result.data == await stage.images.get(job.pictures[0].picture)
    assert result.filename == f"uso-{job.id}-1.png"
    assert not is_spoiler
    assert list(card.buttons) == RESULT_ROWS
    assert "seed 7" in card.text
    assert "toy model" in card.text
    assert (job.request.width, job.request.height) == (1360, 768)
    assert len(job.request.styles) == 2
    assert job.event_key == f"discord:{asked.id}"
    assert stage.world.posted_in(stage.server.channel) == [card]
    assert card.pinged == []


async def test_a_waiting_card_tells_its_place_and_the_warm_up(stage: Stage) -> None:
    await stage.down()
    await stage.up(FakeEngine(is_manual=True))
    stage.engine.warm_up(0.4, seconds_left=120)
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.shows(card, "Warming up")
    await stage.shows(card, "40 %")
    await stage.shows(card, "about 2 min left")
    stage.engine.script(Play(hold_at_step=1))
    stage.engine.become_ready()
    await stage.held()
    second = await stage.card(await stage.server.slash("imagine", {"prompt": "a dog"}))
    await stage.shows(second, "You are next")
    stage.engine.release()
    await stage.shows(card, "### Done")
    await stage.shows(second, "### Done")


async def test_edits_keep_their_distance_and_the_result_does_not_wait_for_it(stage: Stage) -> None:
    await stage.down()
    stage.edit_interval_s = 3600.0
    await stage.up()
    stage.engine.script(Play(hold_at_step=20))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    stage.engine.release()
    await stage.shows(card, "### Done")
    assert len(card.faces) == 2


async def test_a_lost_engine_is_shown_as_retrying_and_the_picture_comes_anyway(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=2), Play(hold_at_step=0))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.held()
    stage.engine.lose()
    await stage.shows(card, "### Retrying")
    await stage.held()
    stage.engine.release()
    await stage.shows(card, "### Done")


async def test_a_failed_job_says_why_and_can_be_tried_again(stage: Stage) -> None:
    stage.engine.script(Play(failure=EngineOutOfMemory()))
    card = await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    await stage.shows(card, "did not fit into memory")
    assert list(card.buttons) == ["Re-roll", "Remix"]
    assert card.gallery == []


async def test_four_pictures_come_in_one_gallery_with_picks(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "cats", "count": 4, "seed": 10}))
    assert len(card.gallery) == 4
    assert list(card.buttons) == ["1", "2", "3", "4", *RESULT_ROWS]
    files = [file.id for file, _ in card.gallery]
    faces = len(card.faces)

    pressed = await stage.server.press(card, "3")
    await stage.world.until(lambda: len(card.faces) > faces, "the card is drawn again")
    assert pressed.answer_type == 6
    assert [file.id for file, _ in card.gallery] == files

    varied = await stage.finished(await stage.server.press(card, "Subtle"))
    assert varied is not card
    original, variation = await stage.jobs()
    assert variation.lineage is not None
    assert (variation.lineage.parent, variation.lineage.picture_index) == (original.id, 2)
    assert variation.request.seed == 12


async def test_a_private_request_is_seen_by_its_sender_only(stage: Stage) -> None:
    asked = await stage.server.slash("imagine", {"prompt": "secret", "private": True, "spoiler": True})
    card = await stage.finished(asked)
    assert card.is_ephemeral
    assert card.only_for == stage.server.ada.id
    assert stage.world.posted_in(stage.server.channel) == []
    ((_, is_spoiler),) = card.gallery
    assert is_spoiler
    again = await stage.finished(await stage.server.press(card, "Re-roll"))
    assert again.is_ephemeral


async def test_a_size_that_is_rounded_is_told(stage: Stage) -> None:
    stage.engine.script(Play(hold_at_step=1))
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "subject": png(), "subject_size": 500})
    await stage.held()
    card = await stage.card(asked)
    await stage.shows(card, "Subject size rounded from 500 to 496.")
    stage.engine.release()
    await stage.shows(card, "### Done")
    assert "Subject size rounded from 500 to 496." in card.text


async def test_in_german_everything_is_german(stage: Stage) -> None:
    greta = stage.world.add_person("Greta", locale="de")
    stage.engine.script(Play(hold_at_step=2))
    asked = await stage.server.slash("imagine", {"prompt": "eine Katze", "count": 2}, person=greta)
    await stage.held()
    card = await stage.card(asked)
    await stage.shows(card, "Zeichnet, Schritt 2 von 25")
    assert list(card.buttons) == ["Abbrechen"]
    stage.engine.release()
    await stage.shows(card, "### Fertig")
    assert "Deine 2 Bilder sind da" in card.text
    assert list(card.buttons) == [
        *("1", "2"),
        *("Neu würfeln", "Leicht", "Stark", "Vergrößern", "Remix"),
        *("Als Motiv", "Als Stil", "Info", "Favorit", "Löschen"),
        "Melden",
    ]
    refused = await stage.server.slash("imagine", {"prompt": " "}, person=greta)
    assert await stage.whispered(refused) == "Bitte schreib eine Beschreibung oder füge ein Motivbild hinzu."


@pytest.mark.parametrize("name", sorted(BAD_PICTURES))
async def test_bad_pictures_get_one_sentence_and_leave_nothing(stage: Stage, name: str) -> None:
    data, rejection = BAD_PICTURES[name]
    file = stage.world.add_file(stage.server.channel.id, "cat.png", data, "image/png")
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "style": png(), "subject": file})
    sentence = await stage.whispered(asked)
    catalog = stage.kit.application.catalogs.for_locale("en")
    assert sentence == catalog.text(f"reject-{rejection}", limit_mpx=40)
    await nothing_is_left(stage)


async def test_a_file_above_the_limit_is_refused_before_it_is_downloaded(stage: Stage) -> None:
    file = stage.world.add_file(stage.server.channel.id, "big.png", bytes(20 * 2**20 + 1), "image/png")
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "subject": file})
    assert await stage.whispered(asked) == "That file is too large; pictures may have up to 20 MB."
    assert stage.server.downloads == []
    await nothing_is_left(stage)


async def test_a_file_that_discord_does_not_hand_over_is_told(stage: Stage) -> None:
    file = stage.world.add_file(stage.server.channel.id, "gone.png", png(), "image/png")
    del stage.world.files[file.id]
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "subject": file})
    assert "attach it again" in await stage.whispered(asked)
    await nothing_is_left(stage)


async def test_options_that_contradict_each_other_are_refused(stage: Stage) -> None:
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "keep_size": True})
    assert "needs a subject picture" in await stage.whispered(asked)
    await nothing_is_left(stage)


async def test_a_refusal_is_told_even_if_the_promise_was_dismissed(stage: Stage) -> None:
    stage.server.hold_downloads()
    file = stage.world.add_file(stage.server.channel.id, "cat.png", b"not a picture", "image/png")
    asked = await stage.server.slash("imagine", {"prompt": "a cat", "subject": file})
    await stage.world.until(lambda: stage.server.downloads == ["cat.png"], "a download")
    assert asked.response is not None, "acknowledged before the download"
    asked.response.is_deleted = True
    stage.server.release_downloads()
    assert "not a picture" in await stage.whispered(asked)


async def test_nobody_is_called_by_a_prompt(stage: Stage) -> None:
    eve = stage.world.add_person("Eve")
    asked = await stage.server.slash("imagine", {"prompt": f"@everyone and <@{eve.id}>"})
    card = await stage.finished(asked)
    assert card.pinged == []


async def test_an_application_of_the_user_works_where_the_bot_is_not(stage: Stage) -> None:
    elsewhere = stage.world.add_channel(in_guild=False)
    asked = await stage.server.slash("imagine", {"prompt": "a cat"}, channel=elsewhere)
    await stage.finished(asked)
    assert asked.followups == []
    direct = stage.world.direct_channel(stage.server.ada)
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=direct))


async def test_a_long_prompt_fits_on_the_card(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "*" * 2000}))
    assert "…" in card.text
    (job,) = await stage.jobs()
    assert job.request.prompt == "*" * 2000
    assert all(len(item["description"]) <= 256 for one in walk(card.components) for item in one.get("items", []))


async def nothing_is_left(stage: Stage) -> None:
    """No job, no file, no user, and no message that others see."""
    async with stage.kit.open_unit() as unit:
        assert list(await unit.jobs.unfinished()) == []
        assert await unit.users.find(Actor(Platform.DISCORD, str(stage.server.ada.id))) is None
    assert await stage.jobs() == []
    assert stage.images._pictures == {}
    assert stage.world.posted_in(stage.server.channel) == []
