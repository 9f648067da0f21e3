"""Files that fit through a platform's upload limit; the stored original is never touched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

_LOSSLESS = {"lossless": True, "quality": 60, "method": 2}
_WEBP_QUALITIES = (95, 88)
_JPEG_QUALITIES = (85, 70)
_SMALLEST_SIDE_PX = 16


class Upload(NamedTuple):
    """A file to send; the ending of `filename` tells its format."""

    data: bytes
    filename: str


def fit_upload(png: bytes, limit_bytes: int, *, stem: str = "picture") -> Upload:
    """Go down the ladder until the picture is at most `limit_bytes` long: PNG, WebP, JPEG, then smaller JPEGs.

    The PNG passes unchanged, recipe included, whenever it fits. Raises ValueError when not even the smallest
    JPEG does. May take seconds for a large picture: call it in a thread.
    """
    if len(png) <= limit_bytes:
        return Upload(png, f"{stem}.png")
    with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
        picture = opened.convert("RGB")
    for data, ending in _rungs(picture):
        if len(data) <= limit_bytes:
            return Upload(data, f"{stem}.{ending}")
    raise ValueError(f"no picture fits into {limit_bytes} bytes")


def _rungs(picture: Image.Image) -> Iterator[tuple[bytes, str]]:
    yield _encode(picture, "WEBP", **_LOSSLESS), "webp"
    for quality in _WEBP_QUALITIES:
        yield _encode(picture, "WEBP", quality=quality, method=2), "webp"
    for quality in _JPEG_QUALITIES:
        yield _encode(picture, "JPEG", quality=quality), "jpg"
    while min(picture.size) >= 2 * _SMALLEST_SIDE_PX:
        picture = picture.reduce(2)
        yield _encode(picture, "JPEG", quality=_JPEG_QUALITIES[-1]), "jpg"


def _encode(picture: Image.Image, kind: str, **options: int | bool) -> bytes:
    encoded = io.BytesIO()
    picture.save(encoded, kind, **options)
    return encoded.getvalue()
