"""The published code's recordings, tensor by tensor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from uso import GenerationParams, UsoPipeline
from uso.latents import pack
from uso.params import floor_size
from uso.prepared import Prepared
from uso.preprocess import prepare_content
from uso.schedule import set_sigmas

CASES = (
    "text_to_image",
    "subject",
    "style",
    "two_styles",
    "style_subject_shifted",
    "style_subject_preserved",
    "odd_size",
)
TOLERANCE = 1e-4
Pictures = dict[str, Image.Image]


class Replay:
    """One recorded case and what our pipeline makes of it."""

    def __init__(
        self, name: str, golden: Path, case: dict[str, Any], pipeline: UsoPipeline, pictures: Pictures
    ) -> None:
        self.case = case
        self.recorded = load_file(golden / "cases" / f"{name}.safetensors")
        self.recorded_picture = Image.open(golden / "cases" / f"{name}.png").convert("RGB")
        self.content = pictures[case["content"]] if case["content"] else None
        self.styles = [pictures[style] for style in case["styles"]]
        self.params = params_of(case)
        velocities: list[Tensor] = []
        hook = pipeline.transformer.register_forward_hook(lambda _m, _a, output: velocities.append(output[0]))
        self.prepared: Prepared = pipeline.prepare(self.params, content=self.content, styles=self.styles)
        self.latents = pipeline.denoise(self.prepared)
        hook.remove()
        target = self.recorded["latents_packed"].shape[1]
        self.velocities = [velocity[:, :target] for velocity in velocities]
        self.picture = pipeline.decode(self.latents)


def params_of(case: dict[str, Any]) -> GenerationParams:
    width, height = floor_size(case["width"], case["height"])
    names = ("prompt", "keep_size", "steps", "guidance", "content_size", "seed")
    return GenerationParams(width=width, height=height, **{name: case[name] for name in names})


@pytest.fixture(scope="module", params=CASES)
def replay(
    request: pytest.FixtureRequest, golden: Path, cases: dict[str, Any], pipeline: UsoPipeline, pictures: Pictures
) -> Replay:
    return Replay(request.param, golden, cases[request.param], pipeline, pictures)


def assert_agrees(ours: Tensor, recorded: Tensor) -> None:
    assert ours.shape == recorded.shape
    difference = (ours.double() - recorded.double()).norm() / recorded.double().norm()
    assert difference <= TOLERANCE


def test_all_recorded_cases_are_replayed(cases: dict[str, Any]) -> None:
    assert set(cases) == set(CASES)


def test_every_recorded_tensor_is_compared(replay: Replay) -> None:
    compared = {"noise", "content_pixels", "content_latent", "content_ids", "img_ids", "style_tokens"}
    compared |= {"text_embeddings", "pooled_text", "velocity_first", "velocity_last", "latents_packed", "decoded"}
    compared |= {"style_pixels_0", "style_pixels_1"}
    assert set(replay.recorded) <= compared


def test_output_size(replay: Replay) -> None:
    used = replay.prepared.params
    assert (used.width, used.height) == (replay.case["output_width"], replay.case["output_height"])


def test_noise_is_the_very_same(replay: Replay) -> None:
    assert torch.equal(replay.prepared.noise, replay.recorded["noise"])


def test_timesteps(replay: Replay, pipeline: UsoPipeline) -> None:
    used = replay.prepared.params
    sigmas = set_sigmas(pipeline.scheduler, used.steps, used.width, used.height)
    assert sigmas == pytest.approx(replay.case["timesteps"], abs=1e-6)


def test_text(replay: Replay) -> None:
    assert_agrees(replay.prepared.text.embeddings, replay.recorded["text_embeddings"])
    assert_agrees(replay.prepared.text.pooled, replay.recorded["pooled_text"])


def test_positions(replay: Replay) -> None:
    recorded = [replay.recorded[name][0] for name in ("img_ids", "content_ids") if name in replay.recorded]
    assert torch.equal(replay.prepared.image_ids, torch.cat(recorded))
    assert not replay.prepared.context_ids.any()


def test_styles(replay: Replay, pipeline: UsoPipeline) -> None:
    if not replay.styles:
        assert replay.prepared.style_tokens is None
        return
    assert replay.prepared.style_tokens is not None
    assert_agrees(replay.prepared.style_tokens, replay.recorded["style_tokens"])
    for n, style in enumerate(replay.styles):
        pixels = pipeline.feature_extractor(images=style, return_tensors="pt")["pixel_values"]
        assert_agrees(pixels, replay.recorded[f"style_pixels_{n}"])


def test_content_pixels_are_the_very_same(replay: Replay) -> None:
    if replay.content is None:
        assert replay.prepared.content is None
        return
    reference = prepare_content(replay.content, replay.params.content_size_px)
    assert np.array_equal(np.asarray(reference), replay.recorded["content_pixels"].numpy())


def test_content_latent(replay: Replay) -> None:
    if replay.content is None:
        return
    recorded = replay.recorded["content_latent"]
    assert replay.prepared.content is not None
    assert_agrees(replay.prepared.content, pack(recorded))


def test_velocities_and_latents(replay: Replay) -> None:
    assert len(replay.velocities) == replay.params.steps
    assert_agrees(replay.velocities[0], replay.recorded["velocity_first"])
    assert_agrees(replay.velocities[-1], replay.recorded["velocity_last"])
    assert_agrees(pack(replay.latents), replay.recorded["latents_packed"])


@torch.no_grad()
def test_decoded(replay: Replay, pipeline: UsoPipeline) -> None:
    if "decoded" in replay.recorded:
        scaled = replay.latents / pipeline.vae.config.scaling_factor + pipeline.vae.config.shift_factor
        assert_agrees(pipeline.vae.decode(scaled).sample, replay.recorded["decoded"])


def test_picture(replay: Replay) -> None:
    ours, recorded = np.asarray(replay.picture, dtype=int), np.asarray(replay.recorded_picture, dtype=int)
    assert ours.shape == recorded.shape
    assert np.abs(ours - recorded).mean() < 1.0


def test_whole_call_makes_the_same_picture(
    golden: Path, pictures: Pictures, cases: dict[str, Any], pipeline: UsoPipeline
) -> None:
    replay = Replay("style_subject_shifted", golden, cases["style_subject_shifted"], pipeline, pictures)
    output = pipeline(replay.params, content=replay.content, styles=replay.styles)
    assert output.image.tobytes() == replay.picture.tobytes()
    assert output.params_used == replay.prepared.params


def test_a_silent_projector_would_show(
    golden: Path, pictures: Pictures, cases: dict[str, Any], fresh_pipeline: UsoPipeline
) -> None:
    """The tolerance is tight enough to notice a missing part."""
    for parameter in fresh_pipeline.style_projector.parameters():
        parameter.data.zero_()
    replay = Replay("style", golden, cases["style"], fresh_pipeline, pictures)
    with pytest.raises(AssertionError):
        assert_agrees(pack(replay.latents), replay.recorded["latents_packed"])
