"""Where pictures and the toy model go on this machine."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The user's cache folder, where the bot's engine keeps the toy model unless configured otherwise."""
    return Path(platformdirs.user_cache_dir("uso-bot"))


def numbered(path: Path, count: int) -> list[Path]:
    """The names of `count` pictures: the path itself for one, else `name-1.png`, `name-2.png` and so on."""
    if count == 1:
        return [path]
    return [path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(1, count + 1)]


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that its name never stands for half of it, whatever interrupts; an old file is replaced."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
