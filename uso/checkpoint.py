"""Named tensors on disk: one safetensors file, a sharded set with its index, or a PyTorch `.bin`; read lazily."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import safe_open
from torch import Tensor

from uso.errors import WeightsError, WeightsProblem
from uso.layout import read_json
from uso.safetensors_header import read_header

_STEMS = ("model", "diffusion_pytorch_model", "pytorch_model")


class TensorSource(Protocol):
    """Named tensors of known shape; what strict loading needs to know of a checkpoint."""

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]: ...

    def place_of(self, name: str, /) -> tuple[str, str]:
        """Tell the file a tensor is in, or would be in if it were there, and its name in that file."""

    def tensor(self, name: str, /) -> Tensor: ...


class SafetensorsFile:
    """One safetensors file; its header is read at once, its tensors come memory-mapped and are read when used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.shapes: Mapping[str, tuple[int, ...]] = read_header(path)

    @cached_property
    def _open(self) -> Any:
        return safe_open(self._path, framework="pt", device="cpu")

    def place_of(self, name: str) -> tuple[str, str]:
        return str(self._path), name

    def tensor(self, name: str) -> Tensor:
        tensor: Tensor = self._open.get_tensor(name)
        return tensor


class TorchFile:
    """One PyTorch `.bin` file, as the older text encoders come; only tensors are accepted from it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            loaded = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
            self._tensors: dict[str, Tensor] = {name: tensor.detach() for name, tensor in loaded.items()}
        except Exception as error:  # torch.load has no error of its own for a broken file
            raise WeightsError(WeightsProblem.FILE_DAMAGED, str(path), detail=str(error).split("\n")[0]) from error
        self.shapes: Mapping[str, tuple[int, ...]] = {
            name: tuple(tensor.shape) for name, tensor in self._tensors.items()
        }

    def place_of(self, name: str) -> tuple[str, str]:
        return str(self._path), name

    def tensor(self, name: str) -> Tensor:
        return self._tensors[name]


class ShardedFiles:
    """A sharded checkpoint: a tensor is in the shard its index names; one that is not listed, where it was found."""

    def __init__(self, index: Path, shard_of: Mapping[str, Path], shards: Mapping[Path, TensorSource]) -> None:
        self._index = index
        self._shard_of = {
            **{name: shard for shard in shards.values() for name in shard.shapes},
            **{name: shards[path] for name, path in shard_of.items()},
        }
        self.shapes: Mapping[str, tuple[int, ...]] = {
            name: shard.shapes[name] for name, shard in self._shard_of.items() if name in shard.shapes
        }

    def place_of(self, name: str) -> tuple[str, str]:
        shard = self._shard_of.get(name)
        return shard.place_of(name) if shard is not None else (str(self._index), name)

    def tensor(self, name: str) -> Tensor:
        return self._shard_of[name].tensor(name)


class RenamedSource:
    """A checkpoint with a name prefix taken off, and the names of unused towers left out on purpose.

    `prefix` is dropped where a name has it; names beginning with one of `ignored` or ending in `position_ids` (a
    buffer older files kept) are not offered at all.
    """

    def __init__(self, source: TensorSource, *, prefix: str = "", ignored: tuple[str, ...] = ()) -> None:
        self._source = source
        kept = [name for name in source.shapes if not name.startswith(ignored) and not name.endswith(".position_ids")]
        self._original = {name.removeprefix(prefix): name for name in kept}
        self._prefix = prefix if any(name.startswith(prefix) for name in kept) else ""
        self.shapes: Mapping[str, tuple[int, ...]] = {
            name: source.shapes[original] for name, original in self._original.items()
        }

    def place_of(self, name: str) -> tuple[str, str]:
        return self._source.place_of(self._original.get(name, self._prefix + name))

    def tensor(self, name: str) -> Tensor:
        return self._source.tensor(self._original[name])


class TiedSource:
    """A checkpoint in which one tensor answers to two names; files hold either name or both."""

    def __init__(self, source: TensorSource, tied: dict[str, str]) -> None:
        self._source = source
        self._stands_for: dict[str, str] = {}
        for alias, name in tied.items():
            if alias not in source.shapes:
                self._stands_for[alias] = name
            elif name not in source.shapes:
                self._stands_for[name] = alias
        self.shapes: Mapping[str, tuple[int, ...]] = {
            **source.shapes,
            **{name: source.shapes[other] for name, other in self._stands_for.items() if other in source.shapes},
        }

    def place_of(self, name: str) -> tuple[str, str]:
        return self._source.place_of(self._stands_for.get(name, name))

    def tensor(self, name: str) -> Tensor:
        return self._source.tensor(self._stands_for.get(name, name))


@dataclass(frozen=True)
class CheckpointFiles:
    """The files of one checkpoint, there or not; for a sharded one its index and the file that has each tensor."""

    files: tuple[Path, ...]
    index: Path | None = None
    shard_of: Mapping[str, Path] = field(default_factory=dict)

    def join(self, opened: Sequence[TensorSource]) -> TensorSource:
        """Make one source of all the files, opened in their order."""
        if self.index is None:
            return opened[0]
        return ShardedFiles(self.index, self.shard_of, dict(zip(self.files, opened, strict=True)))


def find_checkpoint(place: Path) -> CheckpointFiles:
    """Tell the files of the checkpoint that is a file or in a folder; raises `WeightsError` for an unusable index."""
    if place.is_file() or place.suffix == ".safetensors":
        return CheckpointFiles((place,))
    for stem in _STEMS:
        for suffix in (".safetensors", ".bin"):
            if (file := place / f"{stem}{suffix}").is_file():
                return CheckpointFiles((file,))
            if (index := place / f"{stem}{suffix}.index.json").is_file():
                return _read_index(index)
    return CheckpointFiles((place / f"{_STEMS[0]}.safetensors",))


def open_file(path: Path) -> TensorSource:
    """Open one file; raises `WeightsError` when it is missing or not whole."""
    if not path.is_file():
        raise WeightsError(WeightsProblem.FILE_MISSING, str(path))
    return TorchFile(path) if path.suffix == ".bin" else SafetensorsFile(path)


def open_checkpoint(place: Path) -> TensorSource:
    """Open a checkpoint file, or the one checkpoint a folder holds; raises `WeightsError` when there is none."""
    checkpoint = find_checkpoint(place)
    return checkpoint.join([open_file(path) for path in checkpoint.files])


def _read_index(index: Path) -> CheckpointFiles:
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise WeightsError(WeightsProblem.FILE_DAMAGED, str(index), detail="it has no weight_map")
    shard_of = {name: index.parent / str(file) for name, file in weight_map.items()}
    return CheckpointFiles(tuple(sorted(set(shard_of.values()))), index, shard_of)
