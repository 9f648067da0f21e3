"""/show: an earlier result once more, for those who may see it, as it was made."""

from __future__ import annotations

import io
import re

from PIL import Image

from adapters.engine.fake import FakeEngine
from bot.services.links import LinkSettings
from tests.e2e.discord.conftest import RESULT_ROWS, Stage
from tests.support.pictures import png


async def test_a_result_is_posted_again_with_its_buttons_and_its_original(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a *bold* cat", "count": 2, "seed": 5}))
    (job,) = await stage.jobs()
    await stage.down()
    await stage.up()
    (choice,) = await stage.server.autocomplete("show", {"id": "cat"}, focused="id")
    assert choice["value"] == job.id
    shown = await stage.finished(await stage.server.slash("show", {"id": choice["value"]}))
    assert not shown.is_ephemeral
    assert r"> a \*bold\* cat" in shown.text
    assert list(shown.buttons) == ["1", "2", *RESULT_ROWS]
    originals = [await stage.images.get(one.picture) for one in job.pictures]
    assert [file.data for file, _ in shown.gallery] == originals
    assert shown.pinged == []
    await stage.finished(await stage.server.press(shown, "Re-roll"))
    assert len(await stage.jobs()) == 2


async def test_the_picture_of_a_recipe_is_the_one_that_the_buttons_mean(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "count": 2, "seed": 5}))
    (job,) = await stage.jobs()
    shown = await stage.finished(await stage.server.slash("show", {"id": f" {job.id.upper()}-2 "}))
    await stage.finished(await stage.server.press(shown, "Subtle"))
    _, varied = await stage.jobs()
    assert varied.lineage is not None
    assert varied.lineage.picture_index == 1


async def test_it_is_private_where_it_is_asked_to_be(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    before = len(stage.world.posted_in(stage.server.channel))
    shown = await stage.finished(await stage.server.slash("show", {"id": job.id, "private": True}))
    assert shown.is_ephemeral
    await stage.whispered(await stage.server.slash("settings", {"private": True}))
    assert (await stage.finished(await stage.server.slash("show", {"id": job.id}))).is_ephemeral
    assert len(stage.world.posted_in(stage.server.channel)) == before


async def test_a_private_result_stays_its_owners(stage: Stage) -> None:
    bob = stage.world.add_person("Bob")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "secret", "private": True, "spoiler": True}))
    (job,) = await stage.jobs()
    assert await stage.said("show", {"id": job.id}, person=bob) == "Only the person who asked for it can do that."
    assert await stage.server.autocomplete("show", {"id": "secret"}, focused="id", person=bob) == []
    shown = await stage.finished(await stage.server.slash("show", {"id": job.id, "private": False}))
    assert shown.is_ephemeral, "never seen by more people than it was"
    assert shown.gallery[0][1], "and still hidden until it is clicked"
    assert stage.world.posted_in(stage.server.channel) == []


async def test_what_comes_from_an_age_restricted_channel_is_shown_privately_elsewhere(stage: Stage) -> None:
    restricted = stage.world.add_channel(is_nsfw=True)
    bob = stage.world.add_person("Bob")
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}, channel=restricted))
    (job,) = await stage.jobs()
    assert (await stage.finished(await stage.server.slash("show", {"id": job.id}, person=bob))).is_ephemeral
    there = await stage.finished(await stage.server.slash("show", {"id": job.id}, channel=restricted))
    assert not there.is_ephemeral


async def test_what_can_not_be_shown_is_said(stage: Stage) -> None:
    assert "do not know that recipe" in await stage.said("show", {"id": "?"})
    assert "do not know that request" in await stage.said("show", {"id": "abcdefghjkmn"})
    await stage.down()
    await stage.up(FakeEngine(is_manual=True))
    await stage.card(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    assert "not ready yet" in await stage.said("show", {"id": job.id, "private": True})
    eva = stage.world.add_person("Eva", locale="de")
    assert "noch nicht fertig" in await stage.said("show", {"id": job.id, "private": True}, person=eva)
    assert await stage.server.autocomplete("show", {"id": ""}, focused="id") == []


async def test_a_picture_that_was_let_go_is_told_and_can_be_made_again(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    await stage.images.delete(job.pictures[0].picture)
    asked = await stage.server.slash("show", {"id": job.id})
    shown = await stage.finished(asked)
    assert "removed to make room" in shown.text
    assert shown.gallery == []
    assert "Re-roll" in shown.buttons


async def test_an_original_over_the_limit_becomes_smaller_without_loss(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    original = await stage.images.get(job.pictures[0].picture)
    asked = await stage.server.slash("show", {"id": job.id}, file_limit_bytes=len(original) - 1)
    ((file, _),) = (await stage.finished(asked)).gallery
    assert file.filename == f"uso-{job.id}-1.webp"
    with Image.open(io.BytesIO(original)) as before, Image.open(io.BytesIO(file.data)) as after:
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()


async def test_files_that_discord_finds_too_large_are_tried_smaller(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    too_large = {"message": "Request entity too large", "code": 40005}
    stage.server.fail_next("PATCH", "/webhooks/", 413, too_large, text="### Done")
    ((file, _),) = (await stage.finished(await stage.server.slash("show", {"id": job.id}))).gallery
    assert file.filename != f"uso-{job.id}-1.png"


async def test_a_triptych_shows_what_the_picture_was_made_from(stage: Stage) -> None:
    options = {"prompt": "a cat", "subject": png(64, 64), "style": png(64, 64, (1, 2, 3))}
    await stage.finished(await stage.server.slash("imagine", options))
    (job,) = await stage.jobs()
    shown = await stage.finished(await stage.server.slash("show", {"id": job.id, "triptych": True}))
    ((file, _),) = shown.gallery
    assert file.filename == f"uso-{job.id}-triptych.png"
    assert file.size_px is not None
    width, height = file.size_px
    assert width >= 3 * height, "subject, style and result side by side"
    assert list(shown.buttons) == RESULT_ROWS


async def test_a_triptych_of_words_alone_is_refused(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat"}))
    (job,) = await stage.jobs()
    asked = await stage.server.slash("show", {"id": job.id, "triptych": True})
    assert "no subject and no style to show" in await stage.whispered(asked)
    assert asked.response is not None
    assert asked.response.is_deleted


async def test_originals_that_did_not_fit_are_linked_where_there_is_a_public_page(stage: Stage) -> None:
    await stage.down()
    await stage.up(links=LinkSettings("https://uso.example", b"k" * 32))
    asked = await stage.server.slash("imagine", {"prompt": "a cat"}, file_limit_bytes=70)
    card = await stage.finished(asked)
    (job,) = await stage.jobs()
    link = rf"Original 1: https://uso\.example/o/{job.id}/0\?e=\d+&s="
    assert re.search(link, card.text)
    shown = await stage.finished(await stage.server.slash("show", {"id": job.id}, file_limit_bytes=70))
    assert re.search(link, shown.text)
    assert "Original" not in (await stage.finished(await stage.server.slash("show", {"id": job.id}))).text
