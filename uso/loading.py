"""A weights folder made into a pipeline, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch

from uso import components
from uso.checkpoint import open_checkpoint
from uso.components import Placement
from uso.layout import WeightsFiles, locate
from uso.lora import merge_lora
from uso.profiles import Profile, choose
from uso.revision import model_revision
from uso.running import card_facts, make_ready, staged_parts
from uso.schedule import build_scheduler

# What is done in its order, with the share of the work each one is at full size (by bytes read or written).
_STAGES = {
    "transformer": 0.46,
    "vae": 0.01,
    "text_encoder": 0.01,
    "text_encoder_2": 0.20,
    "image_encoder": 0.02,
    "style_projector": 0.01,
    "lora": 0.09,
    "quantize": 0.18,
    "offload": 0.02,
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
    profile: Profile | str,
    on_stage: Callable[[str, float], None] | None,
    backend: str = "inductor",
) -> P:
    """Load every part strictly, `make` the pipeline of them, merge the LoRA, then bring it into the profile's form.

    Raises `WeightsError`, or `ProfileError` for a profile that the device cannot do.
    """
    files = locate(folder)
    device = torch.device(device)
    if not isinstance(profile, Profile):
        profile = choose(profile, card_facts(device), is_toy=is_marked_toy(files))
    report = StageReport(on_stage)
    dtype: torch.dtype = getattr(torch, profile.dtype)
    places = {name: Placement("cpu", dtype, is_staging=device.type != "cpu") for name in staged_parts(profile)}
    pipeline = _load_merged(make, files, places, Placement(device, dtype), report)
    make_ready(pipeline, profile, device, begin_stage=report.begin, backend=backend)
    report.finish()
    return pipeline


def load_as_stored(make: Callable[..., P], folder: Path, *, on_stage: Callable[[str, float], None] | None) -> P:
    """Load every part in the type that it is stored in, on the processor, LoRA merged; nothing is done for speed."""
    report = StageReport(on_stage)
    pipeline = _load_merged(make, locate(folder), {}, Placement("cpu", None), report)
    report.finish()
    return pipeline


def _load_merged(
    make: Callable[..., P], files: WeightsFiles, places: Mapping[str, Placement], place: Placement, report: StageReport
) -> P:
    """Load each part to its place of `places`, the others to `place`."""
    pipeline = make(**_load_parts(files, places, place, report))
    if files.lora is not None:
        report.begin("lora")
        merge_lora(pipeline, open_checkpoint(files.lora), dtype=place.dtype)
    pipeline.model_revision = model_revision(files)
    pipeline.is_toy = pipeline.is_toy or is_marked_toy(files)
    return pipeline


def is_marked_toy(files: WeightsFiles) -> bool:
    """Tell whether the folder says of itself that it holds the toy model."""
    return bool(files.config.get("toy") or files.manifest.get("toy"))


def _load_parts(
    files: WeightsFiles, places: Mapping[str, Placement], place: Placement, report: StageReport
) -> dict[str, Any]:
    parts: dict[str, Any] = {"scheduler": build_scheduler()}
    parts["tokenizer"], parts["tokenizer_2"] = components.load_tokenizers(files)
    parts["feature_extractor"] = components.load_feature_extractor(files)
    for name in components.PARTS:
        report.begin(name)
        parts[name] = components.load_part(name, files, places.get(name, place))
    report.begin("style_projector")
    parts["style_projector"] = components.load_style_projector(
        files, place, siglip=parts["image_encoder"], transformer=parts["transformer"]
    )
    return parts
