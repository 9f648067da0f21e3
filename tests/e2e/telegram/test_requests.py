"""Requests: words, pictures, albums, flags, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from adapters.engine.fake import FakeEngine, Play
from bot.domain.actors import Actor, Platform
from bot.domain.limits import Limits
from tests.e2e.telegram.world import World
from tests.servers.telegram.people import Person, texts
from tests.support.pictures import BAD_PICTURES, png

RED, GREEN, BLUE = png(colour=(200, 0, 0)), png(colour=(0, 200, 0)), png(colour=(0, 0, 200))


def corner(encoded: bytes | None) -> tuple[int, ...]:
    """The colour of the lower right corner, to tell test pictures apart after admission."""
    assert encoded is not None
    with Image.open(io.BytesIO(encoded)) as picture:
        return picture.convert("RGB").getpixel((picture.width - 1, picture.height - 1))  # type: ignore[return-value]


async def test_words_become_a_picture(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox in the snow --seed 7")
        await world.until(lambda: "photo" in ada.last())

    assert len(ada.seen()) == 1, "one message, edited in place"
    assert ada.last()["caption"] == "Text only · seed 7 · toy model"
    assert texts(ada.last()) == [
        ["Re-roll", "Subtle", "Strong"],
        ["Upscale", "Remix"],
        ["As subject", "As style"],
        ["Info", "Favourite", "Delete"],
        ["Original file", "Copy seed"],
        ["Report"],
    ]
    assert ada.copied(ada.last(), "Copy seed") == "7"
    [task] = world.engine.tasks
    assert (task.prompt, task.seed, task.subject, task.styles) == ("a fox in the snow", 7, None, ())


async def test_the_first_answer_comes_before_any_picture_is_fetched(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(RED, "on a beach")
        await world.until(lambda: "photo" in ada.last())

    order = [call.method for call in world.server.calls if call.method in {"sendMessage", "getFile"}]
    assert order == ["sendMessage", "getFile"]


async def test_a_photo_with_a_caption_is_the_subject(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.show(RED, "on a beach")
        await world.until(lambda: "photo" in ada.last())

    [task] = world.engine.tasks
    assert (task.prompt, corner(task.subject), task.styles) == ("on a beach", (200, 0, 0), ())
    assert ada.last()["caption"].startswith("Subject · ")


@pytest.mark.parametrize("caption", ["/style a house", "a house --as style"])
async def test_a_picture_can_be_the_style(world: World, caption: str) -> None:
    ada = world.person()
    async with world.running():
        ada.show(BLUE, caption)
        await world.until(lambda: "photo" in ada.last())

    [task] = world.engine.tasks
    assert (task.prompt, task.subject, [corner(style) for style in task.styles]) == ("a house", None, [(0, 0, 200)])


async def test_an_uncompressed_picture_comes_as_a_document(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.attach(GREEN, "in a garden")
        await world.until(lambda: "photo" in ada.last())

    assert corner(world.engine.tasks[0].subject) == (0, 200, 0)


async def test_an_album_is_one_request_in_the_order_of_its_messages(world: World) -> None:
    ada = world.person()
    first, second, third = ada.album(RED, GREEN, BLUE, caption="dancing --keep")
    async with world.running():
        ada.send(third)
        await world.until(lambda: world.server.has_given_all, time_passes=False)
        ada.send(first, second)
        await world.until(lambda: world.server.has_given_all, time_passes=False)
        await world.until(lambda: "photo" in ada.last())
        await world.settled()

    [task] = world.engine.tasks
    assert corner(task.subject) == (200, 0, 0)
    assert [corner(style) for style in task.styles] == [(0, 200, 0), (0, 0, 200)]
    assert (task.prompt, task.keep_size) == ("dancing", True)
    assert len(ada.seen()) == 1
    assert ada.last()["caption"].startswith("Subject + 2 styles · ")


async def test_an_album_of_four_is_one_too_many(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.send(*ada.album(RED, GREEN, BLUE, png(), caption="all of them"))
        await world.until(lambda: bool(ada.seen()))
        await world.settled()

    assert [message["text"] for message in ada.seen()] == ["Please send at most 2 style pictures, not 3."]
    assert world.server.calls_of("getFile") == []
    assert await world.jobs(ada) == ()


async def test_flags_set_every_number(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("a fox --ar 16:9 --seed 42 \u2014steps 3 --g 3,5 in the snow")
        await world.until(lambda: "photo" in ada.last())
        ada.write("/imagine --size 777x640 a hen")
        await world.until(lambda: len(ada.seen()) == 2 and "photo" in ada.last())

    fox, hen = world.engine.tasks
    assert fox.prompt == "a fox in the snow"
    assert (fox.width, fox.height, fox.seed, fox.steps, fox.guidance) == (1360, 768, 42, 3, 3.5)
    assert (hen.prompt, hen.width, hen.height) == ("a hen", 768, 640)


async def test_what_was_rounded_is_said_on_the_card(world: World) -> None:
    ada = world.person()
    async with world.running(FakeEngine(Play(hold_at_step=2))):
        ada.write("a hen --size 777x640")
        await world.until(lambda: "Width rounded from 777 to 768." in ada.last().get("text", ""))
        world.engine.release()
        await world.until(lambda: "photo" in ada.last())


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            "a fox --sed 7",
            "“--sed” is not one of --ar, --seed, --steps, --g, --size, --n, --keep, --as, --style, --subject-size, "
            "--private, --public, --spoiler.",
        ),
        ("a fox --style", '“--style” needs a value, for example --style "my ink".'),
        ("a fox --style “my ink", '“--style” needs a value, for example --style "my ink".'),
        ("a fox --style unheard-of", "We do not know that style; look at the list for its name."),
        ("a fox --subject-size big", "“big” is not a number for --subject-size."),
        ("a fox --subject-size 2000", "Subject size goes from 0 to 1024 (0 is automatic)."),
        ("a fox --seed seven", "“seven” is not a number for --seed."),
        ("a fox --size 12by4", "“12by4” is not a number for --size."),
        ("a fox --ar", "“--ar” needs a value, for example --ar 16:9."),
        ("a fox --steps --keep", "“--steps” needs a value, for example --steps 30."),
        ("a fox --as background", "“--as background” is not one of --as subject, --as style."),
        ("a fox --ar 17:3", "“17:3” is not one of 1:1, 4:3, 3:4, 3:2, 2:3, 16:9, 9:16."),
        ("a fox --steps 51", "Steps go from 1 to 50."),
        ("a fox --g nan", "Guidance goes from 1 to 5."),
        ("a fox --n 5", "You can ask for 1 to 4 pictures at once."),
        ("a fox --size 0", "A side of 0 pixels does not work; choose 512 to 1536."),
        ("a fox --keep", "Keeping the size needs a subject picture; add one or switch it off."),
        ("/imagine", "Please write a prompt, or add a subject picture."),
        ("/paint a fox", "I do not know that command. /help shows what I can do."),
        ("/style a fox", "Send /style as the caption of a picture, or as an answer to one."),
        ("x" * 2001, "The prompt has 2001 characters; please keep it to 2000."),
    ],
)
async def test_wrong_words_get_one_sentence_and_leave_nothing(world: World, words: str, answer: str) -> None:
    ada = world.person()
    async with world.running():
        ada.write(words)
        await world.until(lambda: ada.last().get("text") == answer)
        await world.settled()

    assert len(ada.seen()) == 1
    assert await world.jobs(ada) == ()


@pytest.mark.parametrize(("data", "rejection"), BAD_PICTURES.values(), ids=BAD_PICTURES.keys())
async def test_bad_pictures_get_one_sentence_and_leave_nothing(world: World, data: bytes, rejection: str) -> None:
    ada = world.person()
    async with world.running():
        answer_start = world.kit.application.catalogs.for_locale("en").text
        limits = {"limit_mpx": 40} if rejection == "too-many-pixels" else {}
        answer = answer_start(f"reject-{rejection}", **limits)
        ada.attach(data, "on a beach")
        await world.until(lambda: ada.last().get("text") == answer)
        await world.settled()

    assert len(ada.seen()) == 1
    assert await world.jobs(ada) == ()
    assert world.stored_pictures == 0


async def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(world: World) -> None:
    ada = world.person()
    async with world.running(limits=Limits(max_file_bytes=2**20)):
        ada.attach(b"\0" * (2**20 + 1), "on a beach")
        await world.until(lambda: "too large; pictures may have up to 1 MB" in ada.last().get("text", ""))
        await world.settled()

    assert world.server.calls_of("getFile") == []
    assert await world.jobs(ada) == ()


async def test_a_picture_that_telegram_does_not_give_is_asked_for_again(world: World) -> None:
    ada = world.person()
    async with world.running():
        message = ada.show(RED, "on a beach")
        world.server.memory.files.pop(message["photo"][-1]["file_id"])
        await world.until(
            lambda: ada.last().get("text") == "Telegram did not give us your picture. Please send it again."
        )
    assert await world.jobs(ada) == ()


@pytest.mark.parametrize(
    ("send", "answer"),
    [
        (lambda ada: ada.sticker("animated"), "That sticker moves. Please send one that stands still, or a photo."),
        (lambda ada: ada.sticker("video"), "That sticker moves. Please send one that stands still, or a photo."),
        (
            lambda ada: ada.animation("on a beach"),
            "I can only use pictures that stand still. Please send a photo, or a screenshot of the film.",
        ),
        (
            lambda ada: ada.attach_heic("on a beach"),
            "HEIC files are not for me. Please send it as a photo instead of a file, or as JPEG.",
        ),
        (
            lambda ada: ada.write("/imagine on a beach", reply_to=ada.animation()),
            "I can only use pictures that stand still. Please send a photo, or a screenshot of the film.",
        ),
    ],
    ids=["animated sticker", "video sticker", "GIF", "HEIC", "an answer to a GIF"],
)
async def test_what_is_no_still_picture_is_refused_politely(
    world: World, send: Callable[[Person], object], answer: str
) -> None:
    ada = world.person()
    async with world.running():
        send(ada)
        await world.until(lambda: ada.last().get("text") == answer)
        await world.settled()
    assert await world.jobs(ada) == ()
    assert world.server.calls_of("getFile") == []


async def test_a_forwarded_picture_is_a_picture(world: World) -> None:
    ada, jo = world.person("Ada"), world.person("Jo")
    async with world.running():
        photo = jo.show(GREEN, "my garden")
        await world.until(lambda: "photo" in jo.last())
        ada.forward(photo)
        await world.until(lambda: "photo" in ada.last())
    assert world.engine.tasks[-1].prompt == "my garden"
    assert corner(world.engine.tasks[-1].subject) == (0, 200, 0)


async def test_saved_styles_and_visibility_are_flags(world: World) -> None:
    ada = world.person()
    async with world.running():
        actor = Actor(Platform.TELEGRAM, str(ada.user["id"]))
        await world.kit.application.styles.save(actor, "My  Ink", [BLUE])
        ada.write("a fox --style “my ink” --private --spoiler --subject-size 256 in the snow")
        await world.until(lambda: "photo" in ada.last())
        [job] = await world.jobs(ada)
    [task] = world.engine.tasks
    assert (task.prompt, [corner(style) for style in task.styles]) == ("a fox in the snow", [(0, 0, 200)])
    assert (job.request.private, job.request.spoiler, job.request.subject_size) == (True, True, 256)
    assert ada.last()["has_media_spoiler"]


async def test_an_answer_with_a_command_takes_the_picture_it_answers(world: World) -> None:
    ada = world.person()
    async with world.running():
        picture = ada.show(GREEN)
        await world.until(lambda: len(ada.seen()) == 1)
        ada.write("/style a tower", reply_to=picture)
        await world.until(lambda: "photo" in ada.last())

    assert [corner(style) for style in world.engine.tasks[0].styles] == [(0, 200, 0)]


async def test_start_and_help_explain(world: World) -> None:
    ada = world.person()
    async with world.running():
        ada.write("/start")
        await world.until(lambda: "Send me a few words" in ada.last().get("text", ""))
        ada.write("/help@uso_test_bot")
        await world.until(lambda: "--seed 7" in ada.last().get("text", ""))
        ada.write("/help@another_bot")
        await world.settled()

    assert len(ada.seen()) == 2


async def test_a_german_reads_german(world: World) -> None:
    jo = world.person("Jo", language="de-AT")
    async with world.running():
        jo.write("ein Fuchs --sed 7")
        await world.until(lambda: jo.last().get("text", "").startswith("„--sed“ gehört nicht zu --ar"))
        jo.write("ein Fuchs --seed 7")
        await world.until(lambda: "photo" in jo.last())

    assert jo.last()["caption"] == "Nur Text · Seed 7 · Spielzeugmodell"
    assert texts(jo.last())[0] == ["Neu würfeln", "Leicht", "Stark"]
    cards = [call.values["text"] for call in world.server.calls_of("sendMessage")]
    assert cards[-1] == "Angekommen, einen Moment …"
