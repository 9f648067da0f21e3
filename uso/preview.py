"""A cheap look at unfinished latents: a linear map from latents to colours, fitted to the loaded VAE."""

from __future__ import annotations

from typing import Any

import torch
from PIL import Image
from torch import Tensor

_PATTERNS = 48
_PATTERN_SIDE_PX = 64
_NOISE = 0.3
_OFFSET = 0.5
_BATCH = 8


class LatentPreview:
    """Draws latents through one small linear map, which costs nothing beside a step on any model size.

    A latent's deviation from the picture's mean and that mean are mapped apart: a VAE's group norms answer them
    differently.
    """

    def __init__(self, weight: Tensor) -> None:
        self._weight = weight

    def draw(self, latents: Tensor, max_side_px: int) -> Image.Image:
        """Draw latents of shape (1, channels, height, width), fitted into a square of `max_side_px`.

        Never larger than the finished picture, which has 8 pixels to a latent.
        """
        colours = _features(latents.float().cpu())[0] @ self._weight
        pixels = colours.add(1).mul(127.5).clamp(0, 255).to(torch.uint8).contiguous()
        height, width = pixels.shape[:2]
        picture = Image.frombytes("RGB", (width, height), pixels.numpy().tobytes())
        scale = min(max_side_px / max(width, height), 8)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        return picture.resize(size, Image.Resampling.BICUBIC)


@torch.no_grad()
def fit_preview(vae: Any) -> LatentPreview:
    """Fit the map by least squares: encoded colour patterns, disturbed, against their average-pooled decodings.

    Works on latents at the scale the transformer sees. Seeded, so the same VAE always gives the same map.
    """
    generator = torch.Generator(device="cpu").manual_seed(0)
    shift, scale = vae.config.shift_factor, vae.config.scaling_factor
    features, colours = [], []
    for _ in range(_PATTERNS // _BATCH):
        patterns = _smooth_patterns(_BATCH, generator).to(vae.device, vae.dtype)
        encoded = (vae.encode(patterns).latent_dist.mode() - shift) * scale
        latents = encoded + _disturbance(encoded, generator)
        decoded = vae.decode(latents / scale + shift).sample.float().clamp(-1, 1)
        features.append(_features(latents.float().cpu()).flatten(0, 2))
        colours.append(torch.nn.functional.avg_pool2d(decoded, 8).permute(0, 2, 3, 1).flatten(0, 2).cpu())
    # "gelsd" also answers when a VAE leaves a channel unused.
    solved = torch.linalg.lstsq(torch.cat(features).double(), torch.cat(colours).double(), driver="gelsd")
    return LatentPreview(solved.solution.float())


def _features(latents: Tensor) -> Tensor:
    """Lay out what is mapped for every latent: deviation, mean, and one, shape (batch, height, width, 2 * ch + 1)."""
    mean = latents.mean(dim=(2, 3), keepdim=True)
    parts = (latents - mean, mean.expand_as(latents), torch.ones_like(latents[:, :1]))
    return torch.cat(parts, dim=1).permute(0, 2, 3, 1)


def _smooth_patterns(count: int, generator: torch.Generator) -> Tensor:
    """Draw pictures of soft coloured patches, shape (count, 3, side, side) in [-1, 1]."""
    coarse = torch.rand(count, 3, 4, 4, generator=generator) * 2 - 1
    smooth = torch.nn.functional.interpolate(coarse, size=(_PATTERN_SIDE_PX, _PATTERN_SIDE_PX), mode="bicubic")
    return smooth.clamp(-1, 1)


def _disturbance(latents: Tensor, generator: torch.Generator) -> Tensor:
    """Draw noise and a shift of every channel, as estimates from early steps have them."""
    noise = torch.randn(latents.shape, generator=generator) * _NOISE
    offset = torch.randn(latents.shape[:2], generator=generator)[:, :, None, None] * _OFFSET
    return (noise + offset).to(latents)
