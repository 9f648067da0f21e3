"""The model's parts, built from their configs on the meta device and filled strictly from a weights folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import init_empty_weights
from diffusers import AutoencoderKL, FluxTransformer2DModel
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    SiglipImageProcessorPil,
    SiglipVisionConfig,
    SiglipVisionModel,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

from uso.checkpoint import RenamedSource, TensorSource, TiedSource, open_checkpoint
from uso.errors import WeightsError, WeightsProblem
from uso.latents import LATENT_CHANNELS
from uso.layout import CONFIG_NAME, WeightsFiles, read_json
from uso.mapping import (
    Rule,
    applicable_rules,
    expected_shapes,
    flux_rules,
    identity_rules,
    load_strictly,
    tensor_faults,
    vae_rules,
)
from uso.style import STYLE_TOKENS_PER_LEVEL, StyleProjector

# FLUX.1-dev and its autoencoder, for a folder of published files without a config.json beside them.
_FLUX_DEV: dict[str, Any] = {
    "in_channels": 64,
    "vec_in_dim": 768,
    "context_in_dim": 4096,
    "hidden_size": 3072,
    "mlp_ratio": 4.0,
    "num_heads": 24,
    "depth": 19,
    "depth_single_blocks": 38,
    "axes_dim": [16, 56, 56],
    "theta": 10000,
    "qkv_bias": True,
    "guidance_embed": True,
}
_FLUX_AE: dict[str, Any] = {
    "ch": 128,
    "ch_mult": [1, 2, 4, 4],
    "num_res_blocks": 2,
    "z_channels": LATENT_CHANNELS,
    "scale_factor": 0.3611,
    "shift_factor": 0.1159,
}
# What diffusers' class fixes: a config that says otherwise describes another model.
_FIXED = {"mlp_ratio": 4.0, "theta": 10000, "qkv_bias": True, "guidance_embed": True}


@dataclass(frozen=True)
class Part:
    """A part on the meta device, the rules its checkpoint's tensors follow, and how their names are to be read."""

    module: Any
    rules: tuple[Rule, ...]
    renamed: Callable[[TensorSource], TensorSource] | None = None

    def read(self, source: TensorSource) -> TensorSource:
        """Offer a checkpoint's tensors under the names the rules speak of."""
        return self.renamed(source) if self.renamed is not None else source

    def faults(self, source: TensorSource) -> Iterator[WeightsError]:
        """Tell every tensor of a checkpoint that does not fit; only names and shapes are looked at."""
        rules = applicable_rules(self.rules, self.module)
        return tensor_faults(expected_shapes(rules, self.module), self.read(source))


class Placement:
    """Where loaded tensors go: a device, and a type or (None) the type they are stored in.

    With `is_staging` they only wait there to go on to a card, and stay mapped into memory however they lie.
    """

    def __init__(self, device: torch.device | str, dtype: torch.dtype | None, *, is_staging: bool = False) -> None:
        self.device = torch.device(device)
        self.dtype = dtype
        self.is_staging = is_staging

    def fill(self, part: Part, source: TensorSource) -> Any:
        aligns = not self.is_staging
        load_strictly(part.module, part.read(source), part.rules, device=self.device, dtype=self.dtype, aligns=aligns)
        # Buffers that no file carries (position numbers) were made on the CPU.
        return part.module.to(self.device).eval().requires_grad_(False)


def load_part(name: str, files: WeightsFiles, placement: Placement) -> Any:
    """Load one of `PARTS` strictly; raises `WeightsError` when its config or its checkpoint is not right."""
    source = open_checkpoint(getattr(files, name))
    return placement.fill(PARTS[name](files), source)


def transformer_part(files: WeightsFiles) -> Part:
    """Build FLUX's transformer for the published single file or a diffusers folder."""
    with _reading_config(_flux_config(files, files.transformer)):
        transformer = build_transformer(transformer_config(files))
    if files.transformer.is_dir():
        return Part(transformer, tuple(identity_rules(transformer)))
    rules = flux_rules(transformer.config.num_layers, transformer.config.num_single_layers)
    return Part(transformer, tuple(rules))


