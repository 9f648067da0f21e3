"""The first lines an operator reads: what is missing and how to add it, and where the page is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Missing:
    """What the bot has to do without."""

    tokens: bool
    weights: bool


def has_gpu() -> bool:
    """Whether an NVIDIA driver is installed; asks nothing of it, and imports nothing heavy."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def greeting(missing: Missing, *, page: str | None) -> str:
    """One line for each missing thing, then the page's address."""
    lines = []
    if missing.tokens:
        lines.append("No chat yet: `uso-bot init` asks for the tokens (README, “Tokens”); then start again.")
    if missing.weights:
        lines.append(
            "No weights: a toy model stands in; get the real ones with `uso-bot weights download` (README, “Weights”)."
        )
    if not has_gpu():
        lines.append("No GPU: the processor draws; real weights want an NVIDIA card with 24 GB (README, “GPU”).")
    if page:
        lines.append(f"USO Bot is ready at {page}")
    return "".join(line + "\n" for line in lines)
