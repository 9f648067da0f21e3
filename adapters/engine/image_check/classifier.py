"""The classifier itself: pixels as its folder says, then one pass on the processor."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Self

import torch
from PIL import Image
from transformers import AutoModelForImageClassification

from adapters.engine.image_check.folder import folded


class Classifier:
    """A loaded model and how its pictures are made ready; the library's own way wants torchvision."""

    def __init__(self, model: Any, preparation: dict[str, Any], labels: Collection[str]) -> None:
        self._model = model
        self._preparation = preparation
        self._flagged = [
            int(number) for number, label in model.config.id2label.items() if label.casefold() in folded(labels)
        ]

    @classmethod
    def load(cls, folder: Path, labels: Collection[str]) -> Self:
        """Load from local files only. Raises what the library raises."""
        preparation = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
        model = AutoModelForImageClassification.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        return cls(model.eval(), preparation, labels)

    def probability(self, encoded: bytes) -> float:
        """How likely one of the flagged labels is, 0 to 1. Raises what Pillow raises for what is no picture."""
        with Image.open(io.BytesIO(encoded), formats=("PNG", "JPEG", "WEBP")) as opened:
            pixels = self._pixels(opened.convert("RGB"))
        with torch.inference_mode():
            probabilities = self._model(pixel_values=pixels).logits.softmax(dim=-1)[0]
        return float(probabilities[self._flagged].sum())

    def _pixels(self, picture: Image.Image) -> torch.Tensor:
        """Shape (1, 3, height, width), scaled and normalised."""
        told = self._preparation
        fitted = _fitted(picture, told.get("size", 224), told.get("crop_size"))
        values = torch.frombuffer(bytearray(fitted.tobytes()), dtype=torch.uint8)
        pixels: torch.Tensor = values.reshape(fitted.height, fitted.width, 3).permute(2, 0, 1).float()
        pixels = pixels * told.get("rescale_factor", 1 / 255)
        if told.get("do_normalize", True):
            mean, std = (torch.tensor(told.get(name, [0.5] * 3)) for name in ("image_mean", "image_std"))
            pixels = (pixels - mean[:, None, None]) / std[:, None, None]
        return pixels.unsqueeze(0)


def _fitted(picture: Image.Image, size: Any, crop: Any) -> Image.Image:
    """Resized to a size, or to a shortest edge and cropped around the middle."""
    if isinstance(size, int):
        size = {"height": size, "width": size}
    if "shortest_edge" not in size:
        return picture.resize((size["width"], size["height"]), Image.Resampling.BILINEAR)
    edge = size["shortest_edge"]
    scale = edge / min(picture.size)
    scaled = picture.resize((max(edge, round(picture.width * scale)), max(edge, round(picture.height * scale))))
    width, height = (edge, edge) if crop is None else _sides(crop)
    left, top = (scaled.width - width) // 2, (scaled.height - height) // 2
    return scaled.crop((left, top, left + width, top + height))


def _sides(crop: Any) -> tuple[int, int]:
    return (crop, crop) if isinstance(crop, int) else (crop["width"], crop["height"])
