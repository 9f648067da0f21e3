"""When memory runs out: how to tell, how to get some back, and how to decode with less of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import torch

# Torch has no exception of its own for a CPU, and cuBLAS and the driver report theirs by words, too.
_WORDS: Final = ("can't allocate memory", "CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
_PIXELS_PER_LATENT: Final = 8
# A quarter of a tile overlaps the next one; only multiples of this keep pixels and latents in step.
_TILE_MULTIPLE: Final = 4


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the error says that an allocation failed, on the device or in the machine."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _WORDS)


def free_memory(device: torch.device) -> None:
    """Give back what nobody holds any more; call it outside of `except`, whose traceback holds the failed work."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


@contextmanager
def decoding_in_tiles(vae: Any, height: int, width: int) -> Iterator[None]:
    """Have latents of this height and width decoded in overlapping tiles of half their longer side.

    That takes about a quarter of the memory, and nearly the same pixels come out: each tile is normalised by itself.
    diffusers' own tile is as large as a picture of a megapixel, so its switch alone would change nothing.
    """
    tile = -(-max(height, width) // (2 * _TILE_MULTIPLE)) * _TILE_MULTIPLE
    names = ("tile_latent_min_size", "tile_sample_min_size", "use_tiling", "use_slicing")
    before = {name: getattr(vae, name) for name in names}
    try:
        for name, value in zip(names, (tile, tile * _PIXELS_PER_LATENT, True, True), strict=True):
            setattr(vae, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(vae, name, value)
