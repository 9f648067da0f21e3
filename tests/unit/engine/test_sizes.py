"""Sizes of models that draw smaller than asked."""

from __future__ import annotations

import pytest

from adapters.engine.sizes import scaled_side, shrunk_size


@pytest.mark.parametrize(
    ("asked_px", "drawn_px"),
    [(1024, 256), (1536, 384), (1184, 288), (880, 208), (512, 128), (100, 64), (16, 64), (0, 0), (4096, 1024)],
)
def test_sides_are_scaled_and_floored_to_multiples_of_16(asked_px: int, drawn_px: int) -> None:
    assert scaled_side(asked_px, 256) == drawn_px


@pytest.mark.parametrize(
    ("size", "shrunk"),
    [
        ((1024, 1024), (768, 768)),
        ((1536, 1536), (1152, 1152)),
        ((1344, 768), (1008, 576)),
        ((640, 1024), (512, 816)),
        ((528, 528), (512, 512)),
        ((512, 512), None),
        ((1536, 512), None),
        ((2000, 320), None),
    ],
)
def test_a_shrunk_size_keeps_the_shape_and_can_be_asked_for(
    size: tuple[int, int], shrunk: tuple[int, int] | None
) -> None:
    assert shrunk_size(*size) == shrunk
