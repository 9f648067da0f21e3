"""Every tensor name and shape of each part, computed from hyper-parameters (no torch here).

The published names are those of FLUX's and USO's own files; the diffusers and transformers names are those of the
folders beside them. Only headers are compared with these tables, so 24 GB are checked in a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Shape = tuple[int, ...]
Table = dict[str, Shape]

_TIME_CHANNELS = 256
_ROW_SPLIT = ("to_q", "to_k", "to_v")


@dataclass(frozen=True, slots=True)
class FluxSizes:
    """What decides the transformer's tensors; the defaults are FLUX.1-dev's."""

    in_channels: int = 64
    vec_in_dim: int = 768
    context_in_dim: int = 4096
    hidden_size: int = 3072
    num_heads: int = 24
    depth: int = 19
    depth_single_blocks: int = 38
    mlp_ratio: float = 4.0
    guidance_embed: bool = True

    def __post_init__(self) -> None:
        if min(self.hidden_size, self.num_heads, self.in_channels) < 1 or self.hidden_size % self.num_heads:
            raise ValueError(f"no transformer has {self.num_heads} heads of {self.hidden_size} channels")

    @classmethod
    def from_published(cls, config: Mapping[str, Any]) -> FluxSizes:
        """Read the `flux` section of a config.json beside the published files; ValueError, TypeError on nonsense."""
        return cls(
            in_channels=int(config.get("in_channels", 64)),
            vec_in_dim=int(config.get("vec_in_dim", 768)),
            context_in_dim=int(config.get("context_in_dim", 4096)),
            hidden_size=int(config.get("hidden_size", 3072)),
            num_heads=int(config.get("num_heads", 24)),
            depth=int(config.get("depth", 19)),
            depth_single_blocks=int(config.get("depth_single_blocks", 38)),
            mlp_ratio=float(config.get("mlp_ratio", 4.0)),
            guidance_embed=bool(config.get("guidance_embed", True)),
        )

    @classmethod
    def from_diffusers(cls, config: Mapping[str, Any]) -> FluxSizes:
        """Read `transformer/config.json` of diffusers; ValueError, TypeError on nonsense."""
        heads = int(config.get("num_attention_heads", 24))
        return cls(
            in_channels=int(config.get("in_channels", 64)),
            vec_in_dim=int(config.get("pooled_projection_dim", 768)),
            context_in_dim=int(config.get("joint_attention_dim", 4096)),
            hidden_size=heads * int(config.get("attention_head_dim", 128)),
            num_heads=heads,
            depth=int(config.get("num_layers", 19)),
            depth_single_blocks=int(config.get("num_single_layers", 38)),
            guidance_embed=bool(config.get("guidance_embeds", True)),
        )

    @property
    def mlp_size(self) -> int:
        return int(self.hidden_size * self.mlp_ratio)

    @property
    def head_size(self) -> int:
        return self.hidden_size // self.num_heads


@dataclass(frozen=True, slots=True)
class VaeSizes:
    """What decides the autoencoder's tensors; the defaults are FLUX.1-dev's."""

    channels: tuple[int, ...] = (128, 256, 512, 512)
    num_res_blocks: int = 2
    z_channels: int = 16

    @classmethod
    def from_published(cls, config: Mapping[str, Any]) -> VaeSizes:
        """Read the `ae` section of a config.json beside the published files; ValueError, TypeError on nonsense."""
        base = int(config.get("ch", 128))
        channels = tuple(base * int(factor) for factor in config.get("ch_mult", (1, 2, 4, 4)))
        return cls(channels, int(config.get("num_res_blocks", 2)), int(config.get("z_channels", 16)))

    @classmethod
    def from_diffusers(cls, config: Mapping[str, Any]) -> VaeSizes:
        """Read `vae/config.json` of diffusers; ValueError, TypeError on nonsense."""
        channels = tuple(int(width) for width in config.get("block_out_channels", (128, 256, 512, 512)))
        return cls(channels, int(config.get("layers_per_block", 2)), int(config.get("latent_channels", 16)))

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("an autoencoder has at least one level")


def flux_table(sizes: FluxSizes) -> Table:
    """List `flux1-dev.safetensors`."""
    hidden = sizes.hidden_size
    embedders = {"time_in": _TIME_CHANNELS, "vector_in": sizes.vec_in_dim}
    if sizes.guidance_embed:
        embedders["guidance_in"] = _TIME_CHANNELS
    table = _linear("img_in", hidden, sizes.in_channels) | _linear("txt_in", hidden, sizes.context_in_dim)
    for name, width in embedders.items():
        table |= _linear(f"{name}.in_layer", hidden, width) | _linear(f"{name}.out_layer", hidden, hidden)
    for n in range(sizes.depth):
        for stream in ("img", "txt"):
            block = f"double_blocks.{n}.{stream}"
            table |= _linear(f"{block}_mod.lin", 6 * hidden, hidden)
            table |= _linear(f"{block}_attn.qkv", 3 * hidden, hidden) | _linear(f"{block}_attn.proj", hidden, hidden)
            table |= _query_key_norms(f"{block}_attn.norm", sizes)
            table |= _linear(f"{block}_mlp.0", sizes.mlp_size, hidden)
            table |= _linear(f"{block}_mlp.2", hidden, sizes.mlp_size)
    for n in range(sizes.depth_single_blocks):
        block = f"single_blocks.{n}"
        table |= _linear(f"{block}.linear1", 3 * hidden + sizes.mlp_size, hidden)
        table |= _linear(f"{block}.linear2", hidden, hidden + sizes.mlp_size)
        table |= _query_key_norms(f"{block}.norm", sizes)
        table |= _linear(f"{block}.modulation.lin", 3 * hidden, hidden)
    table |= _linear("final_layer.linear", sizes.in_channels, hidden)
    return table | _linear("final_layer.adaLN_modulation.1", 2 * hidden, hidden)


def flux_diffusers_table(sizes: FluxSizes) -> Table:
    """List the `transformer` folder of diffusers."""
    hidden = sizes.hidden_size
    embedders = {"timestep_embedder": _TIME_CHANNELS, "text_embedder": sizes.vec_in_dim}
    if sizes.guidance_embed:
        embedders["guidance_embedder"] = _TIME_CHANNELS
    table = _linear("x_embedder", hidden, sizes.in_channels)
    table |= _linear("context_embedder", hidden, sizes.context_in_dim)
    for name, width in embedders.items():
        embedder = f"time_text_embed.{name}"
        table |= _linear(f"{embedder}.linear_1", hidden, width) | _linear(f"{embedder}.linear_2", hidden, hidden)
    for n in range(sizes.depth):
        table |= _diffusers_double_block(f"transformer_blocks.{n}", sizes)
    for n in range(sizes.depth_single_blocks):
        block = f"single_transformer_blocks.{n}"
        table |= _linear(f"{block}.norm.linear", 3 * hidden, hidden)
        table |= _linear(f"{block}.proj_mlp", sizes.mlp_size, hidden)
        table |= _linear(f"{block}.proj_out", hidden, hidden + sizes.mlp_size)
        for name in _ROW_SPLIT:
            table |= _linear(f"{block}.attn.{name}", hidden, hidden)
        table |= {f"{block}.attn.norm_{name}.weight": (sizes.head_size,) for name in ("q", "k")}
    return table | _linear("proj_out", sizes.in_channels, hidden) | _linear("norm_out.linear", 2 * hidden, hidden)


def lora_table(sizes: FluxSizes, rank: int) -> Table:
    """List `dit_lora.safetensors`: 304 tensors for FLUX.1-dev."""
    hidden = sizes.hidden_size
    shapes: dict[str, tuple[int, int]] = {}
    for n in range(sizes.depth):
        for number in (1, 2):
            shapes[f"double_blocks.{n}.processor.qkv_lora{number}"] = (3 * hidden, hidden)
            shapes[f"double_blocks.{n}.processor.proj_lora{number}"] = (hidden, hidden)
    for n in range(sizes.depth_single_blocks):
        shapes[f"single_blocks.{n}.processor.qkv_lora"] = (3 * hidden, hidden)
        shapes[f"single_blocks.{n}.processor.proj_lora"] = (hidden, hidden + sizes.mlp_size)
    table: Table = {}
    for name, (rows, columns) in shapes.items():
        table |= {f"{name}.down.weight": (rank, columns), f"{name}.up.weight": (rows, rank)}
    return table


def projector_table(*, siglip_tokens: int, style_tokens: int, siglip_width: int, hidden_size: int) -> Table:
    """List `projector.safetensors`: 18 tensors."""
    table: Table = {}
    for level in ("high", "mid", "low"):
        name = f"feature_embedder.{level}"
        table |= _linear(f"{name}_embedding_linear.0", style_tokens, siglip_tokens)
        table |= _norm(f"{name}_layer_norm", siglip_width) | _linear(f"{name}_projection", hidden_size, siglip_width)
    return table


def vae_table(sizes: VaeSizes) -> Table:
    """List `ae.safetensors`."""
    table: Table = {}
    for side, last in (("encoder", 2 * sizes.z_channels), ("decoder", 3)):
        first_in, first, deepest = _vae_ends(side, sizes)
        table |= _conv(f"{side}.conv_in", first, first_in, 3)
        table |= _resnet(f"{side}.mid.block_1", deepest, deepest) | _resnet(f"{side}.mid.block_2", deepest, deepest)
        table |= _norm(f"{side}.mid.attn_1.norm", deepest)
        for name in ("q", "k", "v", "proj_out"):
            table |= _conv(f"{side}.mid.attn_1.{name}", deepest, deepest, 1)
        out = deepest if side == "encoder" else sizes.channels[0]
        table |= _norm(f"{side}.norm_out", out) | _conv(f"{side}.conv_out", last, out, 3)
    return table | _vae_levels(sizes)


def vae_diffusers_table(sizes: VaeSizes) -> Table:
    """List the `vae` folder of diffusers, which names and counts the same tensors differently."""
    return dict(_vae_renamed(vae_table(sizes), len(sizes.channels)))


def clip_table(config: Mapping[str, Any]) -> Table:
    """List CLIP's text tower, from its config (CLIP-L where the config is silent)."""
    width, mlp = int(config.get("hidden_size", 768)), int(config.get("intermediate_size", 3072))
    table: Table = {
        "embeddings.token_embedding.weight": (int(config.get("vocab_size", 49408)), width),
        "embeddings.position_embedding.weight": (int(config.get("max_position_embeddings", 77)), width),
    }
    for n in range(int(config.get("num_hidden_layers", 12))):
        table |= _encoder_layer(f"encoder.layers.{n}", width, mlp)
    return table | _norm("final_layer_norm", width)