def transformer_config(files: WeightsFiles) -> dict[str, Any]:
    """Tell the transformer's hyper-parameters in diffusers' words, from the config beside it or FLUX.1-dev's own."""
    if files.transformer.is_dir():
        return read_json(files.transformer / CONFIG_NAME)
    flux = _FLUX_DEV | _section(files, "flux")
    for name, value in _FIXED.items():
        if flux[name] != value:
            raise _unusable(files.folder / CONFIG_NAME, f"flux.{name} must be {value}, not {flux[name]}")
    return {
        "in_channels": flux["in_channels"],
        "num_layers": flux["depth"],
        "num_single_layers": flux["depth_single_blocks"],
        "attention_head_dim": flux["hidden_size"] // flux["num_heads"],
        "num_attention_heads": flux["num_heads"],
        "joint_attention_dim": flux["context_in_dim"],
        "pooled_projection_dim": flux["vec_in_dim"],
        "guidance_embeds": flux["guidance_embed"],
        "axes_dims_rope": tuple(flux["axes_dim"]),
    }


def build_transformer(config: dict[str, Any]) -> Any:
    """Build the transformer without memory for its weights."""
    with init_empty_weights(include_buffers=False):
        return FluxTransformer2DModel.from_config(config)


def vae_part(files: WeightsFiles) -> Part:
    """Build the autoencoder for the published single file or a diffusers folder."""
    with _reading_config(_flux_config(files, files.vae)):
        vae = build_vae(vae_config(files))
    if files.vae.is_dir():
        return Part(vae, tuple(identity_rules(vae)))
    return Part(vae, tuple(vae_rules(len(vae.config.block_out_channels), vae.config.layers_per_block)))


def vae_config(files: WeightsFiles) -> dict[str, Any]:
    """Tell the autoencoder's hyper-parameters in diffusers' words."""
    if files.vae.is_dir():
        return read_json(files.vae / CONFIG_NAME)
    ae = _FLUX_AE | _section(files, "ae")
    levels = len(ae["ch_mult"])
    return {
        "block_out_channels": [ae["ch"] * factor for factor in ae["ch_mult"]],
        "down_block_types": ["DownEncoderBlock2D"] * levels,
        "up_block_types": ["UpDecoderBlock2D"] * levels,
        "layers_per_block": ae["num_res_blocks"],
        "latent_channels": ae["z_channels"],
        "norm_num_groups": 32,
        "scaling_factor": ae["scale_factor"],
        "shift_factor": ae["shift_factor"],
        "use_quant_conv": False,
        "use_post_quant_conv": False,
        "force_upcast": False,
        "sample_size": 1024,
    }


def build_vae(config: dict[str, Any]) -> Any:
    """Build the autoencoder without memory for its weights."""
    with init_empty_weights(include_buffers=False):
        return AutoencoderKL.from_config(config)


def clip_part(files: WeightsFiles) -> Part:
    """Build CLIP's text encoder; a file of the whole CLIP model is taken too, its vision tower left out."""

    def renamed(source: TensorSource) -> TensorSource:
        others = ("vision_model.", "visual_projection.", "text_projection.", "logit_scale")
        return RenamedSource(source, prefix="text_model.", ignored=others)

    with _reading_config(files.text_encoder / CONFIG_NAME) as path, init_empty_weights(include_buffers=False):
        encoder = CLIPTextModel(CLIPTextConfig(**_tower_config(read_json(path), "text_config")))
    return Part(encoder, tuple(identity_rules(encoder)), renamed)


def t5_part(files: WeightsFiles) -> Part:
    """Build T5's encoder; a file of the whole T5 is taken too, its decoder left out."""

    def renamed(source: TensorSource) -> TensorSource:
        encoder_only = RenamedSource(source, ignored=("decoder.", "lm_head."))
        return TiedSource(encoder_only, {"encoder.embed_tokens.weight": "shared.weight"})

    with _reading_config(files.text_encoder_2 / CONFIG_NAME) as path, init_empty_weights(include_buffers=False):
        encoder = T5EncoderModel(T5Config(**read_json(path)))
    # T5 v1.1 ties its embedding here whatever its config says of the output's; untied it would lie in memory twice.
    encoder.set_input_embeddings(encoder.shared)
    return Part(encoder, tuple(identity_rules(encoder)), renamed)


def siglip_part(files: WeightsFiles) -> Part:
    """Build SigLIP's vision tower; a file of the whole SigLIP model is taken too, its text tower left out."""

    def renamed(source: TensorSource) -> TensorSource:
        return RenamedSource(source, prefix="vision_model.", ignored=("text_model.", "logit_scale", "logit_bias"))

    with _reading_config(files.image_encoder / CONFIG_NAME) as path, init_empty_weights(include_buffers=False):
        encoder = SiglipVisionModel(SiglipVisionConfig(**_tower_config(read_json(path), "vision_config")))
    return Part(encoder, tuple(identity_rules(encoder)), renamed)


