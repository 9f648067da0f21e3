"""Reading a backup, which may have been made by anybody: nothing is unpacked by the names that it gives."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from bot.backup.archive import (
    CHUNK_BYTES,
    DATABASE,
    MOST_MANIFEST_BYTES,
    BackupDamaged,
    Content,
    Manifest,
    Member,
    content_of,
    read_manifest,
)

_NAMED: Final = 60


def read_backup(file: Path, sink_of: Callable[[Content, str], IO[bytes] | None]) -> Manifest:
    """Go through the whole of `file`; what `sink_of` opens for a member gets its bytes, and is closed.

    Members of wrong names or kinds, bytes that do not fit the list at the end, a list that is missing: each raises
    `BackupDamaged`, by then some sinks may have been filled. Raises `OSError`.
    """
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, mode="r:") as archive:
            for info in archive:
                content = _checked(info, found, manifest)
                opened = archive.extractfile(info)
                assert opened is not None, "a plain file"
                if content is Content.MANIFEST:
                    manifest = read_manifest(opened.read())
                    continue
                found[info.name] = _copied(info, opened, sink_of(content, info.name))
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged("It is no backup, or it is not whole.") from error
    if manifest is None:
        raise BackupDamaged("It is not whole: the list of its contents at the end is missing.")
    _compare(found, manifest)
    return manifest


def _checked(info: tarfile.TarInfo, found: dict[str, Member], manifest: Manifest | None) -> Content:
    content = content_of(info.name)
    if content is None or not info.isreg() or info.issparse():
        raise BackupDamaged(f"It holds something that no backup has: {info.name[:_NAMED]!r}.")
    if info.name in found or manifest is not None:
        raise BackupDamaged(f"It holds {info.name[:_NAMED]!r} where nothing more should follow.")
    if content is Content.MANIFEST and info.size > MOST_MANIFEST_BYTES:
        raise BackupDamaged("The list of its contents is too long.")
    return content


def _copied(info: tarfile.TarInfo, source: IO[bytes], sink: IO[bytes] | None) -> Member:
    digest = hashlib.sha256()
    size = 0
    try:
        while data := source.read(CHUNK_BYTES):
            digest.update(data)
            size += len(data)
            if sink is not None:
                sink.write(data)
    finally:
        if sink is not None:
            sink.close()
    if size != info.size:
        raise BackupDamaged(f"It is not whole: {info.name} is cut off.")
    return Member(size, digest.hexdigest())


def _compare(found: dict[str, Member], manifest: Manifest) -> None:
    if found.keys() != manifest.members.keys() or DATABASE not in found:
        raise BackupDamaged("Its contents are not those of the list at its end.")
    for name, member in found.items():
        is_named_by_hash = content_of(name) is Content.PICTURE
        if member != manifest.members[name] or (is_named_by_hash and not name.endswith(member.sha256)):
            raise BackupDamaged(f"It is damaged: {name} is not what the list says.")