def siglip_table(config: Mapping[str, Any]) -> Table:
    """List SigLIP's vision tower, from its config (so400m/14 at 384 where the config is silent)."""
    width, mlp = int(config.get("hidden_size", 1152)), int(config.get("intermediate_size", 4304))
    patch = int(config.get("patch_size", 14))
    table = _conv("embeddings.patch_embedding", width, int(config.get("num_channels", 3)), patch)
    table |= {"embeddings.position_embedding.weight": (siglip_tokens(config), width)}
    for n in range(int(config.get("num_hidden_layers", 27))):
        table |= _encoder_layer(f"encoder.layers.{n}", width, mlp)
    table |= _norm("post_layernorm", width)
    if config.get("vision_use_head", True):
        table |= {"head.probe": (1, 1, width), "head.attention.in_proj_weight": (3 * width, width)}
        table |= {"head.attention.in_proj_bias": (3 * width,)} | _linear("head.attention.out_proj", width, width)
        table |= _norm("head.layernorm", width)
        table |= _linear("head.mlp.fc1", mlp, width) | _linear("head.mlp.fc2", width, mlp)
    return table


def siglip_tokens(config: Mapping[str, Any]) -> int:
    """Count the tokens SigLIP makes of a picture: 729 for so400m/14 at 384."""
    return (int(config.get("image_size", 384)) // int(config.get("patch_size", 14))) ** 2


def t5_table(config: Mapping[str, Any]) -> Table:
    """List T5's encoder, from its config (XXL 1.1 where the config is silent)."""
    width, mlp = int(config.get("d_model", 4096)), int(config.get("d_ff", 10240))
    heads = int(config.get("num_heads", 64))
    inner = heads * int(config.get("d_kv", 64))
    embedding = (int(config.get("vocab_size", 32128)), width)
    table: Table = {"shared.weight": embedding, "encoder.final_layer_norm.weight": (width,)}
    for n in range(int(config.get("num_layers", 24))):
        block = f"encoder.block.{n}.layer"
        table |= {f"{block}.0.SelfAttention.{name}.weight": (inner, width) for name in ("q", "k", "v")}
        table |= {f"{block}.0.SelfAttention.o.weight": (width, inner)}
        table |= {f"{block}.1.DenseReluDense.{name}.weight": (mlp, width) for name in ("wi_0", "wi_1")}
        table |= {f"{block}.1.DenseReluDense.wo.weight": (width, mlp)}
        table |= {f"{block}.{part}.layer_norm.weight": (width,) for part in (0, 1)}
    buckets = int(config.get("relative_attention_num_buckets", 32))
    return table | {"encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight": (buckets, heads)}


def _linear(name: str, rows: int, columns: int) -> Table:
    return {f"{name}.weight": (rows, columns), f"{name}.bias": (rows,)}


def _norm(name: str, width: int) -> Table:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def _conv(name: str, rows: int, columns: int, kernel: int) -> Table:
    return {f"{name}.weight": (rows, columns, kernel, kernel), f"{name}.bias": (rows,)}


def _query_key_norms(name: str, sizes: FluxSizes) -> Table:
    return {f"{name}.{which}_norm.scale": (sizes.head_size,) for which in ("query", "key")}


def _diffusers_double_block(block: str, sizes: FluxSizes) -> Table:
    hidden, mlp = sizes.hidden_size, sizes.mlp_size
    table = _linear(f"{block}.norm1.linear", 6 * hidden, hidden)
    table |= _linear(f"{block}.norm1_context.linear", 6 * hidden, hidden)
    added = ("add_q_proj", "add_k_proj", "add_v_proj")
    for name in (*_ROW_SPLIT, *added, "to_out.0", "to_add_out"):
        table |= _linear(f"{block}.attn.{name}", hidden, hidden)
    for name in ("q", "k", "added_q", "added_k"):
        table[f"{block}.attn.norm_{name}.weight"] = (sizes.head_size,)
    for name in ("ff", "ff_context"):
        table |= _linear(f"{block}.{name}.net.0.proj", mlp, hidden) | _linear(f"{block}.{name}.net.2", hidden, mlp)
    return table


def _encoder_layer(layer: str, width: int, mlp: int) -> Table:
    table = _norm(f"{layer}.layer_norm1", width) | _norm(f"{layer}.layer_norm2", width)
    for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
        table |= _linear(f"{layer}.self_attn.{name}", width, width)
    return table | _linear(f"{layer}.mlp.fc1", mlp, width) | _linear(f"{layer}.mlp.fc2", width, mlp)


def _vae_ends(side: str, sizes: VaeSizes) -> tuple[int, int, int]:
    deepest = sizes.channels[-1]
    return (3, sizes.channels[0], deepest) if side == "encoder" else (sizes.z_channels, deepest, deepest)


def _vae_levels(sizes: VaeSizes) -> Table:
    table: Table = {}
    last = len(sizes.channels) - 1
    before = sizes.channels[0]
    for level, width in enumerate(sizes.channels):
        for n in range(sizes.num_res_blocks):
            table |= _resnet(f"encoder.down.{level}.block.{n}", before if n == 0 else width, width)
        if level < last:
            table |= _conv(f"encoder.down.{level}.downsample.conv", width, width, 3)
        before = width
    before = sizes.channels[-1]
    for level, width in reversed(list(enumerate(sizes.channels))):
        for n in range(sizes.num_res_blocks + 1):
            table |= _resnet(f"decoder.up.{level}.block.{n}", before if n == 0 else width, width)
        if level > 0:
            table |= _conv(f"decoder.up.{level}.upsample.conv", width, width, 3)
        before = width
    return table


def _resnet(name: str, before: int, after: int) -> Table:
    table = _norm(f"{name}.norm1", before) | _conv(f"{name}.conv1", after, before, 3)
    table |= _norm(f"{name}.norm2", after) | _conv(f"{name}.conv2", after, after, 3)
    return table if before == after else table | _conv(f"{name}.nin_shortcut", after, before, 1)


_VAE_NAMES = {
    "norm_out": "conv_norm_out",
    "nin_shortcut": "conv_shortcut",
    "downsample": "downsamplers.0",
    "upsample": "upsamplers.0",
    "block_1": "resnets.0",
    "block_2": "resnets.1",
    "attn_1": "attentions.0",
    "mid": "mid_block",
    "block": "resnets",
}
_VAE_ATTENTION_NAMES = {"norm": "group_norm", "q": "to_q", "k": "to_k", "v": "to_v", "proj_out": "to_out.0"}


def _vae_renamed(table: Table, levels: int) -> Iterator[tuple[str, Shape]]:
    for name, shape in table.items():
        words = name.split(".")
        attends = "attn_1" in words
        names = _VAE_NAMES | (_VAE_ATTENTION_NAMES if attends else {})
        if "up" in words:  # diffusers counts the decoder's levels from the deep end
            place = words.index("up")
            words[place : place + 2] = ["up_blocks", str(levels - 1 - int(words[place + 1]))]
        elif "down" in words:
            words[words.index("down")] = "down_blocks"
        matrix = attends and len(shape) == 4
        yield ".".join(names.get(word, word) for word in words), shape[:2] if matrix else shape
