"""The toy model: built in a moment, the same every time, and its pictures answer to what is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uso import GenerationParams, UsoPipeline, build_toy_weights


@pytest.fixture(scope="module")
def toy(toy_weights: Path) -> UsoPipeline:
    return UsoPipeline.from_weights(toy_weights)


@pytest.fixture
def params() -> GenerationParams:
    return GenerationParams(prompt="A cat on a sofa.", width=128, height=128, steps=8, content_size=128, seed=1)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference in grey levels."""
    return float(np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int)).mean())


def test_it_says_that_it_is_a_toy(toy: UsoPipeline, toy_weights: Path) -> None:
    assert toy.is_toy
    assert toy.label == "toy model"
    assert json.loads((toy_weights / "config.json").read_text())["toy"] is True


def test_it_lies_in_the_published_layout(toy_weights: Path, golden: Path) -> None:
    def checkpoints(folder: Path) -> set[str]:
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*.safetensors")}

    assert checkpoints(toy_weights) == checkpoints(golden / "weights")


def test_the_same_seed_writes_the_same_bytes(toy_weights: Path, tmp_path: Path, toy: UsoPipeline) -> None:
    build_toy_weights(tmp_path / "again")
    build_toy_weights(tmp_path / "other", seed=1)
    for path in toy_weights.rglob("*"):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(toy_weights)).read_bytes() == path.read_bytes()
    assert UsoPipeline.from_weights(tmp_path / "again").model_revision == toy.model_revision
    assert UsoPipeline.from_weights(tmp_path / "other").model_revision != toy.model_revision


def test_pictures_are_not_flat(toy: UsoPipeline, params: GenerationParams) -> None:
    picture = np.asarray(toy(params).image, dtype=float)
    assert picture.std(axis=(0, 1)).min() > 20


def test_pictures_answer_to_prompt_style_and_subject(
    toy: UsoPipeline, params: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    base = toy(params).image
    prompted = toy(replace(params, prompt="Mountains at dawn, oil painting.")).image
    styled = [toy(params, styles=[pictures[name]]).image for name in ("style_1", "style_2")]
    subjects = [toy(params, content=pictures[name]).image for name in ("content_wide", "content_tall")]
    assert difference(base, prompted) > 10
    assert difference(base, toy(replace(params, seed=2)).image) > 10
    assert min(difference(base, picture) for picture in styled) > 3
    assert difference(*styled) > 1
    assert min(difference(base, picture) for picture in subjects) > 10
    assert difference(*subjects) > 3


def test_prompts_that_differ_in_script_differ_in_picture(toy: UsoPipeline, params: GenerationParams) -> None:
    pictures = {toy(replace(params, prompt=prompt)).image.tobytes() for prompt in ("Кот", "猫", "a" * 3000, "a\nb")}
    assert len(pictures) == 4


def test_it_draws_large_pictures(toy: UsoPipeline) -> None:
    output = toy(GenerationParams(prompt="Wide.", width=1024, height=512, steps=1, seed=1))
    assert output.image.size == (1024, 512)


def test_nothing_half_built_is_left_behind(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(OSError, match="file"):
        build_toy_weights(blocked / "toy")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
