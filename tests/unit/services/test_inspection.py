"""What files tell of how they were made, and what hostile ones do not do."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from adapters.engine.fake import FakeEngine
from bot.domain.actors import Actor, Platform
from bot.domain.cards import Phase
from bot.domain.errors import Rejected
from bot.domain.limits import Limits
from bot.domain.recipes import Recipe
from bot.domain.requests import Draft
from bot.services.inspection import Inspect
from bot.services.png import encode_png
from bot.services.submit import Origin
from tests.support.pictures import png, png_header_only
from tests.support.spine import make_spine, running_spine

INSPECT = make_spine().application.inspect
RECIPE = Recipe(
    prompt="ein Fisch 🐟",
    subject="a" * 64,
    styles=("b" * 64,),
    width=1024,
    height=768,
    keep_size=False,
    steps=25,
    guidance=4.0,
    subject_size=512,
    seed=7,
    variation_seed=8,
    variation_strength=0.15,
    picture_width=2,
    picture_height=1,
    model_label="USO",
    model_revision="abc",
    recipe_id="7k3m9qx2vt0a-1",
)


def with_chunks(**chunks: str) -> bytes:
    return encode_png(2, 1, b"\0" * 6, {name.replace("_", "-"): text for name, text in chunks.items()})


def with_chunk(kind: bytes, data: bytes, *, into: bytes | None = None) -> bytes:
    """A PNG with one more chunk before its end, whatever is in it."""
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    plain = png() if into is None else into
    return plain[:-12] + chunk + plain[-12:]


async def test_a_result_tells_its_recipe() -> None:
    async with running_spine(FakeEngine()) as kit:
        submitted = await kit.application.submit(
            Origin(Actor(Platform.WEB, "local"), "a"), Draft("ein Fisch 🐟", steps=3, seed=7)
        )
        await kit.until(submitted.job.id, Phase.DONE)
        picture = (await kit.job(submitted.job.id)).pictures[0]
        inspection = await kit.application.inspect(await kit.images.get(picture.picture))
    assert inspection.recipe is not None
    assert (inspection.recipe.prompt, inspection.recipe.seed) == ("ein Fisch 🐟", 7)
    assert inspection.recipe.recipe_id == f"{submitted.job.id}-1"
    assert inspection.parameters.startswith("ein Fisch 🐟\nSteps: 3, ")
    assert (inspection.width, inspection.height, inspection.format) == (picture.width, picture.height, "PNG")


async def test_other_tools_and_other_formats() -> None:
    told = await INSPECT(with_chunks(parameters="a cat\nSteps: 20\x07"))
    assert (told.recipe, told.parameters) == (None, "a cat\nSteps: 20")
    packed = await INSPECT(with_chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"a dog")))
    assert packed.parameters == "a dog"
    translated = with_chunk(b"iTXt", b"parameters\0\1\0de\0Parameter\0" + zlib.compress("ein Bär".encode()))
    assert (await INSPECT(translated)).parameters == "ein Bär"
    for name in ("JPEG", "WEBP"):
        encoded = io.BytesIO()
        Image.new("RGB", (30, 20)).save(encoded, name)
        seen = await INSPECT(encoded.getvalue())
        assert (seen.recipe, seen.parameters, seen.width, seen.height, seen.format) == (None, "", 30, 20, name)


async def test_bombs_are_not_unpacked_and_long_texts_are_cut() -> None:
    bomb = zlib.compress(b"x" * 200_000_000, 1)
    for kind, head in ((b"zTXt", b"parameters\0\0"), (b"iTXt", b"parameters\0\1\0\0\0")):
        assert (await INSPECT(with_chunk(kind, head + bomb))).parameters == "x" * 100_000
    assert (await INSPECT(with_chunk(b"zTXt", b"uso-recipe\0\0" + bomb))).recipe is None
    assert len((await INSPECT(with_chunks(parameters="y" * 300_000))).parameters) == 100_000
    two = with_chunk(b"tEXt", b"parameters\0second", into=with_chunk(b"tEXt", b"parameters\0first"))
    assert (await INSPECT(two)).parameters == "first"


@pytest.mark.parametrize(
    "data",
    [
        with_chunk(b"zTXt", b"parameters\0\0not packed"),
        with_chunk(b"tEXt", b""),
        with_chunk(b"iTXt", b"parameters\0"),
        with_chunk(b"tEXt", b"parameters"),
        png()[:-5] + b"\xff\xff\xff\xfftEXt",
        png()[:40],
    ],
)
async def test_damaged_chunks_say_nothing(data: bytes) -> None:
    inspection = await INSPECT(data)
    assert (inspection.recipe, inspection.parameters, inspection.format) == (None, "", "PNG")


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": ["a"]},
        {"prompt": "\ud800"},
        {"prompt": "a\0b"},
        {"width": "1024"},
        {"width": True},
        {"width": -1},
        {"seed": 10**400},
        {"seed": 1.5},
        {"guidance": float("nan")},
        {"guidance": float("inf")},
        {"subject": "../../etc"},
        {"styles": ["<script>"]},
        {"styles": 5},
        {"recipe_id": None},
        {"version": 2},
        {"more": 1},
    ],
)
async def test_what_is_no_recipe_of_ours_is_not_shown_as_one(change: dict[str, Any]) -> None:
    sound = json.loads(RECIPE.as_json())
    assert (await INSPECT(with_chunks(uso_recipe=json.dumps(sound)))).recipe == RECIPE
    assert (await INSPECT(with_chunks(uso_recipe=json.dumps({**sound, **change})))).recipe is None


async def test_a_nest_of_brackets_is_no_recipe() -> None:
    assert (await INSPECT(with_chunks(uso_recipe="[" * 100_000))).recipe is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not-a-picture"),
        (b"this is text", "not-a-picture"),
        (b"\x89PNG\r\n\x1a\n", "not-a-picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "not-a-picture"),
        (b"GIF89a" + b"\0" * 40, "not-a-picture"),
        (png_header_only(60_000, 60_000), "too-many-pixels"),
        (png_header_only(0, 60_000), "not-a-picture"),
    ],
)
async def test_what_is_no_picture_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        await INSPECT(data)


async def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(Rejected, match="file-too-large"):
        await Inspect(limits=Limits(max_file_bytes=10))(png())
