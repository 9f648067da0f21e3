"""The published pipeline of any size in bfloat16, as it runs on a card, with random weights made on the device.

Like `published`, nothing here may import this project's `uso`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import torch
from accelerate import init_empty_weights
from torch import nn
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    SiglipVisionConfig,
    SiglipVisionModel,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

from benchmarks.published import MODEL, WatchedPublished, fit_classes, import_published, style_processor
from benchmarks.random_weights import fill_randomly

_PUBLISHED_RANK: Final = 128


class PublishedRandom(WatchedPublished):
    """What `USOPipeline` loads, put together without its files; `is_offloaded` moves whole models as published."""

    def __init__(self, checkout: Path, folder: Path, device: torch.device, *, is_offloaded: bool) -> None:
        published, stand_ins = import_published(checkout)
        sizes = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if sizes:
            fit_classes(published, sizes, folder)
        self.departures = (*stand_ins, "Its weights are random and made on the device.")
        self._pipelines = published("pipeline")
        self._processor = style_processor(folder)
        spec, home = published("util").configs[MODEL], torch.device("cpu") if is_offloaded else device
        models, util = published("model"), published("util")
        with torch.device("meta"):
            model = util.set_lora(models.Flux(spec.params), sizes.get("lora_rank", _PUBLISHED_RANK), device="meta")
            autoencoder = published("modules.autoencoder").AutoEncoder(spec.ae_params)
        siglip = SiglipVisionModel(_config(SiglipVisionConfig, folder / "siglip"))
        pipeline = self._pipelines.USOPipeline.__new__(self._pipelines.USOPipeline)
        pipeline.device, pipeline.offload, pipeline.model_type, pipeline.use_fp8 = device, is_offloaded, MODEL, False
        pipeline.model = fill_randomly(model, home, torch.bfloat16)
        pipeline.ae = fill_randomly(autoencoder, home, torch.float32)
        embedder = published("modules.conditioner").HFEmbedder
        clip, t5 = folder / "clip-vit-l14", folder / "t5-xxl"
        clip_model = _empty(CLIPTextModel, _config(CLIPTextConfig, clip))
        pipeline.clip = _embedder(embedder, CLIPTokenizer.from_pretrained(clip), clip_model, 77, device)
        t5_model = _empty(T5EncoderModel, _config(T5Config, t5))
        t5_model.set_input_embeddings(t5_model.shared)
        pipeline.t5 = _embedder(embedder, T5Tokenizer.from_pretrained(t5), t5_model, 512, device)
        pipeline.model.vision_encoder = siglip.eval().requires_grad_(False).to(device)
        self._pipeline = pipeline


def _config(kind: Any, folder: Path) -> Any:
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return kind(**{name: value for name, value in content.items() if name not in ("model_type", "architectures")})


def _empty(kind: Any, config: Any) -> Any:
    with init_empty_weights(include_buffers=False):
        return kind(config)


def _embedder(kind: Any, tokenizer: Any, model: nn.Module, max_length: int, device: torch.device) -> Any:
    """What `HFEmbedder.__init__` makes, which insists on reading files."""
    embedder = kind.__new__(kind)
    nn.Module.__init__(embedder)
    embedder.is_clip = isinstance(model, CLIPTextModel)
    embedder.max_length = max_length
    embedder.output_key = "pooler_output" if embedder.is_clip else "last_hidden_state"
    embedder.tokenizer = tokenizer
    embedder.hf_module = fill_randomly(model, device, torch.bfloat16)
    return embedder
