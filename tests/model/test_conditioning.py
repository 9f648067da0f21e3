"""Encoders run once for each picture and prompt; what they made is kept within bounds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import torch
from PIL import Image

from tests.model.conftest import count_encoder_runs
from uso import GenerationParams, UsoPipeline
from uso.conditioning import TensorCache
from uso.picture_hash import picture_hash


@pytest.fixture
def calls(fresh_pipeline: UsoPipeline) -> Counter[str]:
    """How often each real encoder has run."""
    return count_encoder_runs(fresh_pipeline)


def test_each_encoder_runs_once(
    fresh_pipeline: UsoPipeline, calls: Counter[str], small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    styles = [pictures["style_1"], pictures["style_2"]]
    for seed in range(3):
        fresh_pipeline(replace(small, seed=seed), content=pictures["content_wide"], styles=styles)
    assert calls == {"text_encoder": 1, "text_encoder_2": 1, "image_encoder": 2, "style_projector": 2, "vae": 1}


def test_what_changes_is_encoded_again_and_nothing_else(
    fresh_pipeline: UsoPipeline, calls: Counter[str], small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    content, style = pictures["content_wide"], pictures["style_1"]
    fresh_pipeline(small, content=content, styles=[style])
    before = Counter(calls)
    fresh_pipeline(replace(small, prompt="Another."), content=content, styles=[style])
    assert calls - before == {"text_encoder": 1, "text_encoder_2": 1}
    before = Counter(calls)
    fresh_pipeline(replace(small, content_size=96), content=content, styles=[style])
    assert calls - before == {"vae": 1}
    before = Counter(calls)
    fresh_pipeline(small, content=content, styles=[pictures["style_2"], style])
    assert calls - before == {"image_encoder": 1, "style_projector": 1}


def test_another_revision_is_another_key(
    fresh_pipeline: UsoPipeline, calls: Counter[str], small: GenerationParams
) -> None:
    fresh_pipeline.encode_prompt(small.prompt)
    fresh_pipeline.model_revision = "another"
    fresh_pipeline.encode_prompt(small.prompt)
    assert calls["text_encoder_2"] == 2


def test_hash_is_of_pixels_not_of_objects() -> None:
    red = Image.new("RGB", (4, 2), "red")
    assert picture_hash(red) == picture_hash(red.convert("RGBA")) == picture_hash(red.copy())
    assert picture_hash(red) != picture_hash(Image.new("RGB", (2, 4), "red"))
    assert picture_hash(red) != picture_hash(Image.new("RGB", (4, 2), "blue"))


def _kilobyte(value: int) -> tuple[torch.Tensor, ...]:
    return (torch.full((1024,), value, dtype=torch.uint8),)


def test_cache_never_holds_more_than_its_bytes_and_drops_the_oldest() -> None:
    cache = TensorCache(max_bytes=3 * 1024)
    for n in range(3):
        cache.get((str(n),), lambda n=n: _kilobyte(n))  # type: ignore[misc]
    cache.get(("0",), lambda: pytest.fail("it was kept"))
    cache.get(("3",), lambda: _kilobyte(3))
    assert (len(cache), cache.held_bytes) == (3, 3 * 1024)
    cache.get(("0",), lambda: pytest.fail("it was used last, so it stays"))
    assert cache.get(("1",), lambda: _kilobyte(9))[0][0] == 9


def test_what_is_larger_than_the_cache_passes_through() -> None:
    cache = TensorCache(max_bytes=100)
    assert cache.get(("big",), lambda: _kilobyte(1))[0].numel() == 1024
    assert (len(cache), cache.held_bytes) == (0, 0)


def test_a_full_cache_changes_no_picture(fresh_pipeline: UsoPipeline, small: GenerationParams) -> None:
    kept = fresh_pipeline(small).image.tobytes()
    fresh_pipeline.text_cache = TensorCache(max_bytes=0)
    assert fresh_pipeline(small).image.tobytes() == kept
    assert fresh_pipeline.text_cache.held_bytes == 0


def test_clearing_forgets() -> None:
    cache = TensorCache(max_bytes=4096)
    cache.get(("a",), lambda: _kilobyte(1))
    cache.clear()
    assert cache.get(("a",), lambda: _kilobyte(2))[0][0] == 2
    assert cache.held_bytes == 1024
