"""A short name for exactly these weights, cheap enough for 24 GB (no torch here)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from uso.layout import CONFIG_NAME, WeightsFiles

_SMALL_FILE_BYTES = 4 << 20
_SAMPLE_BYTES = 64 << 10
_SAMPLES = 16


def model_revision(files: WeightsFiles) -> str:
    """Hash file names, sizes, headers and samples of the bytes; a converted folder answers with its source's revision.

    16 hexadecimal digits. The folder's own place does not matter.
    """
    if files.manifest:
        return str(files.manifest["model_revision"])
    digest = hashlib.sha256()
    for path in _weight_files(files):
        digest.update(f"{path.relative_to(files.folder).as_posix()}\0{path.stat().st_size}\0".encode())
        _sample(path, digest)
    return digest.hexdigest()[:16]


def _weight_files(files: WeightsFiles) -> list[Path]:
    parts = {
        files.transformer,
        files.vae,
        files.text_encoder,
        files.tokenizer,
        files.text_encoder_2,
        files.tokenizer_2,
        files.image_encoder,
        files.feature_extractor,
        files.style_projector,
        *([files.lora] if files.lora is not None else []),
    }
    if (config := files.folder / CONFIG_NAME).is_file():
        parts.add(config)
    found: set[Path] = set()
    for part in parts:
        found.update([part] if part.is_file() else (path for path in part.iterdir() if _counts(path)))
    return sorted(found)


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix in {".safetensors", ".bin", ".json", ".model", ".txt"}


def _sample(path: Path, digest: hashlib._Hash) -> None:
    """Hash a small file whole, of a large one the header and evenly spaced samples."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= _SMALL_FILE_BYTES:
            digest.update(file.read())
            return
        prefix = file.read(8)
        header_bytes = int.from_bytes(prefix, "little") if path.suffix == ".safetensors" else 0
        digest.update(prefix + file.read(min(header_bytes, _SMALL_FILE_BYTES)))
        for n in range(_SAMPLES):
            file.seek((size - _SAMPLE_BYTES) * n // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE_BYTES))
