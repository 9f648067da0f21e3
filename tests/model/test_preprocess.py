"""Reference pictures: the published size rule on every awkward shape, and what impossible ones get."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from uso import InvalidReason, InvalidRequest
from uso.preprocess import content_reference_size, flatten, kept_size, prepare_content


def test_every_recorded_content_size(tables: dict[str, Any]) -> None:
    for shape, recorded in tables["content_reference_sizes"].items():
        picture_size, content_size = shape.split("@")
        width, height = map(int, picture_size.split("x"))
        if isinstance(recorded, str) or 0 in recorded:
            with pytest.raises(InvalidRequest) as caught:
                content_reference_size(width, height, int(content_size))
            assert caught.value.reason is InvalidReason.CONTENT_SHAPE
            assert f"{width}x{height}" in caught.value.sentence
        else:
            assert list(content_reference_size(width, height, int(content_size))) == recorded
            picture = prepare_content(Image.new("RGB", (width, height)), int(content_size))
            assert list(picture.size) == recorded


def test_a_16x16_picture_is_taken_as_it_is() -> None:
    picture = Image.new("RGB", (16, 16), "red")
    assert prepare_content(picture, 512).tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    ("content", "content_size", "kept"),
    [((320, 512), 512, (640, 1024)), ((512, 288), 512, (1024, 576)), ((96, 48), 96, (1024, 512))],
)
def test_kept_size(content: tuple[int, int], content_size: int, kept: tuple[int, int]) -> None:
    assert kept_size(*content, content_size) == kept


def test_keeping_an_impossible_size_is_refused() -> None:
    with pytest.raises(InvalidRequest) as caught:
        kept_size(16, 1024, 1024)
    assert caught.value.reason is InvalidReason.KEEP_SIZE_SHAPE


def test_transparent_parts_become_white() -> None:
    picture = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 16, 32))
    flat = flatten(picture)
    assert flat.mode == "RGB"
    assert flat.getpixel((0, 0)) == (0, 0, 255)
    assert flat.getpixel((31, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_other_modes_become_rgb(mode: str) -> None:
    assert prepare_content(Image.new(mode, (64, 48)), 64).mode == "RGB"
