"""Sizes for models that draw smaller than asked."""

from __future__ import annotations

ASKED_SIDE_PX = 1024
SIZE_MULTIPLE_PX = 16
MIN_SIDE_PX = 64


def scaled_side(side_px: int, native_side_px: int) -> int:
    """The side that a model draws when `side_px` is asked: a multiple of 16, at least 64; 0 (automatic) stays 0."""
    if side_px == 0:
        return 0
    scaled_px = side_px * native_side_px // ASKED_SIDE_PX
    return max(MIN_SIDE_PX, scaled_px // SIZE_MULTIPLE_PX * SIZE_MULTIPLE_PX)
