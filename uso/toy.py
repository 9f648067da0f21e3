"""A toy-size model of the same classes with seeded random weights, for machines without the real ones."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    SiglipVisionConfig,
    SiglipVisionModel,
    T5Config,
    T5EncoderModel,
)

from uso import components
from uso.layout import CONFIG_NAME, Layout, WeightsFiles
from uso.lora import expected_lora
from uso.mapping import applicable_rules, expected_shapes, flux_rules, vae_rules
from uso.toy_tensors import HIDDEN_SIZE, Fill, fill_flux, fill_lora, fill_plainly, fill_vae

Shapes = Mapping[str, tuple[int, ...]]

_CONFIG: dict[str, Any] = {
    "toy": True,
    "flux": {
        "in_channels": 64,
        "vec_in_dim": 40,
        "context_in_dim": 48,
        "hidden_size": HIDDEN_SIZE,
        "mlp_ratio": 4.0,
        "num_heads": 2,
        "depth": 2,
        "depth_single_blocks": 3,
        "axes_dim": [8, 20, 20],
        "theta": 10000,
        "qkv_bias": True,
        "guidance_embed": True,
    },
    "lora_rank": 4,
    "projector": {"siglip_token_nums": 16, "style_token_nums": 4, "siglip_token_dims": 36},
    "ae": {
        "ch": 32,
        "ch_mult": [1, 1, 1, 2],
        "num_res_blocks": 1,
        "z_channels": 16,
        "scale_factor": 0.3611,
        "shift_factor": 0.1159,
    },
}
_CLIP = {
    "hidden_size": 40,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
    "projection_dim": 40,
    "vocab_size": 528,
    "bos_token_id": 0,
    "eos_token_id": 2,
    "pad_token_id": 1,
}
_T5 = {
    "d_model": 48,
    "d_kv": 16,
    "d_ff": 64,
    "num_heads": 2,
    "num_layers": 2,
    "vocab_size": 320,
    "feed_forward_proj": "gated-gelu",
    "tie_word_embeddings": True,
}
_SIGLIP = {
    "hidden_size": 36,
    "image_size": 56,
    "intermediate_size": 48,
    "num_attention_heads": 3,
    "num_hidden_layers": 27,
    "patch_size": 14,
}
_SIGLIP_PREPROCESSING = {
    "image_processor_type": "SiglipImageProcessor",
    "do_convert_rgb": True,
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
    "resample": 3,
    "rescale_factor": 1 / 255,
    "size": {"height": 56, "width": 56},
}
_CLIP_TOKENIZER = {
    "tokenizer_class": "CLIPTokenizer",
    "bos_token": "<|startoftext|>",
    "eos_token": "<|endoftext|>",
    "unk_token": "<|endoftext|>",
    "pad_token": "<|endoftext|>",
    "model_max_length": 77,
}
_T5_TOKENIZER = {
    "tokenizer_class": "T5Tokenizer",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "extra_ids": 100,
    "model_max_length": 512,
}


def build_toy_weights(folder: str | Path, seed: int = 0) -> None:
    """Write a toy model's weights in the layout of the published files, the same bytes for the same seed.

    Built beside the folder and moved into place whole; a folder that is already there is replaced.
    """
    target = Path(folder).absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write_all(building, seed)
        building.chmod(0o755)
        _move_into_place(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _move_into_place(built: Path, target: Path) -> None:
    if not target.exists():
        built.replace(target)
        return
    retired = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        target.replace(retired / target.name)
        built.replace(target)
    finally:
        shutil.rmtree(retired, ignore_errors=True)


def _write_all(folder: Path, seed: int) -> None:
    _write_json(folder / CONFIG_NAME, _CONFIG)
    files = _layout(folder)
    transformer = components.build_transformer(components.transformer_config(files))
    vae = components.build_vae(components.vae_config(files))
    flux = _CONFIG["flux"]
    ae = _CONFIG["ae"]
    flux_shapes = expected_shapes(
        applicable_rules(flux_rules(flux["depth"], flux["depth_single_blocks"]), transformer), transformer
    )
    vae_shapes = expected_shapes(applicable_rules(vae_rules(len(ae["ch_mult"]), ae["num_res_blocks"]), vae), vae)
    siglip_config = SiglipVisionConfig(**_SIGLIP)
    projector = components.build_style_projector(
        siglip_config, transformer.config, _CONFIG["projector"]["style_token_nums"]
    )
    _write_tensors(files.transformer, flux_shapes, fill_flux, seed)
    _write_tensors(files.vae, vae_shapes, fill_vae, seed)
    assert files.lora is not None
    _write_tensors(files.lora, expected_lora(transformer, _CONFIG["lora_rank"]), fill_lora, seed)
    _write_tensors(files.style_projector, _shapes(projector), fill_plainly, seed)
    _write_encoder(files.text_encoder, CLIPTextModel(CLIPTextConfig(**_CLIP)), seed)
    _write_encoder(files.text_encoder_2, T5EncoderModel(T5Config(**_T5)), seed)
    _write_encoder(files.image_encoder, SiglipVisionModel(siglip_config), seed)
    _write_tokenizers(files)


def _layout(folder: Path) -> WeightsFiles:
    flux, uso = folder / "FLUX.1-dev", folder / "USO" / "uso_flux_v1.0"
    clip, t5, siglip = folder / "clip-vit-l14", folder / "t5-xxl", folder / "siglip"
    return WeightsFiles(
        folder=folder,
        layout=Layout.PUBLISHED,
        transformer=flux / "flux1-dev.safetensors",
        vae=flux / "ae.safetensors",
        text_encoder=clip,
        tokenizer=clip,
        text_encoder_2=t5,
        tokenizer_2=t5,
        image_encoder=siglip,
        feature_extractor=siglip,
        style_projector=uso / "projector.safetensors",
        lora=uso / "dit_lora.safetensors",
        config=_CONFIG,
        manifest={},
    )


def _write_encoder(folder: Path, encoder: Any, seed: int) -> None:
    shapes = {name: shape for name, shape in _shapes(encoder).items() if name != "encoder.embed_tokens.weight"}
    _write_tensors(folder / "model.safetensors", shapes, fill_plainly, seed)
    config = encoder.config.to_dict()
    config.pop("transformers_version", None)
    _write_json(folder / CONFIG_NAME, {**config, "architectures": [type(encoder).__name__]})


def _write_tokenizers(files: WeightsFiles) -> None:
    _write_json(files.tokenizer / "tokenizer_config.json", _CLIP_TOKENIZER)
    _write_json(files.tokenizer_2 / "tokenizer_config.json", _T5_TOKENIZER)
    _write_json(files.feature_extractor / "preprocessor_config.json", _SIGLIP_PREPROCESSING)
    data = resources.files("uso") / "toy_data"
    for folder, names in ((files.tokenizer, ("vocab.json", "merges.txt")), (files.tokenizer_2, ("spiece.model",))):
        for name in names:
            (folder / name).write_bytes((data / name).read_bytes())


def _write_tensors(path: Path, shapes: Shapes, fill: Fill, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: fill(name, shape, _generator(seed, path.name, name)) for name, shape in shapes.items()}
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, sort_keys=True, default=str) + "\n", encoding="utf-8")


def _shapes(module: torch.nn.Module) -> Shapes:
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


def _generator(seed: int, file: str, name: str) -> torch.Generator:
    """Seed every tensor by its name, so that none depends on the order they are written in."""
    digest = hashlib.sha256(f"{seed}/{file}/{name}".encode()).digest()
    return torch.Generator(device="cpu").manual_seed(int.from_bytes(digest[:7], "little"))
