"""Latents: the seeded noise, variations of it, and FLUX's 2x2 packing."""

from __future__ import annotations

import torch
from torch import Tensor

LATENT_CHANNELS = 16


def draw_noise(seed: int, width: int, height: int) -> Tensor:
    """Draw the starting noise of a picture, shape (1, 16, height / 8, width / 8) in bfloat16.

    Always drawn on the CPU, so a seed means the same picture on every device.
    """
    generator = torch.Generator(device="cpu").manual_seed(seed)
    shape = (1, LATENT_CHANNELS, height // 8, width // 8)
    return torch.randn(shape, generator=generator, dtype=torch.bfloat16)


def slerp(start: Tensor, end: Tensor, fraction: float) -> Tensor:
    """Interpolate two noises along the sphere (Shoemake 1985), so the result is as strong as its ends.

    Nearly parallel noises, where the formula divides by zero, are interpolated linearly.
    """
    a, b = start.double(), end.double()
    cosine = torch.clamp((a * b).sum() / (a.norm() * b.norm()), -1.0, 1.0)
    angle = torch.acos(cosine)
    if torch.sin(angle).abs() < 1e-6:
        mixed = torch.lerp(a, b, fraction)
    else:
        mixed = (torch.sin((1 - fraction) * angle) * a + torch.sin(fraction * angle) * b) / torch.sin(angle)
    return mixed.to(start.dtype)


def starting_noise(
    seed: int, width: int, height: int, variation_seed: int | None = None, variation_strength: float = 0.0
) -> Tensor:
    """Draw the noise of a request, moved toward a second seed's when a variation is asked for."""
    noise = draw_noise(seed, width, height)
    if variation_seed is None or variation_strength == 0.0:
        return noise
    return slerp(noise, draw_noise(variation_seed, width, height), variation_strength)


def pack(latents: Tensor) -> Tensor:
    """Pack (batch, channels, height, width) into FLUX's tokens (batch, height / 2 * width / 2, channels * 4)."""
    batch, channels, height, width = latents.shape
    patches = latents.reshape(batch, channels, height // 2, 2, width // 2, 2).permute(0, 2, 4, 1, 3, 5)
    return patches.reshape(batch, (height // 2) * (width // 2), channels * 4)


def unpack(tokens: Tensor, height: int, width: int) -> Tensor:
    """Undo `pack` for latents of the given height and width."""
    batch, _, features = tokens.shape
    patches = tokens.reshape(batch, height // 2, width // 2, features // 4, 2, 2).permute(0, 3, 1, 4, 2, 5)
    return patches.reshape(batch, features // 4, height, width)
