"""Bytes of files: pictures, recipes, caches and weights end in a value or in the error that is documented."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Rejected, Rejection
from bot.domain.limits import Limits
from bot.domain.recipes import Recipe, parse_recipe
from bot.services.admission import admit_picture
from bot.services.inspection import inspect_file
from bot.services.png_text import png_size, read_png_text
from tests.fuzz.examples import ANY_TEXT, bent, fuzzed
from tests.security.hostile_pictures import hostile_pictures
from tests.support.pictures import png
from uso.errors import WeightsError
from uso.safetensors_header import read_header

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

T = TypeVar("T")
_LIMITS = Limits(max_file_bytes=200_000, max_decoded_pixels=1_000_000)
_SMALL = [one.data for one in hostile_pictures().values() if one.refusal is None and len(one.data) < 2000]
_OF_FILES = {
    Rejection.NOT_A_PICTURE, Rejection.PICTURE_BROKEN, Rejection.TOO_MANY_PIXELS, Rejection.FILE_TOO_LARGE
}  # fmt: skip
_RECIPE = Recipe(
    prompt="a fox", subject="a" * 64, styles=("b" * 64,), width=1024, height=768, keep_size=False, steps=25,
    guidance=4.0, subject_size=512, seed=7, variation_seed=8, variation_strength=0.15, picture_width=2,
    picture_height=1, model_label="USO", model_revision="abc", recipe_id="7k3m9qx2vt0a-1",
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def _accepted(read: Callable[[], T]) -> T | None:
    """What was read; None where it was refused as a file may be."""
    try:
        return read()
    except Rejected as rejected:
        if rejected.rejection not in _OF_FILES:
            raise
        return None


@fuzzed
@given(data=bent(png(), *_SMALL))
def test_pictures_are_let_in_or_refused(data: bytes) -> None:
    admitted = _accepted(lambda: admit_picture(data, _LIMITS))
    assert admitted is None or png_size(admitted.data) == (admitted.width, admitted.height)


@fuzzed
@given(data=bent(png(), *_SMALL))
def test_pictures_are_looked_into_or_refused(data: bytes) -> None:
    inspection = _accepted(lambda: inspect_file(data, _LIMITS))
    assert inspection is None or inspection.width * inspection.height <= _LIMITS.max_decoded_pixels


@fuzzed
@given(data=bent(*_SMALL), most=st.integers(0, 50))
def test_texts_of_pictures_stay_short(data: bytes, most: int) -> None:
    found = read_png_text(data, ("comment", "parameters", "uso-recipe"), most_chars=most)
    assert all(len(text) <= most for text in found.values())


@fuzzed
@given(data=bent(_RECIPE.as_json().encode()))
def test_recipes_are_ours_or_none(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    try:
        recipe = parse_recipe(text)
    except ValueError:
        return
    recipe.as_json().encode()
    assert recipe.as_parameters()


@fuzzed
@given(changes=st.dictionaries(st.sampled_from(sorted(json.loads(_RECIPE.as_json()))), _JSON, max_size=3))
def test_recipes_with_other_fields_are_ours_or_none(changes: dict[str, object]) -> None:
    text = json.dumps({**json.loads(_RECIPE.as_json()), **changes})
    try:
        recipe = parse_recipe(text)
    except ValueError:
        return
    recipe.as_json().encode()
    assert recipe.as_parameters()


@fuzzed
@given(data=bent(b'\x30\0\0\0\0\0\0\0{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' + bytes(4)))
def test_headers_of_weights_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.safetensors"
    path.write_bytes(data)
    try:
        shapes = read_header(path)
    except WeightsError:
        return
    assert all(isinstance(shape, tuple) for shape in shapes.values())


def test_the_sound_examples_are_sound() -> None:
    """Else the tests above would bend what is broken anyway."""
    assert parse_recipe(_RECIPE.as_json()) == _RECIPE
    assert len(_SMALL) > 10
    assert all(admit_picture(data, _LIMITS).width for data in (png(), *_SMALL))
