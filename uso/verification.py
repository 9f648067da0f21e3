"""Everything the loader would refuse in a weights folder, told file by file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from uso.checkpoint import TensorSource, find_checkpoint, open_file
from uso.components import PARTS, Part, style_projector_part
from uso.errors import WeightsError, WeightsProblem
from uso.findings import FileState, Finding, refused_state, with_tensors
from uso.layout import CANDIDATES, CONFIG_NAME, MANIFEST_NAME, UPSCALER_FOLDER, Layout, WeightsFiles, read_json
from uso.lora import lora_faults
from uso.upscaler import upscaler_part

# Each part needs one of its sets of files.
_PLAIN_FILES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("tokenizer", (("vocab.json", "merges.txt"), ("tokenizer.json",))),
    ("tokenizer_2", (("spiece.model",), ("tokenizer.json",))),
    ("feature_extractor", (("preprocessor_config.json",),)),
)
_Faults = Callable[[TensorSource], Iterable[WeightsError]]


def verify(folder: Path) -> Iterator[Finding]:
    """Check every file a weights folder needs, one finding after the other, reading headers only: seconds for 40 GB.

    Takes every layout the loader takes and expects what the loader expects. PyTorch `.bin` files cannot be looked into
    and are UNCHECKED, as are the tensors of a part whose config cannot be used. Raises `WeightsError` when there is no
    such folder.
    """
    if not folder.is_dir():
        raise WeightsError(WeightsProblem.FILE_MISSING, str(folder))
    return _Check(folder).findings()


class _Check:
    """One pass over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faulty_configs: dict[Path, Finding] = {}

    def findings(self) -> Iterator[Finding]:
        files = self._files()
        modules: dict[str, Any] = {}
        for name in PARTS:
            part = self._built(name, files)
            modules[name] = part.module if part is not None else None
            yield from self._checkpoint(getattr(files, name), part.faults if part is not None else None)
        yield from self._uso(files, modules["transformer"], modules["image_encoder"])
        yield from self._plain_files(files)
        yield from self._upscaler(self._folder / UPSCALER_FOLDER)
        yield from self._faulty_configs.values()

    def _uso(self, files: WeightsFiles, transformer: Any, siglip: Any) -> Iterator[Finding]:
        """Check what USO adds, whose sizes follow from two of the parts; those may be None."""

        def projector(source: TensorSource) -> Iterator[WeightsError]:
            return style_projector_part(files, source, siglip=siglip, transformer=transformer).faults(source)

        def lora(source: TensorSource) -> Iterator[WeightsError]:
            return lora_faults(transformer, source)

        if files.lora is not None:
            yield from self._checkpoint(files.lora, lora if transformer is not None else None)
        between = transformer is not None and siglip is not None
        yield from self._checkpoint(files.style_projector, projector if between else None)

    def _upscaler(self, place: Path) -> Iterator[Finding]:
        """Check the upscaler where there is one; without it the small one of this package is used."""
        if not place.exists():
            return
        try:
            faults: _Faults | None = upscaler_part(place).faults
        except WeightsError as error:
            self._note(error)
            faults = None
        yield from self._checkpoint(place, faults)

    def _files(self) -> WeightsFiles:
        """Every part's place as the loader finds it, or where the preferred one would be."""
        converted = (self._folder / MANIFEST_NAME).is_file()
        found: dict[str, Path] = {}
        for part, candidates in CANDIDATES.items():
            places = [self._folder / place for place in ((part,) if converted else candidates)]
            found[part] = next((place for place in places if place.exists()), places[0])
        lora = found.pop("lora")
        as_published = Layout.DIFFUSERS if found["transformer"].is_dir() else Layout.PUBLISHED
        return WeightsFiles(
            folder=self._folder,
            layout=Layout.CONVERTED if converted else as_published,
            config={} if converted else self._optional_json(self._folder / CONFIG_NAME),
            manifest=self._optional_json(self._folder / MANIFEST_NAME),
            lora=None if converted else lora,
            **found,
        )

    def _built(self, name: str, files: WeightsFiles) -> Part | None:
        if self._folder / CONFIG_NAME in self._faulty_configs and not getattr(files, name).is_dir():
            return None
        try:
            return PARTS[name](files)
        except WeightsError as error:
            self._note(error)
            return None

    def _checkpoint(self, place: Path, faults: _Faults | None) -> Iterator[Finding]:
        """One finding for every file of a checkpoint; tensors are compared only when all its files are whole."""
        try:
            checkpoint = find_checkpoint(place)
        except WeightsError as error:
            self._note(error)
            return
        opened = [self._opened(path) for path in checkpoint.files]
        found = {path: finding for path, (finding, _) in zip(checkpoint.files, opened, strict=True)}
        sources = [source for _, source in opened if source is not None]
        if len(sources) == len(opened):
            found = self._compared(found, checkpoint.join(sources), faults)
        yield from found.values()

    def _compared(
        self, found: dict[Path, Finding], source: TensorSource, faults: _Faults | None
    ) -> dict[Path, Finding]:
        """Compare the tensors of whole files; they stay UNCHECKED where a config cannot say what they must be."""
        try:
            at_fault = list(faults(source)) if faults is not None else None
        except WeightsError as error:
            self._note(error)
            at_fault = None
        if at_fault is None:
            return {path: replace(finding, state=FileState.UNCHECKED) for path, finding in found.items()}
        # An index that names no file for a tensor is at fault itself.
        others = {Path(fault.file) for fault in at_fault} - found.keys()
        found = found | {path: self._finding(path, FileState.OK) for path in others}
        return {
            path: with_tensors(finding, [fault for fault in at_fault if Path(fault.file) == path])
            for path, finding in found.items()
        }

    def _opened(self, path: Path) -> tuple[Finding, TensorSource | None]:
        """Whether the file is as long as it says; a source of its tensors where that can be told without unpickling."""
        if path.suffix == ".bin" and path.is_file():
            with path.open("rb") as file:
                cut = file.read(2) == b"PK" and not zipfile.is_zipfile(path)
            return self._finding(path, FileState.TRUNCATED if cut else FileState.UNCHECKED), None
        try:
            return self._finding(path, FileState.OK), open_file(path)
        except WeightsError as error:
            return self._refused(error), None

    def _plain_files(self, files: WeightsFiles) -> Iterator[Finding]:
        """Tokenizers and picture settings."""
        for part, choices in _PLAIN_FILES:
            place: Path = getattr(files, part)
            chosen = next((one for one in choices if all((place / name).is_file() for name in one)), choices[0])
            for name in chosen:
                yield self._plain_file(place / name)

    def _plain_file(self, path: Path) -> Finding:
        if not path.is_file():
            return self._finding(path, FileState.MISSING)
        if path.stat().st_size == 0:
            return self._finding(path, FileState.TRUNCATED, "0 bytes")
        try:
            if path.suffix == ".json":
                read_json(path)
        except WeightsError as error:
            return self._refused(error)
        return self._finding(path, FileState.OK)

    def _optional_json(self, path: Path) -> dict[str, Any]:
        try:
            return read_json(path) if path.is_file() else {}
        except WeightsError as error:
            self._note(error)
            return {}

    def _note(self, error: WeightsError) -> None:
        self._faulty_configs[Path(error.file)] = self._refused(error)

    def _refused(self, error: WeightsError) -> Finding:
        """What is told of a file that cannot be used at all."""
        return self._finding(Path(error.file), refused_state(error), error.detail)

    def _finding(self, path: Path, state: FileState, detail: str = "") -> Finding:
        size = path.stat().st_size if path.is_file() else 0
        return Finding(path.relative_to(self._folder).as_posix(), state, size, detail=detail)
