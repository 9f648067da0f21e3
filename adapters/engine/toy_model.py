"""The toy model in a cache folder, shared by the engine and the commands: built when it is missing or unusable."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from uso.errors import WeightsError
from uso.pipeline import UsoPipeline
from uso.toy import build_toy_weights

log = logging.getLogger(__name__)

_SEED: Final = 0


def load_toy(cache_folder: Path, load: Callable[[Path], UsoPipeline]) -> UsoPipeline:
    """Load the toy model with `load`, building it first where it has to be; raises what the second `load` raises."""
    toy = cache_folder / f"toy-{_SEED}"
    if toy.is_dir():
        try:
            return load(toy)
        except WeightsError as error:
            # Made by another version, or damaged: it is ours, and made again in a second.
            log.warning("the toy model in %s is built anew: %s", toy, error)
    build_toy_weights(toy, seed=_SEED)
    return load(toy)
