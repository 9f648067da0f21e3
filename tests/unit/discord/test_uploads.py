"""The upload ladder, shared by the chats."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bot.services.png import encode_png, read_recipe
from bot.services.uploads import fit_upload


@pytest.fixture(scope="module")
def photo() -> bytes:
    """Something between noise and a photograph: every rung of the ladder makes it smaller."""
    rows, columns = np.mgrid[0:256, 0:256]
    noise = np.random.default_rng(1).integers(-20, 20, (256, 256, 3))
    waves = np.stack([rows, columns, (rows + columns) // 2], axis=-1)
    rgb = (waves + noise).clip(0, 255).astype(np.uint8)
    return encode_png(256, 256, rgb.tobytes(), {"parameters": "kept"})


def test_what_fits_passes_unchanged(photo: bytes) -> None:
    upload = fit_upload(photo, len(photo), stem="uso-1")
    assert upload.data == photo
    assert upload.filename == "uso-1.png"
    with Image.open(io.BytesIO(upload.data)) as picture:
        assert picture.info["parameters"] == "kept"
    assert read_recipe(upload.data) is None


def test_the_ladder_goes_down_through_webp_and_jpeg_and_always_fits(photo: bytes) -> None:
    endings, sizes = [], []
    limit = len(photo) - 1
    while limit > 2000:
        upload = fit_upload(photo, limit)
        assert len(upload.data) <= limit
        with Image.open(io.BytesIO(upload.data)) as picture:
            picture.load()
            sizes.append(picture.width)
            assert picture.format == {"webp": "WEBP", "jpg": "JPEG"}[upload.filename.split(".")[1]]
        endings.append(upload.filename)
        limit = len(upload.data) - 1
    assert endings[0] == "picture.webp"
    assert endings[-1] == "picture.jpg"
    assert endings == sorted(endings, reverse=True), "never back up"
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 256, "in the end the picture itself shrinks"


def test_a_limit_that_nothing_fits_is_an_error(photo: bytes) -> None:
    with pytest.raises(ValueError, match="100 bytes"):
        fit_upload(photo, 100)