PARTS: Mapping[str, Callable[[WeightsFiles], Part]] = {
    "transformer": transformer_part,
    "vae": vae_part,
    "text_encoder": clip_part,
    "text_encoder_2": t5_part,
    "image_encoder": siglip_part,
}
"""The parts that stand alone, in loading order; the style projector is built between two of them."""


def style_projector_part(files: WeightsFiles, source: TensorSource, *, siglip: Any, transformer: Any) -> Part:
    """Build USO's projector; its sizes follow from SigLIP's, the transformer's, and the count of style tokens."""
    stored = source.shapes.get("feature_embedder.high_embedding_linear.0.weight") or (STYLE_TOKENS_PER_LEVEL,)
    style_tokens = _section(files, "projector").get("style_token_nums", stored[0])
    with _reading_config(files.folder / CONFIG_NAME), init_empty_weights(include_buffers=False):
        projector = build_style_projector(siglip.config, transformer.config, style_tokens)
    return Part(projector, tuple(identity_rules(projector)))


def load_style_projector(files: WeightsFiles, placement: Placement, *, siglip: Any, transformer: Any) -> StyleProjector:
    """Load USO's projector strictly, for these two models."""
    source = open_checkpoint(files.style_projector)
    part = style_projector_part(files, source, siglip=siglip, transformer=transformer)
    filled: StyleProjector = placement.fill(part, source)
    return filled


def build_style_projector(siglip_config: Any, transformer_config: Any, style_tokens: int) -> StyleProjector:
    """Build the projector between these two models."""
    return StyleProjector(
        siglip_tokens=(siglip_config.image_size // siglip_config.patch_size) ** 2,
        style_tokens=style_tokens,
        siglip_width=siglip_config.hidden_size,
        hidden_size=transformer_config.num_attention_heads * transformer_config.attention_head_dim,
    )


def load_tokenizers(files: WeightsFiles) -> tuple[Any, Any]:
    """Load CLIP's and T5's tokenizers from their folders, never asking the hub."""
    loaded = []
    for tokenizer_class, folder in ((CLIPTokenizer, files.tokenizer), (T5Tokenizer, files.tokenizer_2)):
        try:
            loaded.append(tokenizer_class.from_pretrained(str(folder), local_files_only=True))
        except Exception as error:  # the tokenizer libraries raise whatever their parser does
            raise _unusable(folder, f"tokenizer: {str(error).splitlines()[0]}") from error
    return loaded[0], loaded[1]


def load_feature_extractor(files: WeightsFiles) -> Any:
    """Load SigLIP's picture preparation (squash to a square, [-1, 1])."""
    with _reading_config(files.feature_extractor / "preprocessor_config.json") as path:
        settings = read_json(path)
        settings.pop("image_processor_type", None)
        return SiglipImageProcessorPil(**settings)


@contextmanager
def _reading_config(path: Path) -> Iterator[Path]:
    """Turn whatever a library says to an impossible config into one kind of error, naming the file."""
    try:
        yield path
    except WeightsError:
        raise
    except Exception as error:  # each library has its own
        raise _unusable(path, str(error).split("\n")[0]) from error


def _flux_config(files: WeightsFiles, place: Path) -> Path:
    """Tell where the sizes of one of FLUX's own parts stand: a diffusers folder has them, a published file not."""
    return (place if place.is_dir() else files.folder) / CONFIG_NAME


def _tower_config(config: dict[str, Any], tower: str) -> dict[str, Any]:
    """Take one tower's part of a two-tower config; a one-tower config is its own part."""
    part = config.get(tower, config)
    return {name: value for name, value in part.items() if name not in ("model_type", "transformers_version")}


def _section(files: WeightsFiles, name: str) -> dict[str, Any]:
    section = files.config.get(name, {})
    if not isinstance(section, dict):
        raise _unusable(files.folder / CONFIG_NAME, f"{name} is not an object")
    return section


def _unusable(path: Path, detail: str) -> WeightsError:
    return WeightsError(WeightsProblem.CONFIG_UNUSABLE, str(path), detail=detail)
