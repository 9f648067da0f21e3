"""What the model accepts, what it says otherwise, and which mode a request is."""

from __future__ import annotations

import math
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from uso import (
    GenerationParams,
    InvalidReason,
    InvalidRequest,
    Mode,
    WeightsError,
    WeightsProblem,
    derive_mode,
    validate,
)
from uso.params import floor_size

GOOD = GenerationParams(prompt="A cat.", seed=1)


def refusal(params: GenerationParams, *, has_content: bool = False, n_styles: int = 0) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        validate(params, has_content, n_styles)
    return caught.value


@pytest.mark.parametrize(
    ("prompt", "has_content", "n_styles", "mode"),
    [
        ("A cat.", False, 0, Mode.TEXT),
        ("A cat.", True, 0, Mode.SUBJECT),
        ("", True, 0, Mode.SUBJECT),
        ("A cat.", False, 1, Mode.STYLE),
        ("A cat.", False, 2, Mode.STYLE),
        ("A cat.", True, 1, Mode.STYLE_SUBJECT_SHIFTED),
        ("", True, 2, Mode.STYLE_SUBJECT_PRESERVED),
        ("  \n", True, 1, Mode.STYLE_SUBJECT_PRESERVED),
    ],
)
def test_mode(prompt: str, has_content: bool, n_styles: int, mode: Mode) -> None:
    assert derive_mode(prompt, has_content=has_content, n_styles=n_styles) is mode


@pytest.mark.parametrize(
    ("change", "reason", "names"),
    [
        ({"prompt": ""}, InvalidReason.EMPTY_PROMPT, "prompt"),
        ({"prompt": " \t"}, InvalidReason.EMPTY_PROMPT, "prompt"),
        ({"width": 0}, InvalidReason.SIZE, "width"),
        ({"height": 0}, InvalidReason.SIZE, "height"),
        ({"height": -512}, InvalidReason.SIZE, "-512"),
        ({"width": 48}, InvalidReason.SIZE, "48"),
        ({"width": 1000}, InvalidReason.SIZE, "1000"),
        ({"width": 4112}, InvalidReason.SIZE, "4112"),
        ({"steps": 0}, InvalidReason.STEPS, "0"),
        ({"steps": -1}, InvalidReason.STEPS, "-1"),
        ({"steps": 100_000}, InvalidReason.STEPS, "100000"),
        ({"guidance": math.nan}, InvalidReason.GUIDANCE, "nan"),
        ({"guidance": math.inf}, InvalidReason.GUIDANCE, "inf"),
        ({"guidance": -1.0}, InvalidReason.GUIDANCE, "-1"),
        ({"content_size": -16}, InvalidReason.CONTENT_SIZE, "-16"),
        ({"content_size": 500}, InvalidReason.CONTENT_SIZE, "500"),
        ({"content_size": 4096}, InvalidReason.CONTENT_SIZE, "4096"),
        ({"keep_size": True}, InvalidReason.KEEP_SIZE_WITHOUT_CONTENT, "subject"),
        ({"seed": -1}, InvalidReason.SEED, "-1"),
        ({"seed": 2**63}, InvalidReason.SEED, "seed"),
        ({"variation_seed": -5, "variation_strength": 0.5}, InvalidReason.SEED, "variation seed"),
        ({"variation_strength": 0.5}, InvalidReason.VARIATION, "variation seed"),
        ({"variation_seed": 1, "variation_strength": 1.5}, InvalidReason.VARIATION, "1.5"),
        ({"variation_seed": 1, "variation_strength": math.nan}, InvalidReason.VARIATION, "nan"),
    ],
)
def test_refusals_are_one_clear_sentence(change: dict[str, object], reason: InvalidReason, names: str) -> None:
    error = refusal(replace(GOOD, **change))  # type: ignore[arg-type]
    assert error.reason is reason
    assert names in error.sentence
    assert error.sentence[0].isupper()
    assert error.sentence.endswith(".")
    assert "\n" not in error.sentence
    assert ". " not in error.sentence


def test_three_styles_are_refused() -> None:
    assert refusal(GOOD, n_styles=3).reason is InvalidReason.TOO_MANY_STYLES


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"width": 64, "height": 4096},
        {"steps": 1, "guidance": 0.0},
        {"content_size": 16},
        {"content_size": 1024},
        {"seed": 0},
        {"seed": 2**63 - 1},
        {"variation_seed": 3, "variation_strength": 1.0},
        {"variation_seed": 3},
    ],
)
def test_the_limits_themselves_are_fine(change: dict[str, object]) -> None:
    validate(replace(GOOD, **change), False, 2)  # type: ignore[arg-type]


def test_an_empty_prompt_is_fine_with_a_subject_and_keeping_size_ignores_width() -> None:
    validate(GenerationParams(prompt="", width=0, height=0, keep_size=True), True, 1)


def test_automatic_content_size_is_512() -> None:
    assert GOOD.content_size_px == 512
    assert replace(GOOD, content_size=96).content_size_px == 96


def test_params_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        GOOD.width = 64  # type: ignore[misc]


def test_sizes_are_floored() -> None:
    assert floor_size(133, 101) == (128, 96)


def test_errors_survive_a_process_boundary() -> None:
    for error in (
        InvalidRequest(InvalidReason.SIZE, "No."),
        WeightsError(WeightsProblem.TENSOR_MISSING, "a.safetensors", "b", "c"),
    ):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
