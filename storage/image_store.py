"""Picture files on disk, named by the hash of their bytes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from pathlib import Path

from bot.domain.requests import PictureHash
from bot.ports.images import PictureMissing

_HASH = re.compile(r"[0-9a-f]{64}")
_INCOMING = ".incoming-"


class FolderImageStore:
    """`bot.ports.images.ImageStore` in a folder: `ab/abcd...` for the hash `abcd...`.

    A file appears under its name only when it is whole and on the disk. Opening the store removes what
    interrupted writes left; at most one process at a time should write to a folder. A name that is no hash
    names no picture, so no request can reach a file outside the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob(f"??/{_INCOMING}*"):
            leftover.unlink(missing_ok=True)

    async def put(self, data: bytes) -> PictureHash:
        """Store `data` durably (whole or not at all) and return its hash."""
        return await asyncio.to_thread(self._put, data)

    async def get(self, picture: PictureHash) -> bytes:
        """Return the bytes; raises `PictureMissing`."""
        path = self._path(picture)
        if path is None:
            raise PictureMissing(picture)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as error:
            raise PictureMissing(picture) from error

    async def exists(self, picture: PictureHash) -> bool:
        """Whether the picture is stored."""
        path = self._path(picture)
        return path is not None and await asyncio.to_thread(path.is_file)

    async def delete(self, picture: PictureHash) -> None:
        """Remove the picture; nothing happens if there is none."""
        path = self._path(picture)
        if path is not None:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _path(self, picture: PictureHash) -> Path | None:
        if not _HASH.fullmatch(picture):
            return None
        return self._folder / picture[:2] / picture

    def _put(self, data: bytes) -> PictureHash:
        picture = hashlib.sha256(data).hexdigest()
        path = self._folder / picture[:2] / picture
        if _is_whole(path, len(data)):
            return picture
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self._folder)
        _write(path, data)
        return picture


def _is_whole(path: Path, size_bytes: int) -> bool:
    """Whether the file is there at its full size; a damaged disk may have cut it, and then it is written anew."""
    try:
        return path.stat().st_size == size_bytes
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Write a file so that even a power cut leaves either the whole of it or none."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_INCOMING)
    incoming = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        incoming.replace(path)
    except BaseException:
        incoming.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk; Windows has no such call and does it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
