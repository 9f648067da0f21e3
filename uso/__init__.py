"""USO (Unified Style and Subject-Driven Generation) as a diffusers pipeline: `from uso import UsoPipeline`.

Names are imported when first used, so that parameters and errors can be had without torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from uso.known_noise import silence_known_noise

if TYPE_CHECKING:
    from uso.conversion import convert
    from uso.disk_cache import DiskCache
    from uso.errors import (
        GenerationStopped,
        InvalidReason,
        InvalidRequest,
        ProfileError,
        UsoError,
        WeightsError,
        WeightsProblem,
    )
    from uso.params import GenerationParams, Mode, derive_mode, validate
    from uso.pipeline import UsoPipeline
    from uso.profiles import Profile, ProfileName
    from uso.progress import StepInfo, UsoOutput
    from uso.toy import build_toy_weights

_HOME = {
    "DiskCache": "uso.disk_cache",
    "GenerationParams": "uso.params",
    "GenerationStopped": "uso.errors",
    "InvalidReason": "uso.errors",
    "InvalidRequest": "uso.errors",
    "Mode": "uso.params",
    "Profile": "uso.profiles",
    "ProfileError": "uso.errors",
    "ProfileName": "uso.profiles",
    "StepInfo": "uso.progress",
    "UsoError": "uso.errors",
    "UsoOutput": "uso.progress",
    "UsoPipeline": "uso.pipeline",
    "WeightsError": "uso.errors",
    "WeightsProblem": "uso.errors",
    "build_toy_weights": "uso.toy",
    "convert": "uso.conversion",
    "derive_mode": "uso.params",
    "validate": "uso.params",
}

__all__ = [
    "DiskCache",
    "GenerationParams",
    "GenerationStopped",
    "InvalidReason",
    "InvalidRequest",
    "Mode",
    "Profile",
    "ProfileError",
    "ProfileName",
    "StepInfo",
    "UsoError",
    "UsoOutput",
    "UsoPipeline",
    "WeightsError",
    "WeightsProblem",
    "build_toy_weights",
    "convert",
    "derive_mode",
    "validate",
]

# Here, because importing any module of this package comes by here before it imports diffusers.
silence_known_noise()


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'uso' has no attribute {name!r}")
