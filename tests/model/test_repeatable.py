"""The same request gives the same pixels, however often and in whichever process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image

from uso import GenerationParams, UsoPipeline

_ROOT = Path(__file__).parents[2]
_PROGRAM = """
import hashlib, sys, torch
from PIL import Image
from uso import GenerationParams, UsoPipeline
torch.set_num_threads(1)
weights, content, style = sys.argv[1:]
pipeline = UsoPipeline.from_weights(weights)
params = GenerationParams(prompt="A boat on water.", width=64, height=96, steps=3, content_size=64, seed=7)
output = pipeline(params, content=Image.open(content), styles=[Image.open(style)])
print(hashlib.sha256(output.image.tobytes()).hexdigest(), output.model_revision)
"""


def _in_a_process(golden: Path) -> list[str]:
    references = golden / "references"
    inputs = [golden / "weights", references / "content_wide.png", references / "style_1.png"]
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *map(str, inputs)], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_two_processes_agree(golden: Path) -> None:
    first, second = _in_a_process(golden), _in_a_process(golden)
    assert first == second
    assert len(first) == 2


def test_twice_in_one_process(
    fresh_pipeline: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    """With empty caches, with full ones, and after another request in between."""
    content, styles = pictures["content_wide"], [pictures["style_1"]]
    first = fresh_pipeline(small, content=content, styles=styles)
    again = fresh_pipeline(small, content=content, styles=styles)
    fresh_pipeline(replace(small, seed=8, width=96), styles=[pictures["style_2"]])
    later = fresh_pipeline(small, content=content, styles=styles)
    assert first.image.tobytes() == again.image.tobytes() == later.image.tobytes()
    assert first.image.tobytes() != fresh_pipeline(small, styles=styles).image.tobytes()


def test_variations_repeat_and_strength_0_is_the_base_picture(pipeline: UsoPipeline, small: GenerationParams) -> None:
    base = pipeline(small).image.tobytes()
    none = pipeline(replace(small, variation_seed=3, variation_strength=0.0)).image.tobytes()
    some = [pipeline(replace(small, variation_seed=3, variation_strength=0.3)).image.tobytes() for _ in range(2)]
    assert none == base
    assert some[0] == some[1] != base
