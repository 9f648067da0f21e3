"""Tensors that outlive the process: what an encoder made is read back bit for bit instead of being made again."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load, save
from torch import Tensor

from uso.file_cache import FileCache

log = logging.getLogger(__name__)

DEFAULT_DISK_BYTES: Final = 1 << 30
_CHECKSUM: Final = "sha256"


class DiskCache:
    """Keeps tensors in safetensors files by revision and name, the least recently used ones within `max_bytes`.

    The second tier below a `TensorCache`: `get` has the same shape. A file that is cut, damaged or not ours is removed
    and computed anew; a folder that cannot be used costs time, never the result. See `FileCache` for the folder.
    """

    def __init__(self, folder: str | Path, *, max_bytes: int = DEFAULT_DISK_BYTES) -> None:
        self._files = FileCache(Path(folder), max_bytes=max_bytes)

    def get(self, revision: str, name: str, compute: Callable[[], tuple[Tensor, ...]]) -> tuple[Tensor, ...]:
        """Return the tensors kept under the name, or compute and keep them; they lie on the CPU.

        `revision` says all that decides their values beside what `name` stands for.
        """
        if (data := self._files.read(revision, name)) is not None:
            if (kept := _unpack(data, revision, name)) is not None:
                return kept
            log.warning("a damaged cache file is computed anew: %s of %s", name, revision)
            self._files.remove(revision, name)
        computed = tuple(tensor.detach().cpu().contiguous() for tensor in compute())
        self._files.write(revision, name, _pack(computed, revision, name))
        return computed


def _pack(tensors: tuple[Tensor, ...], revision: str, name: str) -> bytes:
    # Cloned, as safetensors takes no two tensors of one memory.
    numbered = {str(number): tensor.clone() for number, tensor in enumerate(tensors)}
    packed: bytes = save(numbered, metadata={_CHECKSUM: _checksum(tensors, revision, name)})
    return packed


def _unpack(data: bytes, revision: str, name: str) -> tuple[Tensor, ...] | None:
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        loaded = load(data)
        # Cloned, as arithmetic on a CPU depends on how tensors are aligned in memory.
        tensors = tuple(loaded[str(number)].clone() for number in range(len(loaded)))
        is_ours = header["__metadata__"][_CHECKSUM] == _checksum(tensors, revision, name)
    except Exception:  # what is not our file can be wrong in ways that safetensors and json have no common error for
        return None
    return tensors if is_ours else None


def _checksum(tensors: tuple[Tensor, ...], revision: str, name: str) -> str:
    digest = hashlib.sha256(f"{revision}\0{name}".encode())
    for tensor in tensors:
        digest.update(f"\0{tensor.dtype}{tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
