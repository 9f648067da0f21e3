"""The address of the control socket: the system takes 107 bytes at most, and folders may be deeper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from adapters.control.wire import SOCKET_FILE

_LONGEST_BYTES: Final = 100
_DESCRIPTORS: Final = Path("/proc/self/fd")


@contextmanager
def socket_address(folder: Path) -> Iterator[str]:
    """A name of the socket in `folder` that is short enough, for as long as the block lasts. Raises `OSError`."""
    plain = str(folder / SOCKET_FILE)
    if len(os.fsencode(plain)) <= _LONGEST_BYTES or not _DESCRIPTORS.is_dir():
        yield plain
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield str(_DESCRIPTORS / str(descriptor) / SOCKET_FILE)
    finally:
        os.close(descriptor)
