"""Every name and shape of the published full-size files is consumed, on the meta device: no memory is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from transformers import SiglipVisionConfig

from uso import UsoPipeline, WeightsError, WeightsProblem
from uso.components import build_style_projector, build_transformer, build_vae, transformer_config, vae_config
from uso.layout import Layout, WeightsFiles
from uso.lora import expected_lora, merge_lora
from uso.mapping import flux_rules, identity_rules, load_strictly, vae_rules


class PublishedNames:
    """A published file of which only names and shapes are known."""

    def __init__(self, golden: Path, file: str) -> None:
        keys = json.loads((golden / "full_size_keys.json").read_text())[file]
        self.file = file
        self.shapes: Mapping[str, tuple[int, ...]] = {name: tuple(shape) for name, shape in keys.items()}
        self.read: set[str] = set()

    def place_of(self, name: str) -> tuple[str, str]:
        return self.file, name

    def tensor(self, name: str) -> Tensor:
        self.read.add(name)
        return torch.empty(self.shapes[name], device="meta", dtype=torch.bfloat16)


def full_size_files(folder: Path) -> WeightsFiles:
    """The published layout without a config.json: FLUX.1-dev's own sizes."""
    parts = {name: folder / name for name in WeightsFiles.__dataclass_fields__ if name not in {"layout", "config"}}
    return WeightsFiles(**{**parts, "layout": Layout.PUBLISHED, "config": {}, "manifest": {}})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> nn.Module:
    model: nn.Module = build_transformer(transformer_config(full_size_files(tmp_path_factory.mktemp("none"))))
    return model


def assert_all_on_meta(module: nn.Module) -> None:
    assert {parameter.device.type for parameter in module.parameters()} == {"meta"}
    assert {parameter.dtype for parameter in module.parameters()} == {torch.bfloat16}


def test_flux(golden: Path, transformer: nn.Module) -> None:
    source = PublishedNames(golden, "flux1-dev.safetensors")
    load_strictly(transformer, source, flux_rules(19, 38), device="meta", dtype=None)
    assert source.read == set(source.shapes)
    assert len(source.read) == 780
    assert sum(parameter.numel() for parameter in transformer.parameters()) == 11_901_408_320
    assert_all_on_meta(transformer)


def test_autoencoder(golden: Path, tmp_path: Path) -> None:
    vae = build_vae(vae_config(full_size_files(tmp_path)))
    source = PublishedNames(golden, "ae.safetensors")
    load_strictly(vae, source, vae_rules(4, 2), device="meta", dtype=None)
    assert source.read == set(source.shapes)
    assert len(source.read) == 244
    assert_all_on_meta(vae)


def test_projector(golden: Path, transformer: nn.Module) -> None:
    siglip = SiglipVisionConfig(hidden_size=1152, image_size=384, patch_size=14)
    with torch.device("meta"):
        projector = build_style_projector(siglip, transformer.config, 64)
    source = PublishedNames(golden, "uso_flux_v1.0/projector.safetensors")
    load_strictly(projector, source, identity_rules(projector), device="meta", dtype=None)
    assert source.read == set(source.shapes)
    assert len(source.read) == 18
    assert_all_on_meta(projector)


def test_lora_goes_through_diffusers_loader(golden: Path, transformer: nn.Module, fresh_pipeline: UsoPipeline) -> None:
    source = PublishedNames(golden, "uso_flux_v1.0/dit_lora.safetensors")
    assert expected_lora(transformer, 128) == source.shapes
    names = set(transformer.state_dict())
    fresh_pipeline.transformer = transformer
    merge_lora(fresh_pipeline, source, dtype=torch.bfloat16)
    assert source.read == set(source.shapes)
    assert len(source.read) == 304
    assert set(transformer.state_dict()) == names


def test_lora_of_another_depth_is_refused(golden: Path, transformer: nn.Module, fresh_pipeline: UsoPipeline) -> None:
    source = PublishedNames(golden, "uso_flux_v1.0/dit_lora.safetensors")
    source.shapes = {**source.shapes, "single_blocks.38.processor.qkv_lora.up.weight": (9216, 128)}
    fresh_pipeline.transformer = transformer
    with pytest.raises(WeightsError) as caught:
        merge_lora(fresh_pipeline, source, dtype=None)
    assert caught.value.problem is WeightsProblem.TENSOR_UNEXPECTED
    assert not source.read
