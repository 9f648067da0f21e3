"""Counted work agrees with the floor table and with torch's own counter."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from benchmarks.engine_arms import Ours, params_of
from benchmarks.engine_cases import Case, floor_cases
from benchmarks.engine_watch import Watch, count_flops
from benchmarks.engine_work import step_flops
from uso import UsoPipeline
from uso.latents import pack
from uso.prepared import velocity_predictor

FLUX_DEV = SimpleNamespace(
    num_layers=19,
    num_single_layers=38,
    num_attention_heads=24,
    attention_head_dim=128,
    joint_attention_dim=4096,
    pooled_projection_dim=768,
    in_channels=64,
)
GOLDEN_WEIGHTS = Path(__file__).parents[2] / "golden" / "toy" / "weights"
TOY_STYLE_TOKENS = 12


@pytest.fixture(scope="module")
def pipeline() -> UsoPipeline:
    return UsoPipeline.from_weights(GOLDEN_WEIGHTS)


@pytest.mark.parametrize(
    ("number", "tokens", "teraflops"),
    [(0, 4608, 74.4), (1, 4800, 78.1), (2, 5632, 95.0), (3, 5824, 99.0), (4, 6016, 103.1)],
)
def test_full_size_is_as_the_floor_table_says(number: int, tokens: int, teraflops: float) -> None:
    case = floor_cases(1024, 25)[number]
    assert case.tokens() == tokens
    context = 512 + 192 * case.styles
    assert step_flops(FLUX_DEV, context, tokens - context) / 1e12 == pytest.approx(teraflops, rel=0.005)


@pytest.mark.parametrize("case", [Case("text", 64, 64, 1), Case("all", 64, 96, 1, content_px=32, styles=2)])
def test_a_step_is_as_torch_counts_it(pipeline: UsoPipeline, case: Case) -> None:
    prepared = pipeline.prepare(params_of(case), content=case.content(), styles=case.style_pictures())
    predict = velocity_predictor(pipeline.transformer, prepared, torch.device("cpu"))
    tokens = pack(prepared.noise).float()
    with torch.no_grad():
        counted = count_flops(lambda: predict(tokens, 1.0))
    context = 512 + TOY_STYLE_TOKENS * case.styles
    expected = step_flops(pipeline.transformer.config, context, case.tokens(TOY_STYLE_TOKENS) - context)
    assert counted == pytest.approx(expected, rel=0.01)


def test_a_watch_sees_what_ran(pipeline: UsoPipeline) -> None:
    ours = Ours(pipeline)
    watch = Watch(ours.encoders, ours.transformer, ours.decoder)
    case = Case("all", 64, 64, 3, content_px=32, styles=2)
    seen = watch.look(lambda: ours.draw(case))
    assert seen.calls == {
        "text_encoder": 1,
        "text_encoder_2": 1,
        "image_encoder": 2,
        "style_projector": 2,
        "vae": 1,
        "transformer": 3,
    }
    assert seen.velocity.shape[1] == 16 + case.content_tokens
    assert seen.decoded.shape == (1, 16, 8, 8)
    assert 0 < seen.times.denoise_s < seen.times.total_s
    ours.keeps_caches = True
    assert watch.look(lambda: ours.draw(case)).calls == {"transformer": 3}
