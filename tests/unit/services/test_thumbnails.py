"""Thumbnails: small, made once, kept."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from bot.domain.errors import Rejected
from bot.domain.requests import PictureHash
from bot.services.thumbnails import THUMBNAIL_SIDE_PX, Thumbnails
from storage.memory import MemoryImageStore
from tests.support.pictures import png


class CountedStore(MemoryImageStore):
    """Counts how often whole pictures are read."""

    reads = 0

    async def get(self, picture: PictureHash) -> bytes:
        self.reads += 1
        return await super().get(picture)


@pytest.mark.parametrize(
    ("size", "small"), [((1600, 800), (448, 224)), ((500, 1000), (224, 448)), ((60, 40), (60, 40))]
)
async def test_it_is_small_and_of_the_same_shape(size: tuple[int, int], small: tuple[int, int]) -> None:
    store = MemoryImageStore()
    made = await Thumbnails(images=store)(await store.put(png(*size, colour=(200, 40, 40))))
    with Image.open(io.BytesIO(made)) as opened:
        assert (opened.format, opened.size, max(opened.size) <= THUMBNAIL_SIDE_PX) == ("WEBP", small, True)
        red, green, blue = opened.convert("RGB").getpixel((small[0] - 2, small[1] - 2))  # type: ignore[misc]
    assert abs(red - 200) + abs(green - 40) + abs(blue - 40) < 24


async def test_however_many_ask_it_is_made_once() -> None:
    store = CountedStore()
    picture = await store.put(png(900, 900))
    thumbnails = Thumbnails(images=store)
    made = await asyncio.gather(*(thumbnails(picture) for _ in range(20)))
    assert len(set(made)) == 1
    assert await thumbnails(picture) == await Thumbnails(images=store)(picture) == made[0]
    assert store.reads == 1


async def test_who_leaves_does_not_take_it_from_those_who_wait() -> None:
    store = CountedStore()
    picture = await store.put(png(900, 900))
    thumbnails = Thumbnails(images=store)
    leaving, waiting = asyncio.create_task(thumbnails(picture)), asyncio.create_task(thumbnails(picture))
    while store.reads == 0:
        await asyncio.sleep(0)
    leaving.cancel()
    assert await waiting
    assert store.reads == 1


async def test_a_picture_that_is_gone_has_none_and_may_come_back() -> None:
    store = MemoryImageStore()
    picture = await store.put(png())
    await store.delete(picture)
    thumbnails = Thumbnails(images=store)
    for _ in range(2):
        with pytest.raises(Rejected, match="picture-gone"):
            await thumbnails(picture)
    await store.put(png())
    assert await thumbnails(picture)


async def test_a_full_disk_keeps_none_but_shows_it() -> None:
    store = MemoryImageStore()
    picture = await store.put(png(900, 900))
    store.free_bytes = 0
    assert await Thumbnails(images=store)(picture)
    assert await store.thumbnail(picture) is None


async def test_meanwhile_everything_else_goes_on() -> None:
    store = MemoryImageStore()
    making = asyncio.create_task(Thumbnails(images=store)(await store.put(png(5000, 4000))))
    turns = 0
    while not making.done():
        await asyncio.sleep(0)
        turns += 1
    assert await making
    assert turns > 100, "the event loop stood still while the picture was shrunk"
