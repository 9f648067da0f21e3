"""Profiles that hold the model in 8 bits or leave out work, at toy size on the processor, against the full width.

fp8 arithmetic needs a CUDA card of compute capability 8.9: that part is skipped elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from tests.model.conftest import GOLDEN
from uso import GenerationParams, UsoPipeline
from uso.errors import ProfileError, ProfileProblem
from uso.profiles import PROFILES, Profile, ProfileName, Quantization
from uso.quantizing import count_quantized, expected_in_t5, expected_in_transformer, quantize_t5, quantize_transformer
from uso.running import staged_parts

CPU = torch.device("cpu")
INT8 = Profile(ProfileName.INT8, dtype="float32", quantization=Quantization.INT8, is_t5_8bit=True)
LOW_MEMORY = replace(PROFILES[ProfileName.LOW_MEMORY], dtype="float32")
IN_TRANSFORMER = 2 * 14 + 3 * 6
IN_T5 = 2 * 7
MAX_ERROR = 0.05
"""Of the latents after one step, beside their size; measured: 0.024."""

needs_fp8_card = pytest.mark.skipif(
    not torch.cuda.is_available() or torch.cuda.get_device_capability() < (8, 9),
    reason="fp8 arithmetic needs a CUDA card of compute capability 8.9 or newer",
)


@pytest.fixture(scope="module")
def quantized() -> UsoPipeline:
    return UsoPipeline.from_weights(GOLDEN / "weights", profile=INT8)


def latents(pipeline: UsoPipeline, params: GenerationParams, pictures: dict[str, Image.Image]) -> Tensor:
    prepared = pipeline.prepare(params, content=pictures["content_wide"], styles=[pictures["style_1"]])
    return pipeline.denoise(prepared)


def relative_error(ours: Tensor, exact: Tensor) -> float:
    return float((ours - exact).norm() / exact.norm())


def test_every_layer_of_the_blocks_is_quantized_and_counted(quantized: UsoPipeline) -> None:
    assert quantized.counts.quantized_layers == {"transformer": IN_TRANSFORMER, "text_encoder_2": IN_T5}
    assert count_quantized([quantized.transformer]) == IN_TRANSFORMER, "and nothing outside of the blocks"
    assert count_quantized([quantized.text_encoder_2]) == IN_T5
    assert count_quantized([quantized.vae, quantized.text_encoder, quantized.image_encoder]) == 0
    assert quantized.profile is INT8


def test_the_published_model_has_so_many_layers() -> None:
    class Config:
        num_layers, num_single_layers, is_gated_act = 19, 38, True

    class Model:
        config = Config()

    assert expected_in_transformer(Model()) == 494
    Config.num_layers = 24
    assert expected_in_t5(Model()) == 168


@pytest.mark.parametrize("profile", [INT8, LOW_MEMORY], ids=["int8", "low-memory"])
def test_eight_bits_come_close(
    profile: Profile, pipeline: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    one_step = replace(small, steps=1)
    exact = latents(pipeline, one_step, pictures)
    ours = latents(UsoPipeline.from_weights(GOLDEN / "weights", profile=profile), one_step, pictures)
    assert 0 < relative_error(ours, exact) < MAX_ERROR


def test_offloaded_blocks_make_the_same_picture(
    quantized: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    offloaded = UsoPipeline.from_weights(GOLDEN / "weights", profile=LOW_MEMORY)
    assert offloaded.counts.quantized_layers == quantized.counts.quantized_layers
    for _ in range(2):
        assert torch.equal(latents(offloaded, small, pictures), latents(quantized, small, pictures))


def test_a_picture_comes_out(quantized: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]) -> None:
    output = quantized(small, content=pictures["content_wide"], styles=[pictures["style_1"], pictures["style_2"]])
    assert output.image.size == (small.width, small.height)
    assert quantized(small).image.tobytes() == quantized(small).image.tobytes()


class Disguised(nn.Module):
    """A linear layer that is none, as an adapter that was not merged leaves it."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.weight, self.bias = base.weight, base.bias


def disguise(module: nn.Module, wanted: Callable[[str], bool]) -> None:
    for name, part in list(module.named_modules()):
        if isinstance(part, nn.Linear) and wanted(name):
            module.set_submodule(name, Disguised(part))


