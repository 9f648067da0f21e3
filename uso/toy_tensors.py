"""The toy model's random weights, shaped so that its pictures are soft and depend on what is asked.

Plainly random weights leave the noise noise. Here the first 64 hidden features of the transformer carry the latents
straight through, so that stepping takes the noise away, and the others carry what prompt, style and subject add.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

Fill = Callable[[str, tuple[int, ...], torch.Generator], Tensor]

_LATENT_FEATURES = 64
_CONDITION_FEATURES = 32
HIDDEN_SIZE = _LATENT_FEATURES + _CONDITION_FEATURES
_DENOISING = 2.6
_PAINTING = 1.5
_SMOOTHING = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16


def fill_plainly(name: str, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Fill as layers are usually begun: norms at one, biases small, weights keeping their input's variance."""
    if len(shape) == 1:
        is_norm = "norm" in name and name.endswith(("weight", "scale"))
        return torch.ones(shape) if is_norm else torch.randn(shape, generator=generator) * 0.1
    return torch.randn(shape, generator=generator) / math.sqrt(math.prod(shape[1:]))


def fill_lora(name: str, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Fill a LoRA that changes its layers by about a tenth, so that leaving it out shows."""
    tensor = fill_plainly(name, shape, generator)
    if ".up." in name:
        tensor *= 0.2
    return _spare_latents(tensor) if "proj_lora" in name and ".up." in name else tensor


def fill_flux(name: str, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Fill the transformer, by published tensor name."""
    tensor = fill_plainly(name, shape, generator)
    if name.startswith("img_in."):
        return _fill_entrance(tensor)
    if name.startswith("final_layer."):
        return _fill_exit(name, tensor)
    if "_in." in name:
        strengths = {"vector_in.out": 2.0, "time_in.out": 0.3, "guidance_in.out": 0.3}
        return tensor * next((strength for part, strength in strengths.items() if name.startswith(part)), 1.0)
    if name.endswith(".scale"):
        return tensor * 1.8
    if ".lin." in name or "modulation" in name:
        return tensor * 0.7 + (0.5 if tensor.ndim == 1 else 0.0)
    return _keep_to_conditions(name, tensor)


def _keep_to_conditions(name: str, tensor: Tensor) -> Tensor:
    """Let a block's layers read and write the condition features, and hardly touch the latents."""
    if name.endswith((".proj.weight", ".proj.bias", ".2.weight", ".2.bias", "linear2.weight", "linear2.bias")):
        return _spare_latents(tensor)
    if tensor.ndim == 2:
        tensor = tensor * math.sqrt(HIDDEN_SIZE / _CONDITION_FEATURES)
        tensor[:, :_LATENT_FEATURES] *= 0.1
    return tensor


def _spare_latents(tensor: Tensor) -> Tensor:
    spared = tensor.clone()
    spared[:_LATENT_FEATURES] *= 0.002
    return spared


def _fill_entrance(tensor: Tensor) -> Tensor:
    """Carry the 64 packed latents through, and give the conditions a mean over each token's four latents."""
    if tensor.ndim == 1:
        return tensor * torch.cat([torch.zeros(_LATENT_FEATURES), torch.ones(_CONDITION_FEATURES)])
    mean_of_four = tensor[_LATENT_FEATURES:].reshape(_CONDITION_FEATURES, 16, 4).mean(dim=2, keepdim=True)
    conditions = mean_of_four.expand(-1, -1, 4).reshape(_CONDITION_FEATURES, _LATENT_FEATURES)
    return torch.cat([torch.eye(_LATENT_FEATURES), conditions])


def _fill_exit(name: str, tensor: Tensor) -> Tensor:
    """Subtract the latents, and paint the same conditions onto each token's four latents."""
    if "adaLN" in name:
        quiet = torch.cat([torch.full((_LATENT_FEATURES,), 0.002), torch.full((_CONDITION_FEATURES,), 1.0)]).repeat(2)
        return tensor * (quiet if tensor.ndim == 1 else quiet[:, None])
    if tensor.ndim == 1:
        return tensor.reshape(16, 4).mean(dim=1, keepdim=True).expand(-1, 4).reshape(-1)
    per_channel = tensor[::4, _LATENT_FEATURES:] * math.sqrt(HIDDEN_SIZE / _CONDITION_FEATURES) * _PAINTING
    painted = per_channel.repeat_interleave(4, dim=0)
    return torch.cat([torch.eye(_LATENT_FEATURES) * _DENOISING, painted], dim=1)


def fill_vae(name: str, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Fill the autoencoder with smoothing kernels, so that it blends colours instead of making texture."""
    if len(shape) != 4:
        return fill_plainly(name, shape, generator)
    outputs, inputs, side, _ = shape
    mix = torch.randn((outputs, inputs), generator=generator) / math.sqrt(inputs)
    if "sample.conv" in name:
        mix = torch.eye(outputs) + 0.2 * mix
    elif "conv2" in name or "attn" in name:
        mix = mix * 0.3
    elif name == "encoder.conv_out.weight":
        mix = mix * 2.0
    elif name == "decoder.conv_out.weight":
        mix = mix * 1.2
    kernel = _SMOOTHING if side == 3 else torch.ones(1, 1)
    return mix[:, :, None, None] * kernel
