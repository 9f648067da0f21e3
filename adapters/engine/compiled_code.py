"""Where compiled kernels are kept, so that only the first start compiles (no torch here)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_VARIABLE: Final = "TORCHINDUCTOR_CACHE_DIR"
_FOLDER: Final = "compiled"


def keep_compiled_code(cache_folder: Path) -> Path:
    """Have torch keep what it compiles in the cache folder; tells the folder. To be called before torch is imported.

    Torch itself names entries by code, shapes, settings, card and version, so nothing stale is used. Whoever sets the
    variable themselves is listened to.
    """
    return Path(os.environ.setdefault(_VARIABLE, str(cache_folder.absolute() / _FOLDER)))
