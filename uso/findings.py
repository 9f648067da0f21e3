"""What is found of the files in a weights folder (no torch here)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from uso.errors import WeightsError, WeightsProblem
from uso.safetensors_header import HeaderError, HeaderProblem


class FileState(Enum):
    """What was found of one file."""

    OK = "ok"
    UNCHECKED = "not checked"
    MISSING = "missing"
    TRUNCATED = "truncated"
    WRONG_SIZE = "wrong size"
    DAMAGED = "damaged"
    TENSOR_MISSING = "missing tensor"
    TENSOR_UNEXPECTED = "unexpected tensor"
    TENSOR_MISSHAPEN = "misshapen tensor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One file below the folder (POSIX path) and its state; `tensor` is the first at fault of `tensors_at_fault`."""

    path: str
    state: FileState
    size_bytes: int = 0
    tensor: str | None = None
    tensors_at_fault: int = 0
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        return self.state not in (FileState.OK, FileState.UNCHECKED)


_HEADER_STATES = {
    HeaderProblem.TOO_SHORT: FileState.TRUNCATED,
    HeaderProblem.TOO_LONG: FileState.WRONG_SIZE,
    HeaderProblem.UNREADABLE: FileState.DAMAGED,
}
# Of several kinds the first is told: a name nobody expects explains the one that is missing.
_TENSOR_STATES = {
    WeightsProblem.TENSOR_UNEXPECTED: FileState.TENSOR_UNEXPECTED,
    WeightsProblem.TENSOR_MISSING: FileState.TENSOR_MISSING,
    WeightsProblem.TENSOR_MISSHAPEN: FileState.TENSOR_MISSHAPEN,
}


def refused_state(error: WeightsError) -> FileState:
    """Tell the state of a file that cannot be used at all."""
    if isinstance(error, HeaderError):
        return _HEADER_STATES[error.fault]
    return FileState.MISSING if error.problem is WeightsProblem.FILE_MISSING else FileState.DAMAGED


def with_tensors(finding: Finding, faults: Sequence[WeightsError]) -> Finding:
    """Add the faults of a whole file's tensors; it stays as it is when there are none."""
    for problem, state in _TENSOR_STATES.items():
        alike = {fault.tensor: fault for fault in faults if fault.problem is problem}
        for tensor, first in alike.items():
            return replace(finding, state=state, tensor=tensor, tensors_at_fault=len(alike), detail=first.detail)
    return finding
