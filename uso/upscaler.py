"""Enlarging a picture to twice its sides with Swin2SR, tile by tile."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import torch
from accelerate import init_empty_weights
from PIL import Image
from torch import Tensor
from torch.nn import functional
from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution

from uso.checkpoint import find_checkpoint, open_checkpoint
from uso.components import Part, Placement
from uso.errors import GenerationStopped, WeightsError, WeightsProblem
from uso.layout import CONFIG_NAME, UPSCALER_FOLDER, read_json
from uso.mapping import identity_rules

FACTOR: Final = 2
MIN_SIDE_PX: Final = 16
TILE_PX: Final = 192
MARGIN_PX: Final = 32
"""A tile is looked at with so much of its surroundings on each side; what is drawn of those is thrown away."""

_PUBLISHED_LABEL: Final = "Swin2SR"
_SHIPPED_LABEL: Final = "Swin2SR small"
_SHIPPED: Final = "upscaler_data"


@dataclass(frozen=True, slots=True)
class TileDone:
    """One finished tile; `tile` counts from 1 to `tiles`."""

    tile: int
    tiles: int
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class _Tile:
    """A tile without its surroundings: its rows and columns in the picture, the last ones not included."""

    top: int
    bottom: int
    left: int
    right: int


class Upscaler:
    """A loaded Swin2SR; `revision` names exactly these weights, 16 hexadecimal digits."""

    def __init__(self, model: Any, *, label: str, revision: str) -> None:
        self._model = model
        self._window_px: int = model.config.window_size
        self._device = next(model.parameters()).device
        self.label = label
        self.revision = revision

    @torch.inference_mode()
    def __call__(
        self,
        picture: Image.Image,
        *,
        on_tile: Callable[[TileDone], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        tile_px: int = TILE_PX,
    ) -> Image.Image:
        """The RGB picture at twice its sides, at least 16 pixels each; `tile_px` is a multiple of 16.

        Raises `GenerationStopped` between two tiles once `should_stop` says so.
        """
        started = time.monotonic()
        source = self._mirrored(_tensor(picture))
        tiles = list(_tiles(picture.height, picture.width, tile_px))
        result = torch.empty(FACTOR * picture.height, FACTOR * picture.width, 3, dtype=torch.uint8)
        for number, tile in enumerate(tiles, start=1):
            if should_stop is not None and should_stop():
                raise GenerationStopped(number - 1, len(tiles))
            rows = slice(FACTOR * tile.top, FACTOR * tile.bottom)
            columns = slice(FACTOR * tile.left, FACTOR * tile.right)
            result[rows, columns] = self._enlarged(source, tile)
            if on_tile is not None:
                on_tile(TileDone(number, len(tiles), time.monotonic() - started))
        return Image.fromarray(result.numpy())

    def _mirrored(self, source: Tensor) -> Tensor:
        """The source continued by its mirror image: a window on all sides, and up to whole windows.

        So the outermost pixels have neighbours, and every tile is cut into the windows that the whole is cut into.
        """
        height, width = source.shape[-2:]
        window = self._window_px
        return functional.pad(source, (window, window + -width % window, window, window + -height % window), "reflect")

    def _enlarged(self, source: Tensor, tile: _Tile) -> Tensor:
        """The bytes of one tile, (height, width, 3), drawn with its surroundings."""
        rows, y = self._span(tile.top, tile.bottom, source.shape[-2])
        columns, x = self._span(tile.left, tile.right, source.shape[-1])
        drawn: Tensor = self._model(pixel_values=source[:, :, rows, columns].to(self._device)).reconstruction[0]
        height, width = FACTOR * (tile.bottom - tile.top), FACTOR * (tile.right - tile.left)
        kept = drawn[:, FACTOR * y : FACTOR * y + height, FACTOR * x : FACTOR * x + width]
        return (kept.float().clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).cpu()

    def _span(self, first: int, last: int, mirrored_px: int) -> tuple[slice, int]:
        """The part of the mirrored source to look at for these rows or columns, and where they begin in it."""
        begin = max(0, self._window_px + first - MARGIN_PX)
        return slice(begin, min(mirrored_px, self._window_px + last + MARGIN_PX)), self._window_px + first - begin


def load_upscaler(weights_folder: Path | None, device: torch.device | str) -> Upscaler:
    """Load the upscaler of a weights folder or, where it has none, the small one that ships with this package.

    It calculates in float32 also where the model does not: bfloat16 can not tell neighbouring 8-bit colours apart.
    Raises `WeightsError`.
    """
    if weights_folder is not None and (weights_folder / UPSCALER_FOLDER).exists():
        return _load(weights_folder / UPSCALER_FOLDER, _PUBLISHED_LABEL, device)
    with resources.as_file(resources.files("uso") / _SHIPPED) as folder:
        return _load(folder, _SHIPPED_LABEL, device)


def upscaler_part(folder: Path) -> Part:
    """Build Swin2SR from the config in a checkpoint's folder; raises `WeightsError` when it is no config for 2x."""
    file = folder / CONFIG_NAME
    content = read_json(file)
    try:
        config = Swin2SRConfig.from_dict(content)
        if config.upscale != FACTOR:
            raise ValueError(f"it enlarges {config.upscale} times, not {FACTOR} times")
        with init_empty_weights():
            model = Swin2SRForImageSuperResolution(config)
    except Exception as error:  # transformers raises many kinds for a config that makes no sense
        raise WeightsError(WeightsProblem.CONFIG_UNUSABLE, str(file), detail=str(error)) from error
    return Part(model, tuple(identity_rules(model)))


def _load(folder: Path, label: str, device: torch.device | str) -> Upscaler:
    model = Placement(device, torch.float32).fill(upscaler_part(folder), open_checkpoint(folder))
    return Upscaler(model, label=label, revision=_revision(folder))


def _revision(folder: Path) -> str:
    digest = hashlib.sha256((folder / CONFIG_NAME).read_bytes())
    for file in find_checkpoint(folder).files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _tensor(picture: Image.Image) -> Tensor:
    """The picture as (1, 3, height, width), 0 to 1."""
    rgb = picture.convert("RGB")
    flat = torch.frombuffer(bytearray(rgb.tobytes()), dtype=torch.uint8)
    return (flat.view(rgb.height, rgb.width, 3).permute(2, 0, 1).float() / 255).unsqueeze(0)


def _tiles(height: int, width: int, tile_px: int) -> Iterator[_Tile]:
    for top in range(0, height, tile_px):
        for left in range(0, width, tile_px):
            yield _Tile(top, min(height, top + tile_px), left, min(width, left + tile_px))
