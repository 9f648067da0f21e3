"""The machine: Python, memory and disk."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil

from bot.config.env_file import ENV_FILE
from bot.doctor.findings import Finding, failure, ok, warning

_OLDEST: Final = (3, 11)
_GIB: Final = 2**30
_LEAST_MEMORY_BYTES: Final = 2 * _GIB
_MODEL_MEMORY_BYTES: Final = 24 * _GIB
_LEAST_DISK_BYTES: Final = _GIB
_GOOD_DISK_BYTES: Final = 5 * _GIB
WEIGHTS_BYTES: Final = 40_000_000_000
"""About what the published files take."""


def python() -> Finding:
    """The interpreter."""
    detail = f"Python {sys.version.split()[0]} at {sys.executable}"
    if sys.version_info < _OLDEST:
        return failure("python", detail, "Install Python 3.11 or newer and make the environment anew.")
    return ok("python", detail)


def memory(*, has_weights: bool) -> Finding:
    """The machine's memory; loading the real model reads its files through it."""
    seen = psutil.virtual_memory()
    detail = f"{_size(seen.available)} of {_size(seen.total)} available"
    if seen.available < _LEAST_MEMORY_BYTES:
        return warning(
            "memory", detail, "Close other programs; below 2 GiB even the toy model may be ended by the system."
        )
    if has_weights and seen.total < _MODEL_MEMORY_BYTES:
        return warning(
            "memory", detail, "The real model loads through memory: 24 GiB or more are advised, or add swap."
        )
    return ok("memory", detail)


def disks(data: Path, weights: Path, *, has_weights: bool) -> Iterator[Finding]:
    """Room for pictures, and for weights that are still to come."""
    free = shutil.disk_usage(_existing(data)).free
    detail = f"{_size(free)} free for pictures and the database at {data}"
    if not os.access(_existing(data), os.W_OK | os.X_OK):
        yield failure("disk", f"{data} can not be written to", "Give that folder to the account that runs the bot.")
    elif free < _LEAST_DISK_BYTES:
        yield failure("disk", detail, "Make room, or name another folder under [storage].")
    elif free < _GOOD_DISK_BYTES:
        yield warning("disk", detail, "Make room, or let [retention] remove old pictures.")
    else:
        yield ok("disk", detail)
    if not has_weights and shutil.disk_usage(_existing(weights)).free < WEIGHTS_BYTES:
        free = shutil.disk_usage(_existing(weights)).free
        remedy = "The weights take 40 GB: make room, or name another folder by weights_folder under [engine]."
        yield warning("disk for weights", f"{_size(free)} free at {weights}", remedy)


def env_file(folder: Path) -> Iterator[Finding]:
    """Whether others on this machine can read the tokens."""
    path = folder / ENV_FILE
    if os.name == "posix" and path.is_file() and path.stat().st_mode & 0o077:
        yield warning("tokens file", f"{path} can be read by others on this machine", f"chmod 600 {path}")


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def _size(size_bytes: float) -> str:
    return f"{size_bytes / _GIB:.1f} GiB"
