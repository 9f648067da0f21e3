"""A weights folder made into a pipeline, part by part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from uso import components
from uso.checkpoint import open_checkpoint
from uso.components import Placement
from uso.layout import WeightsFiles, locate
from uso.lora import merge_lora
from uso.revision import model_revision
from uso.schedule import build_scheduler

# The parts in loading order, with the share of the work each one is at full size (by bytes read).
_STAGES = {
    "transformer": 0.66,
    "vae": 0.01,
    "text_encoder": 0.01,
    "text_encoder_2": 0.24,
    "image_encoder": 0.02,
    "style_projector": 0.01,
    "lora": 0.05,
}


class Loadable(Protocol):
    """What loading settles on a pipeline once its parts are in place."""

    model_revision: str
    is_toy: bool


P = TypeVar("P", bound=Loadable)


class StageReport:
    """Tells a listener which part is being loaded and what fraction is done."""

    def __init__(self, listener: Callable[[str, float], None] | None) -> None:
        self._listener = listener
        self._done = 0.0

    def begin(self, stage: str) -> None:
        """Say that a stage begins; the ones before it are done."""
        names = list(_STAGES)
        self._done = sum(_STAGES[name] for name in names[: names.index(stage)])
        self._tell(stage, self._done)

    def finish(self) -> None:
        self._tell("ready", 1.0)

    def _tell(self, stage: str, fraction: float) -> None:
        if self._listener is not None:
            self._listener(stage, fraction)


def load_pipeline(
    make: Callable[..., P],
    folder: Path,
    *,
    device: str | torch.device,
    dtype: torch.dtype | None,
    on_stage: Callable[[str, float], None] | None,
) -> P:
    """Load every part strictly, `make` the pipeline of them, then merge the LoRA where it is not merged yet.

    `dtype` None keeps the stored types.
    """
    files = locate(folder)
    report = StageReport(on_stage)
    pipeline = make(**_load_parts(files, Placement(device, dtype), report))
    if files.lora is not None:
        report.begin("lora")
        merge_lora(pipeline, open_checkpoint(files.lora), dtype=dtype)
    pipeline.model_revision = model_revision(files)
    pipeline.is_toy = pipeline.is_toy or is_marked_toy(files)
    report.finish()
    return pipeline


def is_marked_toy(files: WeightsFiles) -> bool:
    """Tell whether the folder says of itself that it holds the toy model."""
    return bool(files.config.get("toy") or files.manifest.get("toy"))


def _load_parts(files: WeightsFiles, placement: Placement, report: StageReport) -> dict[str, Any]:
    parts: dict[str, Any] = {"scheduler": build_scheduler()}
    parts["tokenizer"], parts["tokenizer_2"] = components.load_tokenizers(files)
    parts["feature_extractor"] = components.load_feature_extractor(files)
    for name in components.PARTS:
        report.begin(name)
        parts[name] = components.load_part(name, files, placement)
    report.begin("style_projector")
    parts["style_projector"] = components.load_style_projector(
        files, placement, siglip=parts["image_encoder"], transformer=parts["transformer"]
    )
    return parts
