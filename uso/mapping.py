"""The one table from published FLUX tensor names to diffusers' modules, and strict loading along it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

import torch
from torch import Tensor, nn

from uso.checkpoint import TensorSource
from uso.errors import WeightsError, WeightsProblem


class Change(Enum):
    """What happens to a published tensor on its way."""

    NONE = "none"
    SPLIT_ROWS = "split rows among the targets"
    SWAP_HALVES = "(shift, scale) becomes (scale, shift)"
    CONV_TO_LINEAR = "1x1 convolution becomes a linear layer"


@dataclass(frozen=True)
class Rule:
    """One published tensor and the diffusers tensors it becomes."""

    published: str
    targets: tuple[str, ...]
    change: Change = Change.NONE


@dataclass(frozen=True)
class _Row:
    """One line of a table: module names with `{n}`, `{side}`, ... to be filled in, and the parameters they hold."""

    published: str
    targets: tuple[str, ...]
    change: Change = Change.NONE
    parameters: tuple[tuple[str, str], ...] = (("weight", "weight"), ("bias", "bias"))


_SCALE = (("scale", "weight"),)
_ALIGNMENT_BYTES = 64  # torch's own allocations, and what the CPU's matrix libraries ask for

_FLUX_ENDS = (
    _Row("img_in", ("x_embedder",)),
    _Row("txt_in", ("context_embedder",)),
    *(
        _Row(f"{published}.{layer}_layer", (f"time_text_embed.{target}.linear_{number}",))
        for published, target in (
            ("time_in", "timestep_embedder"),
            ("vector_in", "text_embedder"),
            ("guidance_in", "guidance_embedder"),
        )
        for layer, number in (("in", 1), ("out", 2))
    ),
    _Row("final_layer.linear", ("proj_out",)),
    _Row("final_layer.adaLN_modulation.1", ("norm_out.linear",), Change.SWAP_HALVES),
)

_QKV = ("attn.to_q", "attn.to_k", "attn.to_v")
_ADDED_QKV = ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")

_FLUX_DOUBLE_BLOCK = (
    _Row("img_mod.lin", ("norm1.linear",)),
    _Row("txt_mod.lin", ("norm1_context.linear",)),
    _Row("img_attn.qkv", _QKV, Change.SPLIT_ROWS),
    _Row("txt_attn.qkv", _ADDED_QKV, Change.SPLIT_ROWS),
    _Row("img_attn.norm.query_norm", ("attn.norm_q",), parameters=_SCALE),
    _Row("img_attn.norm.key_norm", ("attn.norm_k",), parameters=_SCALE),
    _Row("txt_attn.norm.query_norm", ("attn.norm_added_q",), parameters=_SCALE),
    _Row("txt_attn.norm.key_norm", ("attn.norm_added_k",), parameters=_SCALE),
    _Row("img_attn.proj", ("attn.to_out.0",)),
    _Row("txt_attn.proj", ("attn.to_add_out",)),
    _Row("img_mlp.0", ("ff.net.0.proj",)),
    _Row("img_mlp.2", ("ff.net.2",)),
    _Row("txt_mlp.0", ("ff_context.net.0.proj",)),
    _Row("txt_mlp.2", ("ff_context.net.2",)),
)

_FLUX_SINGLE_BLOCK = (
    _Row("modulation.lin", ("norm.linear",)),
    _Row("linear1", (*_QKV, "proj_mlp"), Change.SPLIT_ROWS),
    _Row("linear2", ("proj_out",)),
    _Row("norm.query_norm", ("attn.norm_q",), parameters=_SCALE),
    _Row("norm.key_norm", ("attn.norm_k",), parameters=_SCALE),
)

_VAE_RESNET = (
    *(_Row(name, (name,)) for name in ("norm1", "conv1", "norm2", "conv2")),
    _Row("nin_shortcut", ("conv_shortcut",)),
)

_VAE_SIDE = (
    _Row("conv_in", ("conv_in",)),
    _Row("norm_out", ("conv_norm_out",)),
    _Row("conv_out", ("conv_out",)),
    _Row("mid.attn_1.norm", ("mid_block.attentions.0.group_norm",)),
    *(
        _Row(f"mid.attn_1.{published}", (f"mid_block.attentions.0.{target}",), Change.CONV_TO_LINEAR)
        for published, target in (("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("proj_out", "to_out.0"))
    ),
)


def flux_rules(double_blocks: int, single_blocks: int) -> Iterator[Rule]:
    """List the rules of `flux1-dev.safetensors` for a transformer of this depth."""
    yield from _expand(_FLUX_ENDS, "", "")
    for n in range(double_blocks):
        yield from _expand(_FLUX_DOUBLE_BLOCK, f"double_blocks.{n}.", f"transformer_blocks.{n}.")
    for n in range(single_blocks):
        yield from _expand(_FLUX_SINGLE_BLOCK, f"single_blocks.{n}.", f"single_transformer_blocks.{n}.")


def vae_rules(levels: int, resnets_per_level: int) -> Iterator[Rule]:
    """List the rules of `ae.safetensors`; diffusers counts the decoder's levels from the other end."""
    for side in ("encoder", "decoder"):
        yield from _expand(_VAE_SIDE, f"{side}.", f"{side}.")
        for n in (1, 2):
            yield from _expand(_VAE_RESNET, f"{side}.mid.block_{n}.", f"{side}.mid_block.resnets.{n - 1}.")
    for level in range(levels):
        down, down_target = f"encoder.down.{level}", f"encoder.down_blocks.{level}"
        up, up_target = f"decoder.up.{level}", f"decoder.up_blocks.{levels - 1 - level}"
        for n in range(resnets_per_level):
            yield from _expand(_VAE_RESNET, f"{down}.block.{n}.", f"{down_target}.resnets.{n}.")
        for n in range(resnets_per_level + 1):
            yield from _expand(_VAE_RESNET, f"{up}.block.{n}.", f"{up_target}.resnets.{n}.")
        yield from _expand((_Row("downsample.conv", ("downsamplers.0.conv",)),), f"{down}.", f"{down_target}.")
        yield from _expand((_Row("upsample.conv", ("upsamplers.0.conv",)),), f"{up}.", f"{up_target}.")


