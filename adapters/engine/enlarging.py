"""Enlarging in the engine process: one picture, told tile by tile."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Final

from PIL import Image, UnidentifiedImageError

from adapters.engine import wire
from uso.upscaler import FACTOR, MIN_SIDE_PX, TILE_PX

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.engine.painting import Tell
    from uso.upscaler import TileDone, Upscaler

MAX_SIDE_PX: Final = 4096
UNREADABLE: Final = (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError)
"""What opening a picture raises that is none."""


def open_picture(data: bytes) -> Image.Image:
    """Decode a picture; raises one of `UNREADABLE`."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def enlarge(
    number: int,
    data: bytes,
    upscaler: Upscaler,
    *,
    tell: Tell,
    should_stop: Callable[[], bool],
    tile_px: int = TILE_PX,
) -> wire.Outcome:
    """Enlarge the picture for run `number`; raises `GenerationStopped` between two tiles."""
    started = time.monotonic()
    try:
        picture = open_picture(data)
    except UNREADABLE:
        return wire.Refused(number, "The picture to enlarge cannot be read.")
    if min(picture.size) < MIN_SIDE_PX or max(picture.size) > MAX_SIDE_PX:
        return wire.Refused(number, f"A picture of {picture.width}x{picture.height} pixels cannot be enlarged.")

    def on_tile(done: TileDone) -> None:
        tell(wire.Stepped(number, done.tile, done.tiles, done.elapsed_s, None))

    larger = upscaler(picture, on_tile=on_tile, should_stop=should_stop, tile_px=tile_px)
    assert larger.size == (FACTOR * picture.width, FACTOR * picture.height)
    return wire.Drawn(number, *larger.size, rgb=larger.tobytes(), duration_s=time.monotonic() - started)
