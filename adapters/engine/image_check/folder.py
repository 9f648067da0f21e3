"""The classifier's folder, looked at without loading anything: as `transformers` saves a model for images."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from bot.ports.image_check import CheckState, CheckStatus

_FILES: Final = ("config.json", "preprocessor_config.json", "model.safetensors")
_KIND: Final = "ForImageClassification"


def state(folder: Path, labels: Collection[str]) -> CheckStatus:
    """Whether the classifier there can be used to look for `labels`; off where there is no such folder."""
    if not folder.is_dir():
        return CheckStatus(CheckState.OFF, f"there is no folder {folder}")
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        return _broken(f"{folder} has no {', no '.join(missing)}")
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        known = [str(label) for label in config.get("id2label", {}).values()]
        kinds = [str(kind) for kind in config.get("architectures") or []]
    except (OSError, ValueError, AttributeError) as error:
        return _broken(f"{folder / 'config.json'} can not be read: {error}")
    if not any(kind.endswith(_KIND) for kind in kinds):
        return _broken(f"{folder} holds no image classifier")
    wanted = [label for label in known if label.casefold() in folded(labels)]
    if not wanted:
        return _broken(f"the classifier in {folder} knows none of the flagged_labels, but {', '.join(known) or 'none'}")
    return CheckStatus(CheckState.READY, f"looks for {', '.join(wanted)}")


def folded(labels: Collection[str]) -> frozenset[str]:
    """Labels as they are compared: whatever their case."""
    return frozenset(label.casefold() for label in labels)


def _broken(reason: str) -> CheckStatus:
    return CheckStatus(CheckState.BROKEN, reason)
