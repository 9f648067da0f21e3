"""A weights folder rewritten once into the form that starts fast: diffusers folders, LoRA merged, no hub access."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from transformers.utils import logging as transformers_logging

from uso.layout import MANIFEST_NAME, UPSCALER_FOLDER, locate
from uso.loading import is_marked_toy, load_as_stored
from uso.pipeline import UsoPipeline

_FORMAT = 1
_WEIGHTS_NAME = "diffusion_pytorch_model.safetensors"


def convert(
    source: str | Path,
    target: str | Path,
    *,
    on_stage: Callable[[str, float], None] | None = None,
) -> None:
    """Write `source` to `target` as a converted folder, which `UsoPipeline.from_weights` then maps into memory.

    Every part keeps the type that it is stored in. The manifest carries the source's model revision, so pictures and
    caches stay the same model's. Built beside the target and moved into place whole; raises `FileExistsError` when the
    target is there already, `WeightsError` when the source is not whole.
    """
    source, target = Path(source), Path(target).absolute()
    if target.exists():
        raise FileExistsError(str(target))
    pipeline = load_as_stored(UsoPipeline, source, on_stage=_first_half(on_stage))
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write_parts(pipeline, building, on_stage)
        if (upscaler := source / UPSCALER_FOLDER).is_dir():
            shutil.copytree(upscaler, building / UPSCALER_FOLDER)
        manifest = {
            "format": _FORMAT,
            "model_revision": pipeline.model_revision,
            "toy": is_marked_toy(locate(source)),
        }
        (building / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        building.chmod(0o755)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    if on_stage is not None:
        on_stage("ready", 1.0)


def _first_half(on_stage: Callable[[str, float], None] | None) -> Callable[[str, float], None] | None:
    if on_stage is None:
        return None

    def report(stage: str, fraction: float) -> None:
        if stage != "ready":
            on_stage(stage, fraction / 2)

    return report


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    """Keep transformers from drawing bars of its own beside the caller's."""
    were_on = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if were_on:
            transformers_logging.enable_progress_bar()


def _write_parts(pipeline: Any, folder: Path, on_stage: Callable[[str, float], None] | None) -> None:
    parts = [name for name in pipeline.components if name != "style_projector"]
    for done, name in enumerate(parts):
        if on_stage is not None:
            on_stage(f"write {name}", 0.5 + 0.5 * done / len(parts))
        with _without_progress_bars():
            getattr(pipeline, name).save_pretrained(str(folder / name))
    (folder / "style_projector").mkdir()
    tensors = {name: tensor.contiguous() for name, tensor in pipeline.style_projector.state_dict().items()}
    save_file(tensors, folder / "style_projector" / _WEIGHTS_NAME)
