"""What the picture files look like on disk, and what is left when writing goes wrong."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.ports.images import PictureMissing
from storage.image_store import FolderImageStore

DATA = b"\x89PNG\r\n" + bytes(range(256)) * 400
HASH = hashlib.sha256(DATA).hexdigest()


def files_in(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


async def test_the_same_bytes_twice_are_one_file_in_the_folder_of_their_first_digits(tmp_path: Path) -> None:
    store = FolderImageStore(tmp_path / "new" / "pictures")
    for _ in range(2):
        assert await store.put(DATA) == HASH
    other = await store.put(DATA + b"!")

    assert files_in(tmp_path / "new" / "pictures") == sorted(
        [Path(HASH[:2], HASH), Path(other[:2], other)],
    )
    assert (tmp_path / "new" / "pictures" / HASH[:2] / HASH).read_bytes() == DATA


async def test_pictures_outlive_the_store(tmp_path: Path) -> None:
    await FolderImageStore(tmp_path).put(DATA)
    assert await FolderImageStore(tmp_path).get(HASH) == DATA


async def test_opening_removes_what_an_interrupted_write_left_and_nothing_else(tmp_path: Path) -> None:
    store = FolderImageStore(tmp_path)
    await store.put(DATA)
    (tmp_path / HASH[:2] / ".incoming-abc123").write_bytes(DATA[:100])
    (tmp_path / "zz").mkdir()
    (tmp_path / "zz" / ".incoming-def456").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("mine")

    reopened = FolderImageStore(tmp_path)

    assert files_in(tmp_path) == sorted([Path(HASH[:2], HASH), Path("notes.txt")])
    assert await reopened.get(HASH) == DATA


async def test_a_guest_leaves_alone_what_another_process_is_writing(tmp_path: Path) -> None:
    await FolderImageStore(tmp_path).put(DATA)
    half = tmp_path / HASH[:2] / ".incoming-abc123"
    half.write_bytes(DATA[:100])
    guest = FolderImageStore(tmp_path, is_guest=True)
    assert half.is_file()
    assert [file.picture async for files in guest.files() for file in files] == [HASH]


async def test_a_file_that_lost_its_end_is_written_anew(tmp_path: Path) -> None:
    store = FolderImageStore(tmp_path)
    await store.put(DATA)
    os.truncate(tmp_path / HASH[:2] / HASH, 100)

    assert await store.put(DATA) == HASH
    assert await store.get(HASH) == DATA


@contextmanager
def file_size_limit(size_bytes: int) -> Iterator[None]:
    """Let the operating system refuse longer files, as a full disk would."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_write_that_fails_halfway_leaves_no_file(tmp_path: Path) -> None:
    store = FolderImageStore(tmp_path)

    with file_size_limit(len(DATA) // 2), pytest.raises(OSError, match="large"):
        await store.put(DATA)

    assert files_in(tmp_path) == []
    assert not await store.exists(HASH)
    assert await store.put(DATA) == HASH
    assert await store.get(HASH) == DATA


async def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"not a picture")
    store = FolderImageStore(tmp_path / "pictures")

    for name in ("../secret", "../../secret", str(secret), "..", "ab/../../secret"):
        assert not await store.exists(name)
        with pytest.raises(PictureMissing):
            await store.get(name)
        await store.delete(name)

    assert secret.read_bytes() == b"not a picture"
