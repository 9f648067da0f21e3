"""Whether the files in a weights folder are whole and hold what the model needs (no torch here)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from uso.errors import WeightsError, WeightsProblem
from uso.layout import CANDIDATES, CONFIG_NAME, MANIFEST_NAME, read_json
from uso.safetensors_header import HeaderFault, HeaderProblem, read_header
from uso.tensor_tables import (
    FluxSizes,
    Table,
    VaeSizes,
    clip_table,
    flux_diffusers_table,
    flux_table,
    lora_table,
    projector_table,
    siglip_table,
    siglip_tokens,
    t5_table,
    vae_diffusers_table,
    vae_table,
)

_LORA_FIRST = "double_blocks.0.processor.qkv_lora1.down.weight"
_PROJECTOR_FIRST = "feature_embedder.high_embedding_linear.0.weight"
_STEMS = ("model", "diffusion_pytorch_model", "pytorch_model")
_NOT_CLIP_TEXT = ("vision_model.", "visual_projection.", "text_projection.", "logit_scale")
_NOT_SIGLIP_VISION = ("text_model.", "logit_scale", "logit_bias")
_NOT_T5_ENCODER = ("decoder.", "lm_head.")
_TIED_T5 = ("encoder.embed_tokens.weight", "shared.weight")

_T = TypeVar("_T")


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


def verify(folder: Path) -> tuple[Finding, ...]:
    """Check every file a weights folder needs, reading headers only: a second for 40 GB.

    Takes the published layout, the diffusers layout and a converted folder, of any size; hyper-parameters come from
    the configs there. PyTorch `.bin` files cannot be looked into and are UNCHECKED.
    Raises `WeightsError` when there is no such folder.
    """
    if not folder.is_dir():
        raise WeightsError(WeightsProblem.FILE_MISSING, str(folder))
    return tuple(_Check(folder).findings())


@dataclass(frozen=True, slots=True)
class _Naming:
    """How a file's names differ from the table's: a prefix that may be there, towers that are not used, a twin."""

    prefix: str = ""
    ignored: tuple[str, ...] = ()
    tied: tuple[str, str] | None = None

    def plain(self, shapes: Mapping[str, tuple[int, ...]]) -> Table:
        plain = {
            name.removeprefix(self.prefix): shape
            for name, shape in shapes.items()
            if not name.startswith(self.ignored) and not name.endswith(".position_ids")
        }
        if self.tied is not None and self.tied[0] in plain:
            plain.setdefault(self.tied[1], plain.pop(self.tied[0]))
        return plain


class _Check:
    """One pass over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._converted = (folder / MANIFEST_NAME).is_file()
        self._faulty_configs: dict[Path, Finding] = {}

    def findings(self) -> Iterator[Finding]:
        flux = yield from self._flux_parts()
        if not self._converted:
            lora = self._place("lora")
            yield from self._checkpoint(lora, lora_table(flux, _stored_rows(lora, _LORA_FIRST, 128)))
        yield from self._encoders(flux)
        yield from self._plain_files()
        yield from self._faulty_configs.values()

    def _flux_parts(self) -> Generator[Finding, None, FluxSizes]:
        """Check the transformer and the autoencoder; returns the transformer's sizes."""
        root_path = self._folder / CONFIG_NAME
        root = self._config(root_path) if root_path.is_file() else {}
        transformer, vae = self._place("transformer"), self._place("vae")
        if transformer.is_dir():
            config = self._config(transformer / CONFIG_NAME)
            flux = self._sensible(transformer / CONFIG_NAME, lambda: FluxSizes.from_diffusers(config), FluxSizes())
            yield from self._checkpoint(transformer, flux_diffusers_table(flux))
        else:
            flux = self._sensible(root_path, lambda: FluxSizes.from_published(root.get("flux", {})), FluxSizes())
            yield from self._checkpoint(transformer, flux_table(flux))
        if vae.is_dir():
            vae_config = self._config(vae / CONFIG_NAME)
            sizes = self._sensible(vae / CONFIG_NAME, lambda: VaeSizes.from_diffusers(vae_config), VaeSizes())
            yield from self._checkpoint(vae, vae_diffusers_table(sizes))
        else:
            sizes = self._sensible(root_path, lambda: VaeSizes.from_published(root.get("ae", {})), VaeSizes())
            yield from self._checkpoint(vae, vae_table(sizes))
        return flux

    def _encoders(self, flux: FluxSizes) -> Iterator[Finding]:
        clip, t5 = self._place("text_encoder"), self._place("text_encoder_2")
        clip_names = self._part_table(clip, "text_config", clip_table)
        yield from self._checkpoint(clip, clip_names, _Naming("text_model.", _NOT_CLIP_TEXT))
        yield from self._checkpoint(t5, self._part_table(t5, "", t5_table), _Naming("", _NOT_T5_ENCODER, _TIED_T5))
        siglip, projector = self._place("image_encoder"), self._place("style_projector")
        naming = _Naming("vision_model.", _NOT_SIGLIP_VISION)
        yield from self._checkpoint(siglip, self._part_table(siglip, "vision_config", siglip_table), naming)
        style_tokens = _stored_rows(projector, _PROJECTOR_FIRST, 64)

        def style_table(vision: Mapping[str, Any]) -> Table:
            return projector_table(
                siglip_tokens=siglip_tokens(vision),
                style_tokens=style_tokens,
                siglip_width=int(vision.get("hidden_size", 1152)),
                hidden_size=flux.hidden_size,
            )

        yield from self._checkpoint(projector, self._part_table(siglip, "vision_config", style_table))

    def _plain_files(self) -> Iterator[Finding]:
        """Tokenizers and picture settings: each part needs one of its sets of files."""
        needs: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
            ("tokenizer", (("vocab.json", "merges.txt"), ("tokenizer.json",))),
            ("tokenizer_2", (("spiece.model",), ("tokenizer.json",))),
            ("feature_extractor", (("preprocessor_config.json",),)),
        )
        for part, choices in needs:
            place = self._place(part)
            chosen = next((one for one in choices if all((place / name).is_file() for name in one)), choices[0])
            for name in chosen:
                yield self._plain_file(place / name)

    def _plain_file(self, path: Path) -> Finding:
        if not path.is_file():
            return self._finding(path, FileState.MISSING)
        size = path.stat().st_size
        if size == 0:
            return self._finding(path, FileState.TRUNCATED, detail="0 bytes")
        if path.suffix == ".json":
            self._config(path)
            if path in self._faulty_configs:
                return self._faulty_configs.pop(path)
        return self._finding(path, FileState.OK)

    def _place(self, part: str) -> Path:
        candidates = (part,) if self._converted else CANDIDATES[part]
        places = [self._folder / candidate for candidate in candidates]
        return next((place for place in places if place.exists()), places[0])

    def _part_table(self, place: Path, tower: str, build: Callable[[Mapping[str, Any]], Table]) -> Table:
        """A part's table from its config, or from that tower's section in the config of a two-tower model."""
        config = self._config(place / CONFIG_NAME)
        return self._sensible(place / CONFIG_NAME, lambda: build(config.get(tower, config)), build({}))

    def _sensible(self, path: Path, read: Callable[[], _T], otherwise: _T) -> _T:
        """What `read` makes of a config, or `otherwise` with a finding when its values make no sense."""
        try:
            return read()
        except (TypeError, ValueError, AttributeError, ArithmeticError):
            finding = self._finding(path, FileState.DAMAGED, detail="values that make no sense")
            self._faulty_configs.setdefault(path, finding)
            return otherwise

    def _config(self, path: Path) -> dict[str, Any]:
        try:
            return read_json(path)
        except WeightsError as error:
            missing = error.problem is WeightsProblem.FILE_MISSING
            state = FileState.MISSING if missing else FileState.DAMAGED
            self._faulty_configs[path] = self._finding(path, state, detail="" if missing else "unreadable JSON")
            return {}

    def _checkpoint(self, place: Path, table: Table, naming: _Naming | None = None) -> Iterator[Finding]:
        """One finding for every file of a checkpoint; names are compared only when all its files are whole."""
        naming = naming or _Naming()
        files, indexed = self._members(place)
        found = [self._structure(path) for path in files]
        whole = all(finding.state is FileState.OK for finding, _ in found)
        if whole:
            shapes = {name: shape for _, held in found for name, shape in naming.plain(held).items()}
            missing = [name for name in table if name not in shapes]
            wanted_in = {name: path for path, names in indexed.items() for name in names}
        for path, (finding, held) in zip(files, found, strict=True):
            if not whole:
                yield finding
                continue
            mine = [name for name in missing if wanted_in.get(naming.prefix + name, files[0]) == path]
            yield _compare(finding, table, naming.plain(held), mine)

    def _members(self, place: Path) -> tuple[list[Path], dict[Path, list[str]]]:
        """The files of a checkpoint, and for sharded ones what the index says each holds."""
        if not place.is_dir():
            return [place], {}
        for stem in _STEMS:
            for suffix in (".safetensors", ".bin"):
                if (file := place / f"{stem}{suffix}").is_file():
                    return [file], {}
                if (index := place / f"{stem}{suffix}.index.json").is_file():
                    return self._shards(index)
        return [place / f"{_STEMS[0]}.safetensors"], {}

    def _shards(self, index: Path) -> tuple[list[Path], dict[Path, list[str]]]:
        weight_map = self._config(index).get("weight_map")
        if not isinstance(weight_map, dict) or not weight_map:
            self._faulty_configs[index] = self._finding(index, FileState.DAMAGED, detail="no weight_map")
            return [], {}
        held: dict[Path, list[str]] = {}
        for name, file in weight_map.items():
            held.setdefault(index.parent / str(file), []).append(name)
        return sorted(held), held

    def _structure(self, path: Path) -> tuple[Finding, Table]:
        """Whether the file is as long as it says, and the tensors it names."""
        if not path.is_file():
            return self._finding(path, FileState.MISSING), {}
        if path.suffix == ".bin":
            zipped = zipfile.is_zipfile(path)
            with path.open("rb") as file:
                cut = file.read(2) == b"PK" and not zipped
            return self._finding(path, FileState.TRUNCATED if cut else FileState.UNCHECKED), {}
        try:
            return self._finding(path, FileState.OK), read_header(path)
        except HeaderFault as fault:
            states = {
                HeaderProblem.TOO_SHORT: FileState.TRUNCATED,
                HeaderProblem.TOO_LONG: FileState.WRONG_SIZE,
                HeaderProblem.UNREADABLE: FileState.DAMAGED,
            }
            return self._finding(path, states[fault.problem], detail=fault.detail), {}

    def _finding(self, path: Path, state: FileState, *, detail: str = "") -> Finding:
        size = path.stat().st_size if path.is_file() else 0
        return Finding(path.relative_to(self._folder).as_posix(), state, size, detail=detail)


def _compare(finding: Finding, table: Table, held: Table, missing: list[str]) -> Finding:
    unexpected = [name for name in held if name not in table]
    misshapen = [name for name, shape in held.items() if name in table and shape != table[name]]
    for state, names in (
        (FileState.TENSOR_UNEXPECTED, unexpected),
        (FileState.TENSOR_MISSING, missing),
        (FileState.TENSOR_MISSHAPEN, misshapen),
    ):
        if names:
            shapes = f"{list(held[names[0]])} instead of {list(table[names[0]])}" if names is misshapen else ""
            return replace(finding, state=state, tensor=names[0], tensors_at_fault=len(names), detail=shapes)
    return finding


def _stored_rows(path: Path, tensor: str, published: int) -> int:
    """Rows of a tensor as stored: a LoRA's rank and the count of style tokens are told by the files themselves."""
    files = [path] if not path.is_dir() else [path / f"{stem}.safetensors" for stem in _STEMS]
    file = next((one for one in files if one.is_file()), path)
    try:
        return (read_header(file).get(tensor) or (published,))[0]
    except (HeaderFault, OSError):
        return published
