"""Sizes of models that draw smaller than asked."""

from __future__ import annotations

import pytest

from adapters.engine.sizes import scaled_side


@pytest.mark.parametrize(
    ("asked_px", "drawn_px"),
    [(1024, 256), (1536, 384), (1184, 288), (880, 208), (512, 128), (100, 64), (16, 64), (0, 0), (4096, 1024)],
)
def test_sides_are_scaled_and_floored_to_multiples_of_16(asked_px: int, drawn_px: int) -> None:
    assert scaled_side(asked_px, 256) == drawn_px
