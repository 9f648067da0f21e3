"""The menus on messages: anybody's pictures as subject, as style, restyled, enlarged."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.actors import Actor, Platform
from bot.domain.requests import Mode
from tests.e2e.discord.conftest import Stage
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.messages import Message, StoredFile
from tests.support.pictures import png

SUBJECT_IN_TRAY = "In your tray: a subject"


def posted(stage: Stage, data: bytes | None = None, name: str = "photo.png") -> StoredFile:
    return stage.world.add_file(stage.server.channel.id, name, data or png(300, 200), "image/png")


def by_bob(stage: Stage, *files: StoredFile, **more: Any) -> Message:
    bob = stage.world.add_person("Bob")
    return stage.world.add_message(bob, stage.server.channel, "look", files=files, **more)


async def answered(stage: Stage, asked: Interaction) -> str:
    return (await stage.whispered(asked)).splitlines()[0]


async def test_anybodys_picture_becomes_the_subject_of_the_next_request(stage: Stage) -> None:
    message = by_bob(stage, posted(stage))
    assert await answered(stage, await stage.server.menu("Use as subject", message)) == SUBJECT_IN_TRAY
    told = await answered(stage, await stage.server.menu("Use as style", message))
    assert told == "In your tray: a subject + 1 style"
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "on the moon"}))
    assert "Subject + 1 style" in card.text


def gallery(*media: dict[str, Any]) -> dict[str, Any]:
    return {"type": 12, "id": 5, "items": [{"media": one, "description": None, "spoiler": False} for one in media]}


async def test_pictures_are_found_in_embeds_galleries_thumbnails_and_forwards(stage: Stage) -> None:
    other_bot = stage.world.add_person("Painter", is_bot=True)
    url = posted(stage).url
    foreign = "https://pictures.example/cat.png"
    inside: list[dict[str, Any]] = [
        {"embeds": [{"type": "rich", "image": {"url": foreign, "proxy_url": url}}]},
        {"embeds": [{"type": "image", "url": foreign, "thumbnail": {"url": foreign, "proxy_url": url}}]},
        {"components": [{"type": 17, "id": 1, "components": [gallery({"url": foreign, "proxy_url": url})]}]},
        {
            "components": [
                {
                    "type": 9,
                    "id": 1,
                    "components": [{"type": 10, "id": 2, "content": "hi"}],
                    "accessory": {"type": 11, "id": 3, "media": {"url": url, "proxy_url": url}},
                }
            ]
        },
        {"forwards": [by_bob(stage, posted(stage))]},
    ]
    for more in inside:
        message = stage.world.add_message(other_bot, stage.server.channel, **more)
        assert await answered(stage, await stage.server.menu("Use as subject", message)) == SUBJECT_IN_TRAY, more
    assert len(stage.server.downloads) == len(inside)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/attachments/1/2/cat.png",
        "http://169.254.169.254/latest/meta-data/cat.png",
        "https://pictures.example/cat.png",
        "https://cdn.discordapp.com.example/attachments/1/2/cat.png",
        "https://cdn.discordapp.com:8443/attachments/1/2/cat.png",
        "https://cdn.discordapp.com@pictures.example/cat.png",
        "http://cdn.discordapp.com/attachments/1/2/cat.png",
        "file:///etc/passwd",
        "//pictures.example/cat.png",
    ],
)
async def test_addresses_that_are_not_discords_are_never_asked(stage: Stage, address: str) -> None:
    eve = stage.world.add_person("Eve", is_bot=True)
    message = stage.world.add_message(
        eve, stage.server.channel, embeds=[{"type": "rich", "image": {"url": address, "proxy_url": address}}]
    )
    told = await stage.whispered(await stage.server.menu("Use as subject", message))
    assert told == "There is no picture on that message that I can read (PNG, JPEG or WebP)."


async def test_a_message_without_a_picture_is_told_in_the_senders_language(stage: Stage) -> None:
    greta = stage.world.add_person("Greta", locale="de")
    text = stage.world.add_file(stage.server.channel.id, "notes.txt", b"hi", "text/plain")
    message = by_bob(stage, text)
    told = await stage.whispered(await stage.server.menu("Use as style", message, person=greta))
    assert told == "In dieser Nachricht ist kein Bild, das ich lesen kann (PNG, JPEG oder WebP)."


async def test_of_several_pictures_one_is_chosen(stage: Stage) -> None:
    message = by_bob(stage, posted(stage, png(64, 64), "one.png"), posted(stage, png(128, 64), "two.png"))
    asked = await stage.server.menu("Use as subject", message)
    assert await stage.whispered(asked) == "There are 2 pictures on that message."
    question = asked.response
    assert question is not None
    ((custom_id, values),) = question.selects.items()
    assert values == ["0", "1"]
    chosen = await stage.server.select(question, custom_id, ["1"])
    assert await answered(stage, chosen) == SUBJECT_IN_TRAY
    assert stage.server.downloads == ["two.png"]

    await stage.down()
    await stage.up()
    late = await stage.server.select(question, custom_id, ["0"])
    assert (await stage.whispered(late)).startswith("That was too long ago")


async def test_of_our_own_results_the_original_is_used_whatever_was_uploaded(stage: Stage) -> None:
    asked = await stage.server.slash("imagine", {"prompt": "a cat"}, file_limit_bytes=600)
    card = await stage.finished(asked)
    ((file, _),) = card.gallery
    assert file.filename.endswith(".webp")
    await answered(stage, await stage.server.menu("Use as subject", card))
    assert stage.server.downloads == []
    await stage.finished(await stage.server.menu("Upscale image", card))
    first, second = await stage.jobs()
    assert second.lineage is not None
    assert second.lineage.parent == first.id


async def test_a_name_that_looks_like_a_result_is_not_believed(stage: Stage) -> None:
    private = await stage.finished(await stage.server.slash("imagine", {"prompt": "secret", "private": True}))
    (job,) = await stage.jobs()
    eve = stage.world.add_person("Eve")
    message = by_bob(stage, posted(stage, name=f"uso-{job.id}-1.png"))
    card = await stage.finished(await stage.server.menu("Upscale image", message, person=eve))
    assert private is not card
    (made,) = await stage.jobs_of(eve)
    assert (made.request.prompt, made.lineage) == ("", None)


async def test_anybodys_picture_is_enlarged_on_a_new_card(stage: Stage) -> None:
    message = by_bob(stage, posted(stage, png(300, 200)))
    card = await stage.finished(await stage.server.menu("Upscale image", message))
    assert "Upscale 2×" in card.text
    (job,) = await stage.jobs()
    assert job.request.mode is Mode.UPSCALE
    assert (job.request.width, job.request.height) == (600, 400)
    assert list(card.buttons) == ["Upscale", "As subject", "As style", "Info", "Favourite", "Delete", "Report"]
    assert "seed" not in card.text
    again = await stage.finished(await stage.server.press(card, "Upscale"))
    assert again is not card


async def test_a_spoiler_stays_one(stage: Stage) -> None:
    message = by_bob(stage, posted(stage, name="SPOILER_photo.png"))
    card = await stage.finished(await stage.server.menu("Upscale image", message))
    ((_, is_spoiler),) = card.gallery
    assert is_spoiler


async def test_a_bad_picture_gets_one_sentence(stage: Stage) -> None:
    message = by_bob(stage, posted(stage, b"not a picture"))
    told = await stage.whispered(await stage.server.menu("Upscale image", message))
    assert told == "That file is not a picture we can read; please send PNG, JPEG or WebP."
    gone = posted(stage)
    message = by_bob(stage, gone)
    del stage.world.files[gone.id]
    assert "attach it again" in await stage.whispered(await stage.server.menu("Use as subject", message))
    assert await stage.jobs() == []


async def test_restyle_asks_for_the_style_and_keeps_layout_and_size(stage: Stage) -> None:
    asked = await stage.server.menu("Restyle this...", by_bob(stage, posted(stage, png(640, 480))))
    sent = await stage.server.submit(asked, {"files": [png(64, 64, (1, 2, 3)), png(64, 64, (3, 2, 1))]})
    card = await stage.finished(sent)
    assert "Subject + 2 styles, layout kept" in card.text
    (job,) = await stage.jobs()
    assert job.request.keep_size


async def test_restyle_offers_saved_styles_the_tray_and_every_picture(stage: Stage) -> None:
    message = by_bob(stage, posted(stage, png(640, 480), "one.png"), posted(stage, png(480, 640), "two.png"))
    refused = await stage.server.submit(
        await stage.server.menu("Restyle this...", message), {"prompt": "more blue", "picture": ["1"]}
    )
    assert (await stage.whispered(refused)).startswith("In which style?")
    (told,) = refused.followups
    await answered(stage, await stage.server.menu("Use as style", by_bob(stage, posted(stage))))

    again = await stage.server.press(told, "Correct it")
    await stage.world.until(lambda: again.modal is not None, "the form")
    card = await stage.finished(await stage.server.submit(again, {}))
    assert "> more blue" in card.text
    (job,) = await stage.jobs()
    assert job.request.height > job.request.width, "the second picture, as chosen at first"


async def test_restyle_takes_a_saved_style(stage: Stage) -> None:
    ada = Actor(Platform.DISCORD, str(stage.server.ada.id))
    ink = await stage.kit.application.styles.save(ada, "Ink", [png(64, 64, (1, 2, 3))])
    asked = await stage.server.menu("Restyle this...", by_bob(stage, posted(stage, png(640, 480))))
    await stage.finished(await stage.server.submit(asked, {"style": [ink.id]}))
    (job,) = await stage.jobs()
    assert job.request.styles == ink.pictures


async def test_restyle_after_a_restart_asks_to_begin_again(stage: Stage) -> None:
    asked = await stage.server.menu("Restyle this...", by_bob(stage, posted(stage)))
    await stage.world.until(lambda: asked.modal is not None, "the form")
    await stage.down()
    await stage.up()
    late = await stage.server.submit(asked, {"files": [png(64, 64)]})
    assert (await stage.whispered(late)).startswith("That was too long ago")


async def test_menus_have_german_names(stage: Stage) -> None:
    names = {one["name"]: one["name_localizations"]["de"] for one in stage.world.commands if one["type"] == 3}
    assert names["Use as subject"] == "Als Motiv nehmen"
    assert names["Restyle this..."] == "Neuer Stil ..."
    assert all(len(one) <= 32 for one in names.values())


async def test_info_on_our_own_result_knows_its_job(stage: Stage) -> None:
    card = await stage.finished(await stage.server.slash("imagine", {"prompt": "a cat", "seed": 77}))
    (job,) = await stage.jobs()
    told = await stage.whispered(await stage.server.menu("Image info", card))
    assert "77" in told
    assert f"{job.id}-1" in told.replace("\\", "")


async def test_info_reads_our_recipe_in_a_file_that_somebody_posted_again(stage: Stage) -> None:
    await stage.finished(await stage.server.slash("imagine", {"prompt": "a blue cat", "seed": 77}))
    (job,) = await stage.jobs()
    data = await stage.images.get(job.pictures[0].picture)
    told = await stage.whispered(await stage.server.menu("Image info", by_bob(stage, posted(stage, data))))
    assert "a blue cat" in told
    assert "77" in told


async def test_info_on_any_other_picture_says_what_there_is(stage: Stage) -> None:
    told = await stage.whispered(await stage.server.menu("Image info", by_bob(stage, posted(stage))))
    assert told.splitlines()[0] == (
        "This file does not say how it was made. Chats often remove that; send the original file."
    )
    assert "300 × 200" in told
    broken = await stage.server.menu("Image info", by_bob(stage, posted(stage, b"text")))
    assert await stage.whispered(broken) == "That file is not a picture we can read; please send PNG, JPEG or WebP."