def identity_rules(module: nn.Module) -> Iterator[Rule]:
    """List the rules of a file that already carries the module's own names."""
    return (Rule(name, (name,)) for name in module.state_dict())


def _expand(rows: tuple[_Row, ...], published_prefix: str, target_prefix: str) -> Iterator[Rule]:
    for row in rows:
        for published, parameter in row.parameters:
            yield Rule(
                f"{published_prefix}{row.published}.{published}",
                tuple(f"{target_prefix}{target}.{parameter}" for target in row.targets),
                row.change,
            )


def applicable_rules(rules: Iterable[Rule], module: nn.Module) -> list[Rule]:
    """Keep the rules whose targets this module has: not every block has a shortcut, not every model guidance."""
    names = module.state_dict().keys()
    kept = [rule for rule in rules if all(target in names for target in rule.targets)]
    covered = {target for rule in kept for target in rule.targets}
    assert covered == set(names), f"the table leaves out {sorted(set(names) - covered)}"
    return kept


def tensor_faults(expected: Mapping[str, tuple[int, ...]], source: TensorSource) -> Iterator[WeightsError]:
    """Tell every tensor that is missing, misshapen or unexpected, by its place in the files."""
    for name, shape in expected.items():
        if name not in source.shapes:
            yield WeightsError(WeightsProblem.TENSOR_MISSING, *source.place_of(name))
        elif source.shapes[name] != shape:
            detail = f"shape {list(source.shapes[name])} instead of {list(shape)}"
            yield WeightsError(WeightsProblem.TENSOR_MISSHAPEN, *source.place_of(name), detail)
    for name in source.shapes:
        if name not in expected:
            yield WeightsError(WeightsProblem.TENSOR_UNEXPECTED, *source.place_of(name))


def raise_first(faults: Iterable[WeightsError]) -> None:
    """Raise the first of these faults, if there is one."""
    for fault in faults:
        raise fault


def expected_shapes(rules: list[Rule], module: nn.Module) -> dict[str, tuple[int, ...]]:
    """Tell the shape every published tensor must have for this module."""
    state = module.state_dict()
    return {
        rule.published: _published_shape(rule, [tuple(state[target].shape) for target in rule.targets])
        for rule in rules
    }


def load_strictly(
    module: nn.Module,
    source: TensorSource,
    rules: Iterable[Rule],
    *,
    device: torch.device | str,
    dtype: torch.dtype | None,
    aligns: bool = True,
) -> None:
    """Fill a module built on the meta device, tensor by tensor, casting and moving as it goes.

    Tensors come from memory-mapped files one at a time, so host memory never holds a second copy of them all. With
    `aligns` off, those that stay on the CPU in their stored type remain mapped, however they lie. Raises
    `WeightsError` before anything is read when names or shapes do not fit exactly.
    """
    kept = applicable_rules(rules, module)
    raise_first(tensor_faults(expected_shapes(kept, module), source))
    rows = {name: tensor.shape[0] for name, tensor in module.state_dict().items() if tensor.ndim}
    state: dict[str, Tensor] = {}
    for rule in kept:
        parts = _apply(rule, source.tensor(rule.published), [rows.get(target, 0) for target in rule.targets])
        for target, part in zip(rule.targets, parts, strict=True):
            placed = part.to(device=device, dtype=dtype or part.dtype)
            state[target] = _aligned(placed) if aligns else placed
    module.load_state_dict(state, strict=True, assign=True)


def _aligned(tensor: Tensor) -> Tensor:
    """Give a CPU tensor that lies askew in its file a place of its own.

    Matrix products on a CPU round differently for other alignments, so the same weights from another file layout would
    make another picture; and they are slower.
    """
    askew = tensor.device.type == "cpu" and tensor.data_ptr() % _ALIGNMENT_BYTES != 0
    return tensor.clone() if askew else tensor


def _published_shape(rule: Rule, shapes: list[tuple[int, ...]]) -> tuple[int, ...]:
    match rule.change:
        case Change.NONE | Change.SWAP_HALVES:
            return shapes[0]
        case Change.SPLIT_ROWS:
            return (sum(shape[0] for shape in shapes), *shapes[0][1:])
        case Change.CONV_TO_LINEAR:
            return (*shapes[0], 1, 1) if len(shapes[0]) == 2 else shapes[0]
        case _:
            assert_never(rule.change)


def _apply(rule: Rule, tensor: Tensor, target_rows: list[int]) -> tuple[Tensor, ...]:
    match rule.change:
        case Change.NONE:
            return (tensor,)
        case Change.SPLIT_ROWS:
            return torch.split(tensor, target_rows, dim=0)
        case Change.SWAP_HALVES:
            return (torch.cat(tensor.chunk(2, dim=0)[::-1], dim=0),)
        case Change.CONV_TO_LINEAR:
            return (tensor.flatten(start_dim=1) if tensor.ndim == 4 else tensor,)
        case _:
            assert_never(rule.change)
