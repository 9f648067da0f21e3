"""Where a weights folder keeps each part, in any of the layouts people have (no torch here)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from uso.errors import WeightsError, WeightsProblem

MANIFEST_NAME = "uso.json"
CONFIG_NAME = "config.json"
UPSCALER_FOLDER = "upscaler"
_USO_FOLDER = "USO/uso_flux_v1.0"


class Layout(Enum):
    """How the FLUX part is stored: the published single files, diffusers folders, or our own converted folder."""

    PUBLISHED = "published"
    DIFFUSERS = "diffusers"
    CONVERTED = "converted"


@dataclass(frozen=True)
class WeightsFiles:
    """Every part's place: a file, or a folder holding one checkpoint; `lora` is None where it is merged already."""

    folder: Path
    layout: Layout
    transformer: Path
    vae: Path
    text_encoder: Path
    tokenizer: Path
    text_encoder_2: Path
    tokenizer_2: Path
    image_encoder: Path
    feature_extractor: Path
    style_projector: Path
    lora: Path | None
    config: dict[str, Any]
    manifest: dict[str, Any]


# Each part's possible places below the folder, the preferred first.
CANDIDATES: dict[str, tuple[str, ...]] = {
    "transformer": (
        "FLUX.1-dev/flux1-dev.safetensors",
        "flux1-dev.safetensors",
        "FLUX.1-dev/transformer",
        "transformer",
    ),
    "vae": ("FLUX.1-dev/ae.safetensors", "ae.safetensors", "FLUX.1-dev/vae", "vae"),
    "text_encoder": ("clip-vit-l14", "FLUX.1-dev/text_encoder", "text_encoder"),
    "tokenizer": ("clip-vit-l14", "FLUX.1-dev/tokenizer", "tokenizer"),
    "text_encoder_2": ("t5-xxl", "FLUX.1-dev/text_encoder_2", "text_encoder_2"),
    "tokenizer_2": ("t5-xxl", "FLUX.1-dev/tokenizer_2", "tokenizer_2"),
    "image_encoder": ("siglip",),
    "feature_extractor": ("siglip",),
    "style_projector": (f"{_USO_FOLDER}/projector.safetensors", "uso_flux_v1.0/projector.safetensors"),
    "lora": (f"{_USO_FOLDER}/dit_lora.safetensors", "uso_flux_v1.0/dit_lora.safetensors"),
}


def locate(folder: Path) -> WeightsFiles:
    """Find every part of a weights folder; raises `WeightsError` naming the first part that is not there."""
    if not folder.is_dir():
        raise WeightsError(WeightsProblem.FILE_MISSING, str(folder))
    if (folder / MANIFEST_NAME).is_file():
        return _locate_converted(folder)
    found = {part: _first_existing(folder, candidates) for part, candidates in CANDIDATES.items()}
    config = read_json(folder / CONFIG_NAME) if (folder / CONFIG_NAME).is_file() else {}
    layout = Layout.PUBLISHED if found["transformer"].is_file() else Layout.DIFFUSERS
    return WeightsFiles(folder=folder, layout=layout, config=config, manifest={}, **found)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises `WeightsError` when it is missing or not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WeightsError(WeightsProblem.FILE_MISSING, str(path)) from error
    except (OSError, ValueError) as error:
        raise WeightsError(WeightsProblem.FILE_DAMAGED, str(path), detail=str(error)) from error
    if not isinstance(content, dict):
        raise WeightsError(WeightsProblem.FILE_DAMAGED, str(path), detail="not a JSON object")
    return content


def _locate_converted(folder: Path) -> WeightsFiles:
    parts = [part for part in CANDIDATES if part != "lora"]
    found = {part: _first_existing(folder, (part,)) for part in parts}
    manifest = read_json(folder / MANIFEST_NAME)
    if not isinstance(manifest.get("model_revision"), str):
        raise WeightsError(WeightsProblem.FILE_DAMAGED, str(folder / MANIFEST_NAME), detail="it has no model_revision")
    return WeightsFiles(folder=folder, layout=Layout.CONVERTED, config={}, manifest=manifest, lora=None, **found)


def _first_existing(folder: Path, candidates: tuple[str, ...]) -> Path:
    for candidate in candidates:
        if (folder / candidate).exists():
            return folder / candidate
    raise WeightsError(WeightsProblem.FILE_MISSING, str(folder / candidates[0]))
