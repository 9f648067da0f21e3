"""A folder of files that can be made again: bounded, written whole, and never a reason to fail (no torch here)."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

_SUFFIX: Final = ".safetensors"
_INCOMING: Final = ".incoming-"
_INCOMING_MAX_AGE_S: Final = 3600.0
_PLAIN_NAME: Final = re.compile(r"[0-9a-z][0-9a-z_-]{0,99}")


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    size_bytes: int
    used_ns: int


class FileCache:
    """Keeps `folder/<revision>/<name>.safetensors`, never more than `max_bytes` of them.

    Whoever fills the folder up loses what was used longest ago, other revisions' files first. Several processes may
    share a folder. A disk that is full, read-only or gone is logged once, until it works again, and means: not kept.
    """

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._is_failing = False

    def read(self, revision: str, name: str) -> bytes | None:
        """Return a file's bytes and note that it was used; None if there is none."""
        path = entry_path(self._folder, revision, name)
        data = None
        with self._tolerance():
            if path.stat().st_size > self._max_bytes:
                path.unlink()  # nothing of ours, and no reason to read it into memory
            else:
                data = path.read_bytes()
                os.utime(path)
        return data

    def write(self, revision: str, name: str, data: bytes) -> None:
        """Keep `data` under its name, whole or not at all; what is larger than the whole cache is not kept."""
        if len(data) > self._max_bytes:
            return
        path = entry_path(self._folder, revision, name)
        with self._tolerance():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._make_room(path, len(data))
            _write_whole(path, data)
            self._is_failing = False

    def remove(self, revision: str, name: str) -> None:
        """Remove a file that turned out to be of no use."""
        with self._tolerance():
            entry_path(self._folder, revision, name).unlink()

    def _make_room(self, coming: Path, coming_bytes: int) -> None:
        entries = [entry for entry in _entries(self._folder) if entry.path != coming]
        held_bytes = sum(entry.size_bytes for entry in entries)
        for entry in sorted(entries, key=lambda entry: (entry.path.parent == coming.parent, entry.used_ns)):
            if held_bytes + coming_bytes <= self._max_bytes:
                return
            entry.path.unlink(missing_ok=True)
            held_bytes -= entry.size_bytes
            if entry.path.parent != coming.parent:
                with contextlib.suppress(OSError):  # it is not empty yet
                    entry.path.parent.rmdir()

    @contextlib.contextmanager
    def _tolerance(self) -> Iterator[None]:
        """Let a cache that cannot be used be one that is empty."""
        try:
            yield
        except FileNotFoundError:
            pass  # not kept yet, or another process was faster to remove it
        except OSError as error:
            if not self._is_failing:
                log.warning("the cache in %s cannot be used, so work is done again: %s", self._folder, error)
            self._is_failing = True


def entry_path(folder: Path, revision: str, name: str) -> Path:
    """Where a cache in `folder` keeps `name` of `revision`."""
    return folder / _plain(revision) / f"{_plain(name)}{_SUFFIX}"


def remove_everywhere(folder: Path, name: str) -> int:
    """Remove `name`, and whatever is called `name-...`, from every revision in `folder`; returns how many there were.

    Raises OSError if one stays.
    """
    plain = _plain(name)
    found = [path for pattern in (plain, f"{plain}-*") for path in folder.glob(f"*/{pattern}{_SUFFIX}")]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _plain(name: str) -> str:
    """The name itself if no file system can take it amiss (a revision may come out of a file), else its hash."""
    return name if _PLAIN_NAME.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()


def _entries(folder: Path) -> Iterator[_Entry]:
    """All files of the cache; what an interrupted write left is removed once it is old enough."""
    for path in folder.glob("*/*"):
        is_incoming = path.name.startswith(_INCOMING)
        if not is_incoming and path.suffix != _SUFFIX:
            continue
        try:
            stat = path.lstat()
        except FileNotFoundError:
            continue
        if is_incoming and time.time() - stat.st_mtime > _INCOMING_MAX_AGE_S:
            path.unlink(missing_ok=True)
        else:
            yield _Entry(path, stat.st_size, stat.st_mtime_ns)


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file so that its name never stands for half of it; after a power cut the reader's check must decide."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_INCOMING)
    incoming = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        incoming.replace(path)
    except BaseException:
        incoming.unlink(missing_ok=True)
        raise
