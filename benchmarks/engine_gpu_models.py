"""This project's pipeline and the published one, of any size, with random weights made on the device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from benchmarks.random_weights import fill_randomly
from uso import UsoPipeline
from uso.components import PARTS, build_style_projector, load_feature_extractor, load_tokenizers
from uso.layout import WeightsFiles, locate
from uso.lora import expected_lora, merge_lora
from uso.profiles import PROFILES, Profile, ProfileName
from uso.running import make_ready, staged_parts
from uso.schedule import build_scheduler
from uso.style import STYLE_TOKENS_PER_LEVEL

_PUBLISHED_RANK: Final = 128
# A whole model in 16 bits needs a card like this; on smaller ones, parts to be shrunk wait in the machine's memory.
_ROOMY_BYTES: Final = 60_000_000_000


def profile_of(name: str, *, is_compiled: bool, device: torch.device) -> Profile:
    """The profile, compiled or not; int8 on a processor is float32 apart from its products, as in use."""
    profile = replace(PROFILES[ProfileName(name)], is_compiled=is_compiled)
    is_float32 = device.type == "cpu" and profile.name is ProfileName.INT8
    return replace(profile, dtype="float32") if is_float32 else profile


def random_pipeline(
    folder: Path, profile: Profile, device: torch.device, *, is_merged: bool, backend: str
) -> UsoPipeline:
    """Build a pipeline of the sizes that a folder's configs say, and bring it into the profile's form."""
    files = locate(folder)
    dtype: torch.dtype = getattr(torch, profile.dtype)
    waiting = staged_parts(profile) if _is_small(device) else frozenset()
    parts: dict[str, Any] = {"scheduler": build_scheduler(), "feature_extractor": load_feature_extractor(files)}
    parts["tokenizer"], parts["tokenizer_2"] = load_tokenizers(files)
    for name, build in PARTS.items():
        place = torch.device("cpu") if name in waiting else device
        parts[name] = fill_randomly(build(files).module, place, dtype)
    style_tokens = files.config.get("projector", {}).get("style_token_nums", STYLE_TOKENS_PER_LEVEL)
    projector = build_style_projector(parts["image_encoder"].config, parts["transformer"].config, style_tokens)
    parts["style_projector"] = fill_randomly(projector, device, dtype)
    pipeline = UsoPipeline(**parts)
    _add_lora(pipeline, files, is_merged=is_merged)
    make_ready(pipeline, profile, device, begin_stage=lambda _: None, backend=backend)
    return pipeline


def _is_small(device: torch.device) -> bool:
    return device.type == "cuda" and torch.cuda.get_device_properties(device).total_memory < _ROOMY_BYTES


def _add_lora(pipeline: UsoPipeline, files: WeightsFiles, *, is_merged: bool) -> None:
    transformer = pipeline.transformer
    lora = _RandomLora(expected_lora(transformer, files.config.get("lora_rank", _PUBLISHED_RANK)))
    if is_merged:
        merge_lora(pipeline, lora, dtype=transformer.dtype)
        return
    tensors = {name: lora.tensor(name).to(transformer.device, transformer.dtype) for name in lora.shapes}
    pipeline.load_lora_weights(tensors, adapter_name="uso")


class _RandomLora:
    """A LoRA file that is not there, with small random weights."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.shapes = shapes

    def place_of(self, name: str) -> tuple[str, str]:
        return "random LoRA", name

    def tensor(self, name: str) -> Tensor:
        return torch.randn(self.shapes[name]) * 0.01
