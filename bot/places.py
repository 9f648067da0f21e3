"""Where things are: folders and addresses, as the configuration says and relative to its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from bot.config import Config
from storage.folder_lock import FolderLock

LOCK_FILE: Final = "uso-bot.lock"
"""In the data folder; whoever holds it is the one bot that works there."""
_NO_MODEL: Final = frozenset({"upscaler", "image-check"})
_SQLITE_FILES: Final = ("sqlite+aiosqlite:///", "sqlite:///")


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and addresses with relative paths made absolute."""

    database_url: str
    folder: Path
    weights_folder: Path | None
    cache_folder: Path
    image_check_folder: Path


def places(config: Config, base: Path) -> Places:
    """Resolve the paths of `config` against the folder of its file."""
    url = config.storage.database_url
    for prefix in _SQLITE_FILES:
        if url.startswith(prefix) and ":memory:" not in url:
            url = prefix + str((base / url.removeprefix(prefix)).resolve())
    weights = (base / config.engine.weights_folder).resolve() if config.engine.weights_folder else None
    cache = config.engine.cache_folder
    return Places(
        database_url=url,
        folder=(base / config.storage.folder).resolve(),
        weights_folder=weights if weights is not None and _holds_model(weights) else None,
        image_check_folder=(base / config.moderation.image_check_folder).resolve(),
        cache_folder=(base / cache).resolve() if cache else Path(platformdirs.user_cache_dir("uso-bot")),
    )


def _holds_model(weights: Path) -> bool:
    """Whether there is anything of the model: an empty folder is a volume that waits, and others are no model yet."""
    return weights.is_dir() and any(path.name not in _NO_MODEL for path in weights.iterdir())


def pictures_folder(at: Places) -> Path:
    """Where pictures are stored, by content."""
    return at.folder / "pictures"


def pictures_lock(at: Places) -> FolderLock:
    """What the bot and the command line hold while pictures and the rows that name them come or go."""
    return FolderLock(at.folder / "pictures.lock")


def style_cache_folder(at: Places) -> Path:
    """Where the engine keeps style tokens, and privacy looks for them."""
    return at.folder / "style-tokens"
