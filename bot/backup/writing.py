"""Making a backup while the bot works."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final

import msgspec

from bot.backup.archive import DATABASE, FORMAT, MANIFEST, Content, Manifest, Member, content_of
from bot.places import Places, pictures_folder
from storage.dumps import dump, kind_of_database

_MODE: Final = 0o600


async def make_backup(at: Places, target: Path, *, with_pictures: bool) -> Manifest:
    """Write everything into `target`, which appears whole or not at all, for its owner's eyes only.

    The database is taken first, at one moment; the pictures that it names are stored by then, and follow.
    Raises `FileExistsError`, `OSError`, and what `storage.dumps.dump` raises.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
        database = Path(scratch) / DATABASE
        revision = await dump(at.database_url, database)
        manifest = Manifest(
            format=FORMAT,
            version=version("uso-bot"),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            database=kind_of_database(at.database_url),
            revision=revision,
            with_pictures=with_pictures,
            members={},
        )
        return await asyncio.to_thread(_write, at, target, database, manifest)


def _write(at: Places, target: Path, database: Path, plan: Manifest) -> Manifest:
    with _appearing(target) as file, tarfile.open(fileobj=file, mode="w:") as archive:
        members = dict([_add(archive, DATABASE, database)])
        members.update(_add(archive, name, path) for name, path in _keys(at.folder))
        if plan.with_pictures:
            members.update(_pictures(archive, pictures_folder(at)))
        manifest = msgspec.structs.replace(plan, members=members)
        data = msgspec.json.encode(manifest)
        archive.addfile(_info(MANIFEST, len(data)), io.BytesIO(data))
    return manifest


@contextmanager
def _appearing(target: Path) -> Iterator[IO[bytes]]:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")  # made with mode 0600
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(part, target)
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, target: Path) -> None:
    """Give the file its name, unless that was taken meanwhile. Raises `FileExistsError`."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError as error:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from error
        part.replace(target)


def _keys(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.glob("*.key")):
        if content_of(f"keys/{path.name}") is Content.KEY:
            yield f"keys/{path.name}", path


def _pictures(archive: tarfile.TarFile, folder: Path) -> Iterator[tuple[str, Member]]:
    """Every picture by name; those that are deleted meanwhile are left out."""
    for path in sorted(folder.glob("??/*")):
        name = f"pictures/{path.parent.name}/{path.name}"
        if content_of(name) is Content.PICTURE:
            try:
                yield _add(archive, name, path)
            except FileNotFoundError:
                continue


def _add(archive: tarfile.TarFile, name: str, path: Path) -> tuple[str, Member]:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        hashed = _Hashed(file)
        archive.addfile(_info(name, size), hashed)
    return name, Member(size, hashed.digest.hexdigest())


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, _MODE
    return info


class _Hashed(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data
