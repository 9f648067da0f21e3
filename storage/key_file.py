"""A secret key in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


class KeyFileDamaged(Exception):  # noqa: N818
    """The file holds something else than a key of the wanted length; `args[0]` is its path."""


def load_key(path: Path, *, length: int) -> bytes:
    """The `length` random bytes kept at `path`, drawn and written with mode 0600 if there are none yet.

    Raises `KeyFileDamaged`, and OSError if the file can not be read or written.
    """
    try:
        return _read(path, length)
    except FileNotFoundError:
        _write(path, secrets.token_bytes(length))
        return _read(path, length)


def _read(path: Path, length: int) -> bytes:
    path.chmod(0o600)
    key = path.read_bytes()
    if len(key) != length:
        raise KeyFileDamaged(str(path))
    return key


def _write(path: Path, key: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
