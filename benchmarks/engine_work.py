"""How much work a step of the transformer is, and how fast a device multiplies matrices."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any, Final

import torch

from benchmarks.engine_watch import clock_of

_REPEATS: Final = 10
_PRODUCTS: Final = 10
_FP8_CAPABILITY: Final = (8, 9)


def step_flops(config: Any, context_tokens: int, image_tokens: int) -> int:
    """Count the floating-point operations of one step (two a multiply-add): linear layers and attention of all blocks.

    What stands outside of the blocks is less than a thousandth at full size, and is counted too.
    """
    width = config.num_attention_heads * config.attention_head_dim
    tokens = context_tokens + image_tokens
    n_double, n_single = config.num_layers, config.num_single_layers
    # Attention 4 and feed-forward 8 times width squared a token, in both kinds of block.
    linear = 24 * width**2 * tokens * (n_double + n_single)
    attention = 4 * tokens**2 * width * (n_double + n_single)
    modulation = 2 * width**2 * (12 * n_double + 3 * n_single + 2)
    embedders = 2 * width * (256 * 2 + config.pooled_projection_dim + 3 * width)
    ends = 2 * width * (2 * config.in_channels * image_tokens + config.joint_attention_dim * context_tokens)
    return int(linear + attention + modulation + embedders + ends)


def matrix_rates(device: torch.device) -> dict[str, float]:
    """Measure operations a second in large square products, by number format; formats the device lacks are left out."""
    is_card = device.type == "cuda"
    side = 8192 if is_card else 512
    rates = {"float32": _rate(device, side, _plain_product(device, side, torch.float32))}
    rates["bfloat16"] = _rate(device, side, _plain_product(device, side, torch.bfloat16))
    rates["int8"] = _rate(device, side, _int8_product(device, side))
    if is_card and torch.cuda.get_device_capability(device) >= _FP8_CAPABILITY:
        rates["float8"] = _rate(device, side, _fp8_product(device, side))
    return rates


def _rate(device: torch.device, side: int, product: Callable[[], object]) -> float:
    clock = clock_of(device)

    def seconds() -> float:
        _finish(device)
        started = clock()
        for _ in range(_PRODUCTS):
            product()
        _finish(device)
        return (clock() - started) / _PRODUCTS

    seconds()
    return 2 * side**3 / median(seconds() for _ in range(_REPEATS))


def _plain_product(device: torch.device, side: int, dtype: torch.dtype) -> Callable[[], object]:
    left, right = (torch.randn(side, side, device=device).to(dtype) for _ in range(2))
    return lambda: left @ right


def _int8_product(device: torch.device, side: int) -> Callable[[], object]:
    left, right = (torch.randint(-9, 9, (side, side), device=device, dtype=torch.int8) for _ in range(2))
    return lambda: torch._int_mm(left, right.t())


def _fp8_product(device: torch.device, side: int) -> Callable[[], object]:
    """With a scale for each row, as the profile `quality` multiplies."""
    left, right = (torch.randn(side, side, device=device).to(torch.float8_e4m3fn) for _ in range(2))
    ones = torch.ones(side, 1, device=device)
    return lambda: torch._scaled_mm(
        left, right.t(), scale_a=ones, scale_b=ones.t(), out_dtype=torch.bfloat16, use_fast_accum=True
    )


def _finish(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
