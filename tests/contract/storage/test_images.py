"""Keeping picture files, on every image store."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from bot.ports.images import ImageStore, PictureMissing

DATA = b"\x89PNG\r\n" + bytes(range(256)) * 100
HASH = hashlib.sha256(DATA).hexdigest()


async def test_a_picture_comes_back_under_the_hash_of_its_bytes(images: ImageStore) -> None:
    assert await images.put(DATA) == HASH
    assert await images.get(HASH) == DATA
    assert await images.exists(HASH)


async def test_no_bytes_are_bytes_too(images: ImageStore) -> None:
    assert await images.get(await images.put(b"")) == b""


async def test_unknown_pictures_are_missing(images: ImageStore) -> None:
    assert not await images.exists(HASH)
    with pytest.raises(PictureMissing):
        await images.get(HASH)


async def test_a_deleted_picture_is_gone_and_can_come_again(images: ImageStore) -> None:
    await images.put(DATA)
    await images.delete(HASH)
    await images.delete(HASH)
    assert not await images.exists(HASH)
    with pytest.raises(PictureMissing):
        await images.get(HASH)
    await images.put(DATA)
    assert await images.get(HASH) == DATA


async def test_the_same_and_other_pictures_at_once(images: ImageStore) -> None:
    hashes = await asyncio.gather(*(images.put(DATA + bytes([number % 4])) for number in range(20)))

    assert len(set(hashes)) == 4
    for number, picture in enumerate(hashes):
        assert await images.get(picture) == DATA + bytes([number % 4])


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "../secret",
        "/etc/hostname",
        HASH[:-1],
        HASH + "0",
        HASH.upper(),
        HASH + "\n",
        "g" * 64,
        "../" * 20 + "etc",
    ],
)
async def test_what_is_no_hash_names_no_picture(images: ImageStore, name: str) -> None:
    await images.put(DATA)
    assert not await images.exists(name)
    with pytest.raises(PictureMissing):
        await images.get(name)
    await images.delete(name)
    assert await images.get(HASH) == DATA


async def test_a_thumbnail_lies_beside_its_picture_and_goes_with_it(images: ImageStore) -> None:
    await images.put(DATA)
    assert await images.thumbnail(HASH) is None

    await images.put_thumbnail(HASH, b"small")
    await images.put_thumbnail(HASH, b"smaller")
    assert await images.thumbnail(HASH) == b"smaller"
    assert await images.get(HASH) == DATA
    assert [[file.picture for file in files] async for files in images.files()] == [[HASH]]

    await images.delete(HASH)
    assert await images.thumbnail(HASH) is None
    await images.put(DATA)
    assert await images.thumbnail(HASH) is None


@pytest.mark.parametrize("name", [HASH, "", "../secret", HASH.upper()])
async def test_without_a_picture_there_is_no_thumbnail(images: ImageStore, name: str) -> None:
    with pytest.raises(PictureMissing):
        await images.put_thumbnail(name, b"small")
    assert await images.thumbnail(name) is None


async def test_thumbnails_that_race_a_deletion_leave_nothing_behind(images: ImageStore) -> None:
    async def put() -> None:
        try:
            await images.put_thumbnail(HASH, b"small")
        except PictureMissing:
            return

    for _ in range(20):
        await images.put(DATA)
        await asyncio.gather(put(), images.delete(HASH), put())
        await images.put(DATA)
        assert await images.thumbnail(HASH) is None
        await images.delete(HASH)
