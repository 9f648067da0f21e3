"""Where things are, as the configuration says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config
from bot.places import places


@pytest.mark.parametrize(
    ("files", "is_model"),
    [([], False), (["upscaler/config.json", "image-check/config.json"], False), (["FLUX.1-dev/ae.safetensors"], True)],
)
def test_a_folder_without_a_model_in_it_counts_as_none(tmp_path: Path, files: list[str], is_model: bool) -> None:
    assert places(Config(), tmp_path).weights_folder is None
    (tmp_path / "weights").mkdir()
    for name in files:
        (tmp_path / "weights" / name).parent.mkdir(parents=True)
        (tmp_path / "weights" / name).write_bytes(b"x")
    assert places(Config(), tmp_path).weights_folder == (tmp_path / "weights" if is_model else None)


def test_relative_paths_start_at_the_file_and_absolute_ones_stay(tmp_path: Path) -> None:
    storage = Config().storage.model_copy(update={"database_url": "sqlite:////srv/bot.db"})
    at = places(Config().model_copy(update={"storage": storage}), tmp_path)
    assert at.folder == tmp_path / "data"
    assert at.database_url == "sqlite:////srv/bot.db"
    assert places(Config(), tmp_path).database_url == f"sqlite+aiosqlite:///{tmp_path / 'data/uso-bot.sqlite3'}"
