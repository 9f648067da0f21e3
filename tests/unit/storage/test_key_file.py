"""The key of signed links: drawn once, kept, and readable by its owner only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from storage.key_file import KeyFileDamaged, load_key


def test_a_key_is_drawn_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "data" / "links.key"
    key = load_key(path, length=32)
    assert len(key) == 32
    assert load_key(path, length=32) == key
    assert load_key(tmp_path / "other.key", length=32) != key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["links.key"]


def test_a_restored_key_is_closed_to_others_again(tmp_path: Path) -> None:
    path = tmp_path / "links.key"
    path.write_bytes(b"k" * 32)
    path.chmod(0o644)
    assert load_key(path, length=32) == b"k" * 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"k" * 31, b"k" * 33])
def test_something_else_is_not_used_as_a_key(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "links.key"
    path.write_bytes(content)
    with pytest.raises(KeyFileDamaged, match=r"links\.key"):
        load_key(path, length=32)
    assert path.read_bytes() == content
