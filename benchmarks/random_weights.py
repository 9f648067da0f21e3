"""Models with random weights made where they are to lie: measuring speed needs the sizes, not the sense."""

from __future__ import annotations

import json
import math
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn


class Size(StrEnum):
    """Of the model."""

    TOY = "toy"
    FULL = "full"


# What the published checkpoints' config.json say of the encoders' sizes.
_FULL_SIZE: Final[dict[str, dict[str, Any]]] = {
    "clip-vit-l14": {
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_attention_heads": 12,
        "num_hidden_layers": 12,
        "projection_dim": 768,
        "vocab_size": 49408,
        "hidden_act": "quick_gelu",
        "max_position_embeddings": 77,
    },
    "t5-xxl": {
        "d_model": 4096,
        "d_kv": 64,
        "d_ff": 10240,
        "num_heads": 64,
        "num_layers": 24,
        "vocab_size": 32128,
        "feed_forward_proj": "gated-gelu",
        "tie_word_embeddings": False,
    },
    "siglip": {
        "hidden_size": 1152,
        "image_size": 384,
        "intermediate_size": 4304,
        "num_attention_heads": 16,
        "num_hidden_layers": 27,
        "patch_size": 14,
    },
}
FULL_SIZE_SIGLIP_PX: Final = 384


def write_configs(folder: Path, size: Size) -> None:
    """Write a folder that says how large each part is, with the toy model's tokenizers; its weights are not for use."""
    from uso import build_toy_weights  # noqa: PLC0415 -- the published code's arm fills weights, and cannot have ours

    build_toy_weights(folder)
    if size is Size.TOY:
        return
    # FLUX.1-dev's and USO's own sizes hold where the config says nothing.
    (folder / "config.json").write_text("{}", encoding="utf-8")
    for name, config in _FULL_SIZE.items():
        (folder / name / "config.json").write_text(json.dumps(config), encoding="utf-8")
    path = folder / "siglip" / "preprocessor_config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["size"] = {"height": FULL_SIZE_SIGLIP_PX, "width": FULL_SIZE_SIGLIP_PX}
    path.write_text(json.dumps(settings), encoding="utf-8")


def fill_randomly(module: nn.Module, device: torch.device, dtype: torch.dtype) -> nn.Module:
    """Give a module on the meta device its weights, layer by layer on the device itself; seeded."""
    generator = torch.Generator(device=device).manual_seed(0)
    for part in module.modules():
        for name, parameter in part.named_parameters(recurse=False):
            filled = torch.empty(parameter.shape, device=device, dtype=dtype)
            if filled.ndim == 1:
                filled.fill_(0.0 if name == "bias" else 1.0)
            else:
                filled.normal_(0, 1 / math.sqrt(math.prod(filled.shape[1:])), generator=generator)
            setattr(part, name, nn.Parameter(filled, requires_grad=False))
    # Buffers that no file carries (position numbers) were made on the CPU.
    return module.to(device).eval()
