"""A cheap look at unfinished latents: a linear map from latents to colours, fitted to the loaded VAE."""

from __future__ import annotations

from typing import Any

import torch
from PIL import Image
from torch import Tensor

_FIT_SIDE_PX = 128
_FIT_PATTERNS = 6
_FIT_NOISE = 0.3


class LatentPreview:
    """Draws latents through one 16-to-3 linear map, which costs nothing beside a step on any model size."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self._weight = weight
        self._bias = bias

    def draw(self, latents: Tensor, max_side_px: int) -> Image.Image:
        """Draw latents of shape (1, channels, height, width), fitted into a square of `max_side_px`.

        Never larger than the finished picture, which has 8 pixels to a latent.
        """
        colours = torch.einsum("chw,rc->hwr", latents[0].float().cpu(), self._weight) + self._bias
        pixels = colours.add(1).mul(127.5).clamp(0, 255).to(torch.uint8).contiguous()
        height, width = pixels.shape[:2]
        picture = Image.frombytes("RGB", (width, height), pixels.numpy().tobytes())
        scale = min(max_side_px / max(width, height), 8)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        return picture.resize(size, Image.Resampling.BICUBIC)


@torch.no_grad()
def fit_preview(vae: Any) -> LatentPreview:
    """Fit the map by least squares: encoded colour patterns plus noise against their average-pooled decodings.

    Takes the latents at the scale the transformer sees. Seeded, so the same VAE always gives the same map.
    """
    generator = torch.Generator(device="cpu").manual_seed(0)
    patterns = torch.cat([_smooth_pattern(generator) for _ in range(_FIT_PATTERNS)])
    shift, scale = vae.config.shift_factor, vae.config.scaling_factor
    encoded = (vae.encode(patterns.to(vae.device, vae.dtype)).latent_dist.mode() - shift) * scale
    noise = torch.randn(encoded.shape, generator=generator).to(encoded) * _FIT_NOISE
    latents = torch.cat([encoded, encoded + noise, noise])
    decoded = torch.cat([vae.decode(one[None] / scale + shift).sample for one in latents])
    targets = torch.nn.functional.avg_pool2d(decoded.float(), 8).clamp(-1, 1)
    inputs = latents.float().permute(0, 2, 3, 1).reshape(-1, latents.shape[1]).double().cpu()
    wanted = targets.permute(0, 2, 3, 1).reshape(-1, 3).double().cpu()
    with_bias = torch.cat([inputs, torch.ones(len(inputs), 1, dtype=torch.float64)], dim=1)
    # "gelsd" also answers when a toy VAE leaves a channel unused.
    solution = torch.linalg.lstsq(with_bias, wanted, driver="gelsd").solution.float()
    return LatentPreview(solution[:-1].T.contiguous(), solution[-1])


def _smooth_pattern(generator: torch.Generator) -> Tensor:
    """Draw one picture of soft coloured patches, shape (1, 3, side, side) in [-1, 1]."""
    coarse = torch.rand(1, 3, 4, 4, generator=generator) * 2 - 1
    smooth = torch.nn.functional.interpolate(coarse, size=(_FIT_SIDE_PX, _FIT_SIDE_PX), mode="bicubic")
    return smooth.clamp(-1, 1)
