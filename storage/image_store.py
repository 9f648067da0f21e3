"""Picture files on disk, named by the hash of their bytes."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedWriter
from pathlib import Path
from typing import Final

from bot.domain.requests import PictureHash
from bot.ports.images import PictureCorrupt, PictureMissing, StoredFile, StoreFull

_HASH = re.compile(r"[0-9a-f]{64}")
_INCOMING = ".incoming-"
_THUMBNAIL: Final = ".thumbnail"
_BATCH: Final = 500
_FULL: Final = {errno.ENOSPC, errno.EDQUOT}


class FolderImageStore:
    """`bot.ports.images.ImageStore` in a folder: `ab/abcd...` for the hash `abcd...`, `ab/abcd....thumbnail` beside it.

    A file appears under its name only when it is whole and on the disk. Opening the store removes what interrupted
    writes left, unless `is_guest` says that another process may be writing there. A name that is no hash names no
    picture, so no request can reach a file outside the folder. `write` puts bytes into an open file.
    """

    def __init__(
        self,
        folder: Path,
        *,
        is_guest: bool = False,
        write: Callable[[BufferedWriter, bytes], object] = BufferedWriter.write,
    ) -> None:
        self._folder = folder
        self._write = write
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.glob(f"??/{_INCOMING}*") if not is_guest else ():
            leftover.unlink(missing_ok=True)

    async def put(self, data: bytes) -> PictureHash:
        """Store `data` durably (whole or not at all) and return its hash; raises `StoreFull`.

        Storing what is there already renews its `stored_at`; if it is damaged, it is written anew.
        """
        with _full_disk_refused():
            return await asyncio.to_thread(self._put, data)

    async def get(self, picture: PictureHash) -> bytes:
        """Return the bytes; raises `PictureMissing`, or `PictureCorrupt` if they do not fit their hash."""
        path = self._path(picture)
        if path is None:
            raise PictureMissing(picture)
        return await asyncio.to_thread(_read, path)

    async def exists(self, picture: PictureHash) -> bool:
        """Whether the picture is stored."""
        path = self._path(picture)
        return path is not None and await asyncio.to_thread(path.is_file)

    async def thumbnail(self, picture: PictureHash) -> bytes | None:
        """The thumbnail that was put beside the picture, or None."""
        path = self._path(picture)
        return None if path is None else await asyncio.to_thread(_read_thumbnail, path)

    async def put_thumbnail(self, picture: PictureHash, data: bytes) -> None:
        """Put a thumbnail beside a picture; raises `PictureMissing` without the picture, `StoreFull`."""
        path = self._path(picture)
        if path is None:
            raise PictureMissing(picture)
        with _full_disk_refused():
            await asyncio.to_thread(self._put_thumbnail, path, data)

    async def delete(self, picture: PictureHash) -> None:
        """Remove the picture and its thumbnail; nothing happens if there is none."""
        path = self._path(picture)
        if path is not None:
            await asyncio.to_thread(_remove, path)

    async def files(self) -> AsyncIterator[Sequence[StoredFile]]:
        """Everything stored, in batches of at most 500, in no order; files that come or go meanwhile may be missed."""
        found: list[StoredFile] = []
        for folder in await asyncio.to_thread(_folders, self._folder):
            found += await asyncio.to_thread(_files, folder)
            while len(found) >= _BATCH:
                yield tuple(found[:_BATCH])
                del found[:_BATCH]
        if found:
            yield tuple(found)

    def _path(self, picture: PictureHash) -> Path | None:
        if not _HASH.fullmatch(picture):
            return None
        return self._folder / picture[:2] / picture

    def _put(self, data: bytes) -> PictureHash:
        picture = hashlib.sha256(data).hexdigest()
        path = self._folder / picture[:2] / picture
        if _is_renewed(path, data):
            return picture
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self._folder)
        self._write_whole(path, data)
        return picture

    def _put_thumbnail(self, path: Path, data: bytes) -> None:
        if not path.is_file():
            raise PictureMissing(path.name)
        self._write_whole(_thumbnail_path(path), data)
        if not path.is_file():  # deleted in between: then nothing of it may stay
            _thumbnail_path(path).unlink(missing_ok=True)
            raise PictureMissing(path.name)

    def _write_whole(self, path: Path, data: bytes) -> None:
        """Write a file so that even a power cut leaves either the whole of it or none."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_INCOMING)
        incoming = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                self._write(file, data)
                file.flush()
                os.fsync(file.fileno())
            incoming.replace(path)
        except BaseException:
            incoming.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


@contextmanager
def _full_disk_refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull from error
        raise


def _thumbnail_path(path: Path) -> Path:
    return path.with_name(path.name + _THUMBNAIL)


def _read_thumbnail(path: Path) -> bytes | None:
    """The bytes, if the picture is there as well; what a disk can not read any more is to be made again."""
    try:
        return _thumbnail_path(path).read_bytes() if path.is_file() else None
    except OSError as error:
        if isinstance(error, FileNotFoundError) or error.errno == errno.EIO:
            return None
        raise


def _remove(path: Path) -> None:
    """Remove a picture and its thumbnail.

    The thumbnail goes first, so that a crash leaves none alone, and once more for one that was just being put.
    """
    for one in (_thumbnail_path(path), path, _thumbnail_path(path)):
        one.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise PictureMissing(path.name) from error
    except OSError as error:
        if error.errno == errno.EIO:  # what a disk says of blocks that it can not read any more
            raise PictureCorrupt(path.name) from error
        raise
    if hashlib.sha256(data).hexdigest() != path.name:
        raise PictureCorrupt(path.name)
    return data


def _is_renewed(path: Path, data: bytes) -> bool:
    """Give the file the present time if it is there with these bytes; a damaged one is to be written anew."""
    try:
        if path.stat().st_size != len(data) or path.read_bytes() != data:
            return False
        os.utime(path)
    except OSError:  # missing, unreadable or removed at this moment
        return False
    return True


def _folders(folder: Path) -> Sequence[Path]:
    """The folders that the first digits of hashes name."""
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if len(entry.name) == 2 and entry.is_dir()]


def _files(folder: Path) -> Sequence[StoredFile]:
    """The pictures of one such folder."""
    files = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _HASH.fullmatch(entry.name) and entry.name.startswith(folder.name):
                    file = _file(entry)
                    if file is not None:
                        files.append(file)
    except FileNotFoundError:
        return ()
    return files


def _file(entry: os.DirEntry[str]) -> StoredFile | None:
    """What is known of one file; None if it is gone meanwhile."""
    try:
        facts = entry.stat()
    except FileNotFoundError:
        return None
    return StoredFile(entry.name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk; Windows has no such call and does it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
