"""Sizes for models that draw smaller than asked."""

from __future__ import annotations

ASKED_SIDE_PX = 1024
SIZE_MULTIPLE_PX = 16
MIN_SIDE_PX = 64
SHRINK_FACTOR = 0.75
MIN_SHRUNK_SIDE_PX = 512
"""What a request may ask for at least, so that a shrunk one can be asked for again."""


def scaled_side(side_px: int, native_side_px: int) -> int:
    """The side that a model draws when `side_px` is asked: a multiple of 16, at least 64; 0 (automatic) stays 0."""
    if side_px == 0:
        return 0
    scaled_px = side_px * native_side_px // ASKED_SIDE_PX
    return max(MIN_SIDE_PX, scaled_px // SIZE_MULTIPLE_PX * SIZE_MULTIPLE_PX)


def shrunk_size(width: int, height: int) -> tuple[int, int] | None:
    """The size to try where memory is not enough for this one; None where none is small enough and still wanted.

    Both sides times 0.75, less where that would leave a side below 512, cut to multiples of 16.
    """
    factor = max(SHRINK_FACTOR, MIN_SHRUNK_SIDE_PX / min(width, height))
    if factor >= 1:
        return None
    shrunk = tuple(int(side * factor) // SIZE_MULTIPLE_PX * SIZE_MULTIPLE_PX for side in (width, height))
    return (shrunk[0], shrunk[1]) if shrunk != (width, height) else None
