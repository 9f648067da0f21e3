"""Compiled once, in the warm-up, for every request: counted with torch.compile's own counters.

What is counted is made by its front end (graphs and their guards), which is the same for all devices; so here the
graphs are run as they are instead of being made into kernels, which takes minutes on a small machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor

from tests.model.conftest import GOLDEN
from uso import GenerationParams, UsoPipeline
from uso.profiles import Profile, ProfileName, Quantization
from uso.warming import warm_up

COMPILED = Profile(ProfileName.BF16, dtype="float32", is_compiled=True)
SIZES = ((64, 64), (128, 128), (96, 160), (320, 192))
MAX_GRAPHS = 4
"""Two kinds of block, each with its inputs as a block before it leaves them and as the entrance does."""


@pytest.fixture(autouse=True)
def _nothing_compiled_yet() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


def compiled(profile: Profile = COMPILED, backend: str = "eager") -> UsoPipeline:
    return UsoPipeline.from_weights(GOLDEN / "weights", profile=profile, compile_backend=backend)


def latents(
    pipeline: UsoPipeline, params: GenerationParams, content: Image.Image | None, styles: list[Image.Image]
) -> Tensor:
    return pipeline.denoise(pipeline.prepare(params, content=content, styles=styles))


@pytest.mark.parametrize(
    "profile",
    [
        COMPILED,
        replace(COMPILED, quantization=Quantization.INT8, is_t5_8bit=True),
        replace(COMPILED, block_cache_threshold=1.2),
    ],
    ids=["16 bits", "int8", "block cache"],
)
def test_nothing_is_compiled_after_the_warm_up(
    profile: Profile, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    pipeline = compiled(profile)
    assert pipeline.counts.graphs == 0
    warm_up(pipeline)
    graphs = pipeline.counts.graphs
    assert 2 <= graphs <= MAX_GRAPHS
    subjects = (None, pictures["content_wide"])
    one, two = pictures["style_1"], pictures["style_2"]
    for number, ((width, height), subject, styles) in enumerate(product(SIZES, subjects, ([], [one], [one, two]))):
        params = replace(small, width=width, height=height, steps=1 + number % 2, guidance=1.0 + number % 5)
        latents(pipeline, params, subject, styles)
    assert (pipeline.counts.graphs, pipeline.counts.recompiles) == (graphs, 0)


def test_a_recompile_is_counted(small: GenerationParams) -> None:
    """The counter that the test above relies on moves when something is compiled."""
    pipeline = compiled()
    pipeline.tally.end_warm_up()
    latents(pipeline, small, None, [])
    assert pipeline.counts.recompiles == pipeline.counts.graphs > 0


def test_compiled_blocks_make_the_same_latents(
    pipeline: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    given = (pictures["content_wide"], [pictures["style_1"]])
    ours = latents(compiled(backend="aot_eager"), small, *given)
    exact = latents(pipeline, small, *given)
    assert float((ours - exact).norm() / exact.norm()) < 1e-5


def test_compiled_blocks_and_the_block_cache_go_together(
    small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    params, given = replace(small, steps=8), (pictures["content_wide"], [pictures["style_1"]])
    cache = Profile(ProfileName.FAST, dtype="float32", block_cache_threshold=1.2)
    plain = latents(UsoPipeline.from_weights(GOLDEN / "weights", profile=cache), params, *given)
    assert torch.equal(latents(compiled(replace(cache, is_compiled=True)), params, *given), plain)


def test_a_plain_pipeline_counts_no_graphs_and_warms_up_with_one_picture(fresh_pipeline: UsoPipeline) -> None:
    heard: list[tuple[str, float]] = []
    warm_up(fresh_pipeline, on_case=lambda name, fraction: heard.append((name, fraction)))
    assert heard == [("first picture", 0.0)]
    assert (fresh_pipeline.counts.graphs, fresh_pipeline.counts.recompiles) == (0, 0)
    assert fresh_pipeline.counts.transformer_calls == 1


def test_the_warm_up_is_told_case_by_case() -> None:
    heard: list[tuple[str, float]] = []
    warm_up(compiled(), on_case=lambda name, fraction: heard.append((name, fraction)))
    assert [name for name, _ in heard] == [
        "text",
        "subject and style",
        "two styles",
        "subject and two styles",
        "subject",
    ]
    fractions = [fraction for _, fraction in heard]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] < 1.0


COMPILE_SOMETHING = """
import sys
from pathlib import Path
from adapters.engine.compiled_code import keep_compiled_code
assert "torch" not in sys.modules
keep_compiled_code(Path(sys.argv[1]))
import torch
from torch._dynamo.utils import counters
torch.compile(lambda x: (x.sin() + 1).relu(), dynamic=True)(torch.ones(7, 5))
print(counters["inductor"]["fxgraph_cache_hit"], counters["inductor"]["fxgraph_cache_miss"])
"""


def compile_in_a_process(folder: Path) -> tuple[int, int]:
    command = [sys.executable, "-c", COMPILE_SOMETHING, str(folder)]
    # Torch itself sets the variable in a process that has compiled, as this one has.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TORCHINDUCTOR_")}
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    hits, misses = map(int, done.stdout.split())
    return hits, misses


def test_the_second_start_finds_what_the_first_one_compiled(tmp_path: Path) -> None:
    assert compile_in_a_process(tmp_path) == (0, 1)
    assert (tmp_path / "compiled").is_dir()
    assert compile_in_a_process(tmp_path) == (1, 0)
