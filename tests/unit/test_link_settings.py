"""Whether originals are linked is told by the configuration; the key lies in the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bootstrap import StartError, link_settings
from bot.config import Config, WebSection
from bot.places import places


def test_without_a_public_address_or_without_a_page_there_is_no_key(tmp_path: Path) -> None:
    for web in (WebSection(), WebSection(enabled=False, public_url="https://pictures.example.org")):
        config = Config(web=web)
        assert link_settings(config, places(config, tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_drawn_at_the_first_start_and_kept(tmp_path: Path) -> None:
    config = Config(web=WebSection(public_url="https://pictures.example.org/"))
    first, again = (link_settings(config, places(config, tmp_path)) for _ in range(2))
    assert first is not None
    assert first == again
    assert first.public_url == "https://pictures.example.org"
    assert first.key == (tmp_path / "data" / "links.key").read_bytes()
    assert len(first.key) == 32


def test_a_damaged_key_is_said_at_the_start(tmp_path: Path) -> None:
    config = Config(web=WebSection(public_url="https://pictures.example.org"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "links.key").write_bytes(b"short")
    with pytest.raises(StartError, match=r"links\.key. Delete that file"):
        link_settings(config, places(config, tmp_path))
