"""The header of a safetensors file, read without its tensors (no torch here)."""

from __future__ import annotations

import json
import math
from enum import Enum
from pathlib import Path
from typing import Any

from uso.errors import WeightsError, WeightsProblem

_MAX_HEADER_BYTES = 100_000_000
_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32,
    "I64": 64, "U64": 64, "F64": 64,
}  # fmt: skip


class HeaderProblem(Enum):
    """What can be wrong with the file as a container."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    UNREADABLE = "unreadable"


class HeaderError(WeightsError):
    """The file is not a whole safetensors file; `fault` tells in which way."""

    def __init__(self, fault: HeaderProblem, path: Path, detail: str) -> None:
        super().__init__(WeightsProblem.FILE_DAMAGED, str(path), detail=detail)
        self.fault = fault


def read_header(path: Path) -> dict[str, tuple[int, ...]]:
    """Tell every tensor's shape, having checked that the file is exactly as long as its header says.

    Raises `HeaderError`, or OSError when the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = int.from_bytes(start, "little")
        if size < 8:
            raise HeaderError(HeaderProblem.TOO_SHORT, path, f"{size} bytes")
        if start == b"version ":
            raise HeaderError(HeaderProblem.UNREADABLE, path, "a Git LFS pointer instead of the file")
        if not 2 <= length <= _MAX_HEADER_BYTES:
            raise HeaderError(HeaderProblem.UNREADABLE, path, "not a safetensors file")
        if size < 8 + length:
            raise HeaderError(HeaderProblem.TOO_SHORT, path, f"{size:,} bytes, less than its header")
        entries = _parse(path, file.read(length))
    whole = 8 + length + max((end for _, _, end in entries.values()), default=0)
    if size != whole:
        problem = HeaderProblem.TOO_SHORT if size < whole else HeaderProblem.TOO_LONG
        raise HeaderError(problem, path, f"{size:,} bytes instead of {whole:,}")
    return {name: shape for name, (shape, _, _) in entries.items()}


def _parse(path: Path, raw: bytes) -> dict[str, tuple[tuple[int, ...], int, int]]:
    try:
        header = json.loads(raw)
        return {name: _entry(name, entry) for name, entry in header.items() if name != "__metadata__"}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise HeaderError(HeaderProblem.UNREADABLE, path, "its header makes no sense") from error


def _entry(name: str, entry: dict[str, Any]) -> tuple[tuple[int, ...], int, int]:
    shape = tuple(int(side) for side in entry["shape"])
    start, end = (int(offset) for offset in entry["data_offsets"])
    bits = _BITS.get(entry["dtype"])
    if bits is not None and end - start != math.prod(shape) * bits // 8:
        raise ValueError(f"{name} has {end - start} bytes for shape {list(shape)}")
    return shape, start, end
