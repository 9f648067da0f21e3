"""The ranges a chat request may use (product rules; the model itself accepts more)."""

from __future__ import annotations

from dataclasses import dataclass

SIZE_MULTIPLE_PX = 16
SEED_MAX = 2**32 - 1
DRAW_SEED = -1
UPSCALE_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Ranges and caps; every bound is inclusive. `upscaled` is the picture before it is enlarged."""

    prompt_chars: int = 2000
    min_side_px: int = 512
    max_side_px: int = 1536
    max_steps: int = 50
    min_guidance: float = 1.0
    max_guidance: float = 5.0
    max_subject_size_px: int = 1024
    max_count: int = 4
    max_styles: int = 2
    max_file_bytes: int = 20 * 1024 * 1024
    max_decoded_pixels: int = 40_000_000
    min_upscaled_side_px: int = 16
    max_upscaled_side_px: int = 4096
    max_upscaled_pixels: int = 1536 * 1536
    max_waiting_jobs: int = 10
