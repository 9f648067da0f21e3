"""Named tensors on disk: one safetensors file, a sharded set with its index, or a PyTorch `.bin`; read lazily."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors import safe_open
from torch import Tensor

from uso.errors import WeightsError, WeightsProblem
from uso.layout import read_json

_STEMS = ("model", "diffusion_pytorch_model")
_MAX_HEADER_BYTES = 100_000_000


class TensorSource(Protocol):
    """Named tensors of known shape; what strict loading needs to know of a checkpoint."""

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]: ...

    def place_of(self, name: str, /) -> tuple[str, str]:
        """Tell the file a tensor is in, or would be in if it were there, and its name in that file."""

    def tensor(self, name: str, /) -> Tensor: ...


class SafetensorsFile:
    """One safetensors file; tensors come memory-mapped, so nothing is read before it is used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.shapes: Mapping[str, tuple[int, ...]] = _read_shapes(path)
        self._open: Any = safe_open(path, framework="pt", device="cpu")

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
    """A sharded checkpoint; the shards must hold exactly the names their index lists."""

    def __init__(self, index_path: Path) -> None:
        self._index_path = index_path
        weight_map = read_json(index_path).get("weight_map")
        if not isinstance(weight_map, dict):
            raise WeightsError(WeightsProblem.FILE_DAMAGED, str(index_path), detail="it has no weight_map")
        shards = {name: _open_file(index_path.parent / name) for name in sorted(set(weight_map.values()))}
        self._shard_of: dict[str, TensorSource] = {name: shards[file] for name, file in weight_map.items()}
        for name, shard in self._shard_of.items():
            if name not in shard.shapes:
                raise WeightsError(WeightsProblem.TENSOR_MISSING, *shard.place_of(name))
        for shard in shards.values():
            for name in shard.shapes:
                if self._shard_of.get(name) is not shard:
                    raise WeightsError(WeightsProblem.TENSOR_UNEXPECTED, *shard.place_of(name))
        self.shapes: Mapping[str, tuple[int, ...]] = {
            name: shard.shapes[name] for name, shard in self._shard_of.items()
        }

    def place_of(self, name: str) -> tuple[str, str]:
        shard = self._shard_of.get(name)
        return shard.place_of(name) if shard is not None else (str(self._index_path), name)

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
        self._stands_for = {
            name: other
            for pair in tied.items()
            for name, other in (pair, pair[::-1])
            if name not in source.shapes and other in source.shapes
        }
        self.shapes: Mapping[str, tuple[int, ...]] = {
            **source.shapes,
            **{name: source.shapes[other] for name, other in self._stands_for.items()},
        }

    def place_of(self, name: str) -> tuple[str, str]:
        return self._source.place_of(self._stands_for.get(name, name))

    def tensor(self, name: str) -> Tensor:
        return self._source.tensor(self._stands_for.get(name, name))


def open_checkpoint(path: Path) -> TensorSource:
    """Open a checkpoint file, or the one checkpoint a folder holds; raises `WeightsError` when there is none."""
    if path.is_file():
        return _open_file(path)
    for stem in (*_STEMS, "pytorch_model"):
        for suffix in (".safetensors", ".bin"):
            if (file := path / f"{stem}{suffix}").is_file():
                return _open_file(file)
            if (index := path / f"{stem}{suffix}.index.json").is_file():
                return ShardedFiles(index)
    raise WeightsError(WeightsProblem.FILE_MISSING, str(path / f"{_STEMS[0]}.safetensors"))


def _open_file(path: Path) -> TensorSource:
    if not path.is_file():
        raise WeightsError(WeightsProblem.FILE_MISSING, str(path))
    return TorchFile(path) if path.suffix == ".bin" else SafetensorsFile(path)


def _read_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Read the header, and check that the file is as long as it promises: a broken-off download is noticed here."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(size - 8, _MAX_HEADER_BYTES):
            raise WeightsError(WeightsProblem.FILE_DAMAGED, str(path), detail="not a safetensors file")
        try:
            header = json.loads(file.read(length))
            entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
            end = max((entry["data_offsets"][1] for entry in entries.values()), default=0)
            shapes = {name: tuple(entry["shape"]) for name, entry in entries.items()}
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise WeightsError(WeightsProblem.FILE_DAMAGED, str(path), detail="unreadable header") from error
    if size != 8 + length + end:
        detail = f"{size} bytes instead of {8 + length + end}"
        raise WeightsError(WeightsProblem.FILE_DAMAGED, str(path), detail=detail)
    return shapes
