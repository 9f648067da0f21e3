"""What is seen of the weights folder from outside: whether anything in it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FolderPrint = tuple[tuple[str, int, int], ...]


def folder_print(folder: Path | None) -> FolderPrint:
    """Names, sizes and times of all files below `folder`: differs once somebody repairs or completes it."""
    if folder is None:
        return ()
    try:
        stats = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    except OSError:
        return ()  # being changed this very moment
    return tuple((str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns) for path, stat in stats)