@pytest.mark.parametrize(
    ("wanted", "left"), [(lambda _: True, 0), (lambda name: name.endswith("0.attn.to_q"), IN_TRANSFORMER - 2)]
)
def test_a_profile_that_did_too_little_is_an_error(
    fresh_pipeline: UsoPipeline, wanted: Callable[[str], bool], left: int
) -> None:
    disguise(fresh_pipeline.transformer, wanted)
    with pytest.raises(ProfileError) as caught:
        quantize_transformer(fresh_pipeline.transformer, INT8, CPU)
    assert caught.value.problem is ProfileProblem.NOT_QUANTIZED
    assert f"was to quantize {IN_TRANSFORMER} layers of the transformer; {left} are quantized" in str(caught.value)


def test_the_text_encoder_is_counted_too(fresh_pipeline: UsoPipeline) -> None:
    disguise(fresh_pipeline.text_encoder_2, lambda _: True)
    with pytest.raises(ProfileError, match=f"{IN_T5} layers of the text_encoder_2; 0 are"):
        quantize_t5(fresh_pipeline.text_encoder_2, INT8, CPU)


def test_an_adapter_that_was_not_merged_shows(fresh_pipeline: UsoPipeline) -> None:
    from uso.checkpoint import open_checkpoint
    from uso.layout import locate

    lora = locate(GOLDEN / "weights").lora
    assert lora is not None
    source = open_checkpoint(lora)
    fresh_pipeline.load_lora_weights({name: source.tensor(name) for name in source.shapes}, adapter_name="again")
    with pytest.raises(ProfileError, match="layers of the transformer"):
        quantize_transformer(fresh_pipeline.transformer, INT8, CPU)


def test_the_plain_profiles_quantize_nothing(pipeline: UsoPipeline) -> None:
    assert pipeline.counts.quantized_layers == {}
    assert quantize_transformer(pipeline.transformer, pipeline.profile, CPU) == 0
    assert quantize_t5(pipeline.text_encoder_2, pipeline.profile, CPU) == 0
    assert staged_parts(pipeline.profile) == frozenset()


def test_what_is_quantized_waits_in_the_machines_memory() -> None:
    assert staged_parts(PROFILES[ProfileName.QUALITY]) == {"transformer", "text_encoder_2"}
    assert staged_parts(PROFILES[ProfileName.BF16]) == frozenset()


def test_fp8_without_such_a_card_is_refused_and_not_ignored() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a card")
    with pytest.raises(AssertionError, match="compute capability"):
        UsoPipeline.from_weights(GOLDEN / "weights", profile=replace(PROFILES[ProfileName.QUALITY], is_compiled=False))
    with pytest.raises(ProfileError, match="needs a CUDA card"):
        UsoPipeline.from_weights(GOLDEN / "weights", profile="quality")


@needs_fp8_card
@pytest.mark.parametrize("name", [ProfileName.QUALITY, ProfileName.FAST])
def test_fp8_comes_close_on_a_card(
    name: ProfileName, pipeline: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    ours = UsoPipeline.from_weights(GOLDEN / "weights", device="cuda", profile=PROFILES[name])
    assert ours.counts.quantized_layers == {"transformer": IN_TRANSFORMER, "text_encoder_2": IN_T5}
    one_step = replace(small, steps=1)
    error = relative_error(latents(ours, one_step, pictures).cpu(), latents(pipeline, one_step, pictures))
    assert 0 < error < 2 * MAX_ERROR


def blocks_run(pipeline: UsoPipeline) -> list[int]:
    """Grows by one for each time that a block behind the first one is worked through."""
    runs: list[int] = []
    block = pipeline.transformer.single_transformer_blocks[1]
    block.proj_mlp.register_forward_hook(lambda *_: runs.append(1))
    return runs


def test_the_block_cache_skips_steps_that_change_little_and_starts_anew_with_each_picture(
    pipeline: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    many = replace(small, steps=8)
    cached = UsoPipeline.from_weights(
        GOLDEN / "weights", profile=Profile(ProfileName.FAST, dtype="float32", block_cache_threshold=1.2)
    )
    runs = blocks_run(cached)
    first = latents(cached, many, pictures)
    assert 1 <= len(runs) < 8
    assert cached.counts.transformer_calls == 8
    ran = len(runs)
    # Another size and no subject in between: what was cached for one picture must not reach the next.
    cached(replace(many, width=96, height=160))
    runs.clear()
    assert torch.equal(latents(cached, many, pictures), first)
    assert len(runs) == ran
    assert relative_error(first, latents(pipeline, many, pictures)) < 0.5


def test_a_block_cache_that_may_skip_nothing_changes_nothing(
    pipeline: UsoPipeline, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    exact = UsoPipeline.from_weights(
        GOLDEN / "weights", profile=Profile(ProfileName.FAST, dtype="float32", block_cache_threshold=0.0)
    )
    assert torch.equal(latents(exact, small, pictures), latents(pipeline, small, pictures))
