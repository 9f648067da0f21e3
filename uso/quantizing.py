"""Linear layers turned to 8 bits by torchao, block by block, and counted: a profile that did nothing is an error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

import torch
from torch import nn

from uso.errors import ProfileError, ProfileProblem
from uso.profiles import Profile, Quantization

# Linear layers of one block of `FluxTransformer2DModel` (two streams: attention 8, feed-forward 4, modulation 2), and
# of one that treats both streams as one (attention 3, feed-forward 2, modulation 1).
_PER_DOUBLE_BLOCK = 14
_PER_SINGLE_BLOCK = 6
# T5's attention has four, its feed-forward three when it is gated, else two.
_T5_ATTENTION = 4


def expected_in_transformer(transformer: Any) -> int:
    """How many layers are to be quantized, by the config: 494 in FLUX.1-dev; what stands outside of blocks is not."""
    config = transformer.config
    return int(config.num_layers * _PER_DOUBLE_BLOCK + config.num_single_layers * _PER_SINGLE_BLOCK)


def expected_in_t5(encoder: Any) -> int:
    """How many layers are to be quantized, by the config: 168 in T5-XXL's encoder."""
    config = encoder.config
    return int(config.num_layers * (_T5_ATTENTION + (3 if config.is_gated_act else 2)))


def quantize_transformer(transformer: Any, profile: Profile, device: torch.device) -> int:
    """Quantize the blocks of FLUX's transformer as the profile says, each on `device`; returns how many layers.

    A block goes to the device in its full width and is quantized there before the next one comes, so that the device
    never holds more than the quantized model and one block. Raises `ProfileError` when the count is not as expected.
    """
    from torchao.quantization import (  # noqa: PLC0415 -- only who quantizes waits for it
        Float8DynamicActivationFloat8WeightConfig,
        Int8DynamicActivationInt8WeightConfig,
        Int8WeightOnlyConfig,
        PerRow,
    )

    # Inductor is set up by us: torchao's own settings would hold for the whole process.
    match profile.quantization:
        case Quantization.NONE:
            return 0
        case Quantization.FP8:
            fp8 = Float8DynamicActivationFloat8WeightConfig(granularity=PerRow(), set_inductor_config=False)
            formats = (fp8, fp8)
        case Quantization.INT8:
            # Modulation is computed for one row, and CUDA multiplies no fewer than 17 rows of int8.
            formats = (
                Int8DynamicActivationInt8WeightConfig(set_inductor_config=False),
                Int8WeightOnlyConfig(set_inductor_config=False),
            )
        case _:
            assert_never(profile.quantization)
    blocks = (*transformer.transformer_blocks, *transformer.single_transformer_blocks)
    _quantize_blocks(blocks, *formats, device=device, home=_home(profile, device))
    return _checked(profile, "transformer", blocks, expected_in_transformer(transformer))


def quantize_t5(encoder: Any, profile: Profile, device: torch.device) -> int:
    """Hold the weights of T5's blocks in 8 bits; like `quantize_transformer`."""
    from torchao.quantization import Int8WeightOnlyConfig  # noqa: PLC0415 -- only who quantizes waits for it

    if not profile.is_t5_8bit:
        return 0
    blocks = tuple(encoder.encoder.block)
    int8 = Int8WeightOnlyConfig(set_inductor_config=False)
    _quantize_blocks(blocks, int8, int8, device=device, home=_home(profile, device))
    return _checked(profile, "text_encoder_2", blocks, expected_in_t5(encoder))


def count_quantized(modules: Iterable[nn.Module]) -> int:
    """How many linear layers hold a quantized weight."""
    from torchao.utils import TorchAOBaseTensor  # noqa: PLC0415 -- only who quantizes waits for it

    linears = (part for module in modules for part in module.modules() if isinstance(part, nn.Linear))
    return sum(isinstance(linear.weight, TorchAOBaseTensor) for linear in linears)


def _home(profile: Profile, device: torch.device) -> torch.device:
    """Where a block stays once it is quantized."""
    return torch.device("cpu") if profile.is_offloaded else device


def _quantize_blocks(
    blocks: Iterable[nn.Module], for_tokens: Any, for_modulation: Any, *, device: torch.device, home: torch.device
) -> None:
    from torchao.quantization import quantize_  # noqa: PLC0415 -- only who quantizes waits for it

    def is_modulation(module: nn.Module, name: str) -> bool:
        return isinstance(module, nn.Linear) and "norm" in name

    def is_for_tokens(module: nn.Module, name: str) -> bool:
        return isinstance(module, nn.Linear) and "norm" not in name

    for block in blocks:
        block.to(device)
        quantize_(block, for_tokens, filter_fn=is_for_tokens)
        quantize_(block, for_modulation, filter_fn=is_modulation)
        block.to(home)


def _checked(profile: Profile, part: str, blocks: Iterable[nn.Module], expected: int) -> int:
    quantized = count_quantized(blocks)
    if quantized != expected:
        sentence = (
            f"The profile {profile.name} was to quantize {expected} layers of the {part}; {quantized} are quantized."
        )
        raise ProfileError(ProfileProblem.NOT_QUANTIZED, profile.name, sentence)
    return quantized
