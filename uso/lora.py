"""USO's LoRA: its published names checked against the transformer, then merged by diffusers' own loader."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from uso.checkpoint import TensorSource
from uso.errors import WeightsError, WeightsProblem
from uso.mapping import raise_first, tensor_faults

_ADAPTER = "uso"
_PUBLISHED_RANK = 128
# Published LoRA module -> the diffusers modules of one block whose weights it changes.
_DOUBLE = {
    "qkv_lora1": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "proj_lora1": ("attn.to_out.0",),
    "qkv_lora2": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
    "proj_lora2": ("attn.to_add_out",),
}
_SINGLE = {"qkv_lora": ("attn.to_q", "attn.to_k", "attn.to_v"), "proj_lora": ("proj_out",)}
_BLOCKS = (
    ("double_blocks", "transformer_blocks", _DOUBLE),
    ("single_blocks", "single_transformer_blocks", _SINGLE),
)


def lora_targets(transformer: nn.Module) -> dict[str, tuple[str, ...]]:
    """Map every published LoRA module to the transformer's modules it changes."""
    return {
        f"{published}.{n}.processor.{name}": tuple(f"{block}.{n}.{target}" for target in targets)
        for published, block, table in _BLOCKS
        for n in range(len(transformer.get_submodule(block)))  # type: ignore[arg-type]
        for name, targets in table.items()
    }


def expected_lora(transformer: nn.Module, rank: int) -> dict[str, tuple[int, ...]]:
    """Tell every name and shape USO's LoRA has for this transformer: 304 for FLUX.1-dev."""
    expected: dict[str, tuple[int, ...]] = {}
    for name, targets in lora_targets(transformer).items():
        weights = [transformer.get_parameter(f"{target}.weight") for target in targets]
        expected[f"{name}.down.weight"] = (rank, weights[0].shape[1])
        expected[f"{name}.up.weight"] = (sum(weight.shape[0] for weight in weights), rank)
    return expected


def lora_faults(transformer: nn.Module, source: TensorSource) -> Iterator[WeightsError]:
    """Tell every tensor that keeps a file from being USO's LoRA for this transformer; its rank is what it says."""
    stored = source.shapes.get("double_blocks.0.processor.qkv_lora1.down.weight") or (_PUBLISHED_RANK,)
    return tensor_faults(expected_lora(transformer, stored[0]), source)


def merge_lora(pipeline: Any, source: TensorSource, *, dtype: torch.dtype | None) -> None:
    """Merge USO's LoRA into the pipeline's transformer; every tensor of the file must be used, or `WeightsError`."""
    transformer = pipeline.transformer
    raise_first(lora_faults(transformer, source))
    tensors = {name: source.tensor(name).to(dtype or transformer.dtype) for name in source.shapes}
    with _without_text_encoder_warning():
        pipeline.load_lora_weights(tensors, adapter_name=_ADAPTER)
    _check_adapter(transformer, source)
    pipeline.fuse_lora(components=["transformer"])
    pipeline.unload_lora_weights()
    transformer.requires_grad_(False)


@contextmanager
def _without_text_encoder_warning() -> Iterator[None]:
    """Keep diffusers from warning that this LoRA has nothing for the text encoder, which is as it should be."""
    logger = logging.getLogger("diffusers.loaders.lora_base")

    def wanted(record: logging.LogRecord) -> bool:
        return "No LoRA keys associated" not in record.getMessage()

    logger.addFilter(wanted)
    try:
        yield
    finally:
        logger.removeFilter(wanted)


def _check_adapter(transformer: nn.Module, source: TensorSource) -> None:
    """Check that diffusers placed every published tensor: a module it passed over would be left unchanged silently."""
    for name, targets in lora_targets(transformer).items():
        for target in targets:
            module = transformer.get_submodule(target)
            adapters = getattr(module, "lora_A", None)
            if adapters is None or _ADAPTER not in adapters:
                place = source.place_of(f"{name}.down.weight")
                raise WeightsError(WeightsProblem.TENSOR_UNEXPECTED, *place, detail="not consumed")
