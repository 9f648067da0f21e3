"""What encoders made, on disk: it saves their runs after a restart, and never changes a picture or costs one."""

from __future__ import annotations

import logging
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from tests.model.conftest import count_encoder_runs
from uso import DiskCache, GenerationParams, UsoPipeline
from uso.conditioning import encoding_revision
from uso.file_cache import FileCache, entry_path, remove_everywhere
from uso.picture_hash import picture_hash

Tensors = tuple[torch.Tensor, ...]


def restarted(golden: Path, folder: Path, profile: str = "cpu") -> UsoPipeline:
    """A pipeline as a new process would have it: nothing in memory."""
    return UsoPipeline.from_weights(golden / "weights", profile=profile, disk_cache=DiskCache(folder))


def drawn(pipeline: UsoPipeline, params: GenerationParams, styles: list[Image.Image]) -> bytes:
    pixels: bytes = pipeline(params, styles=styles).image.tobytes()
    return pixels


def test_a_restart_costs_no_encoder_run_and_no_pixel(
    golden: Path, tmp_path: Path, small: GenerationParams, pictures: dict[str, Image.Image]
) -> None:
    styles = [pictures["style_1"], pictures["style_2"]]
    without = drawn(UsoPipeline.from_weights(golden / "weights"), small, styles)
    first = restarted(golden, tmp_path)
    runs = count_encoder_runs(first)
    assert drawn(first, small, styles) == without
    assert runs["image_encoder"] == runs["style_projector"] == 2
    second = restarted(golden, tmp_path)
    runs = count_encoder_runs(second)
    assert drawn(second, small, styles) == without
    assert runs["image_encoder"] == runs["style_projector"] == 0
    assert runs["text_encoder"] == runs["text_encoder_2"] == 0


def test_another_revision_or_number_format_is_encoded_anew(
    golden: Path, tmp_path: Path, pictures: dict[str, Image.Image]
) -> None:
    style = pictures["style_1"]
    pipeline = restarted(golden, tmp_path)
    pipeline.encode_style(style)
    runs = count_encoder_runs(pipeline)
    pipeline.model_revision = "another"
    pipeline.encode_style(style)
    assert runs["image_encoder"] == 1
    half = restarted(golden, tmp_path, "bf16")
    runs = count_encoder_runs(half)
    expected = UsoPipeline.from_weights(golden / "weights", profile="bf16").encode_style(style)
    assert torch.equal(half.encode_style(style), expected)
    assert (runs["image_encoder"], expected.dtype) == (1, torch.bfloat16)
    assert len(list(tmp_path.glob("*/*"))) == 3


def test_weights_that_were_never_saved_share_no_files(
    golden: Path, tmp_path: Path, pictures: dict[str, Image.Image]
) -> None:
    pipeline = restarted(golden, tmp_path)
    put_together = UsoPipeline(**pipeline.components)
    put_together.disk_cache = DiskCache(tmp_path)
    put_together.encode_style(pictures["style_1"])
    assert list(tmp_path.iterdir()) == []


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


def _rename_the_type(path: Path) -> None:
    """Same length, valid header, other numbers."""
    data = path.read_bytes()
    assert b'"F32"' in data
    path.write_bytes(data.replace(b'"F32"', b'"I32"'))


def _save_other_tensors(path: Path) -> None:
    save_file({"0": torch.zeros(1, 96, 16)}, path)


def _write_nothing(path: Path) -> None:
    path.write_bytes(b"")


def _write_text(path: Path) -> None:
    path.write_text("this is text, whatever its name says " * 20)


@pytest.mark.parametrize(
    "damage", [_truncate, _flip_a_bit, _rename_the_type, _save_other_tensors, _write_nothing, _write_text]
)
def test_a_damaged_or_foreign_file_is_computed_anew(
    golden: Path, tmp_path: Path, pictures: dict[str, Image.Image], damage: object
) -> None:
    style = pictures["style_1"]
    expected = restarted(golden, tmp_path).encode_style(style)
    (path,) = tmp_path.glob("*/*")
    whole = path.read_bytes()
    assert callable(damage)
    damage(path)
    assert path.read_bytes() != whole
    pipeline = restarted(golden, tmp_path)
    runs = count_encoder_runs(pipeline)
    assert torch.equal(pipeline.encode_style(style), expected)
    assert runs["image_encoder"] == 1
    assert path.read_bytes() == whole


def test_a_file_under_another_pictures_name_is_not_used(
    golden: Path, tmp_path: Path, pictures: dict[str, Image.Image]
) -> None:
    pipeline = restarted(golden, tmp_path)
    expected = pipeline.encode_style(pictures["style_1"])
    pipeline.encode_style(pictures["style_2"])
    mine, other = (
        entry_path(tmp_path, encoding_revision(pipeline), picture_hash(pictures[name]))
        for name in ("style_1", "style_2")
    )
    mine.write_bytes(other.read_bytes())
    assert torch.equal(restarted(golden, tmp_path).encode_style(pictures["style_1"]), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float8_e4m3fn, torch.int64])
@pytest.mark.parametrize("shape", [(1, 3, 5), (0, 4), ()])
def test_tensors_come_back_as_they_were(tmp_path: Path, dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    first = (torch.randn(shape) * 9).to(dtype)
    whole = torch.arange(12.0).reshape(3, 4)
    made: Tensors = (first, whole.T, whole[1])
    DiskCache(tmp_path).get("r", "n", lambda: made)
    kept = DiskCache(tmp_path).get("r", "n", lambda: pytest.fail("it was kept"))
    assert [(one.dtype, one.shape) for one in kept] == [(one.dtype, one.shape) for one in made]
    for one, other in zip(kept, made, strict=True):
        assert torch.equal(one.contiguous().view(-1).view(torch.uint8), other.contiguous().view(-1).view(torch.uint8))
        assert one.data_ptr() % 16 == 0


KILOBYTE = bytes(1024)


def _age(path: Path, hours: int) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def _fill(folder: Path) -> FileCache:
    """Three files at the bound; `b` was used longest ago, `c` is of another revision and the newest."""
    cache = FileCache(folder, max_bytes=3 * 1024)
    for revision, name, hours in (("now", "a", 2), ("now", "b", 3), ("old", "c", 0)):
        cache.write(revision, name, KILOBYTE)
        _age(entry_path(folder, revision, name), hours)
    return cache


def _kept(folder: Path) -> set[str]:
    return {f"{path.parent.name}/{path.stem}" for path in folder.glob("*/*")}


def test_other_revisions_go_first_then_what_was_used_longest_ago(tmp_path: Path) -> None:
    cache = _fill(tmp_path)
    cache.write("now", "d", KILOBYTE)
    assert _kept(tmp_path) == {"now/a", "now/b", "now/d"}
    assert not (tmp_path / "old").exists()
    cache.write("now", "e", KILOBYTE)
    assert _kept(tmp_path) == {"now/a", "now/d", "now/e"}


def test_reading_counts_as_use(tmp_path: Path) -> None:
    cache = _fill(tmp_path)
    cache.write("now", "d", KILOBYTE)
    assert cache.read("now", "b") == KILOBYTE
    cache.write("now", "e", KILOBYTE)
    assert _kept(tmp_path) == {"now/b", "now/d", "now/e"}


def test_the_bound_holds_whatever_is_written(tmp_path: Path) -> None:
    cache = FileCache(tmp_path, max_bytes=5000)
    for number in range(40):
        cache.write(f"r{number % 3}", f"n{number}", bytes(number * 50))
        assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 5000
    cache.write("r1", "n39", bytes(5000))
    assert _kept(tmp_path) == {"r1/n39"}
    cache.write("r1", "huge", bytes(5001))
    assert _kept(tmp_path) == {"r1/n39"}


def test_a_file_larger_than_the_cache_is_not_even_read(tmp_path: Path) -> None:
    _fill(tmp_path)
    assert FileCache(tmp_path, max_bytes=1000).read("now", "a") is None
    assert "now/a" not in _kept(tmp_path)


def test_what_an_interrupted_write_left_goes_after_an_hour(tmp_path: Path) -> None:
    cache = _fill(tmp_path)
    old, young = tmp_path / "now" / ".incoming-1", tmp_path / "now" / ".incoming-2"
    for path, hours in ((old, 2), (young, 0)):
        path.write_bytes(b"half")
        _age(path, hours)
    cache.write("now", "d", bytes(10))
    assert (old.exists(), young.exists()) == (False, True)


def test_other_peoples_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "now").mkdir()
    note = tmp_path / "now" / "note.txt"
    note.write_bytes(bytes(10_000))
    _fill(tmp_path).write("now", "d", bytes(3 * 1024))
    assert _kept(tmp_path) == {"now/d", "now/note"}


@pytest.mark.parametrize("name", ["../../outside", "a/b", ".hidden", "", "A" * 300, "C:\\x", "ä"])
def test_no_name_leaves_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "cache"
    cache = FileCache(folder, max_bytes=1024)
    cache.write(name, name, b"kept")
    assert cache.read(name, name) == b"kept"
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert kept.parent.parent == folder
    assert remove_everywhere(folder, name) == 1


def test_forgetting_removes_a_name_from_every_revision(tmp_path: Path) -> None:
    cache = _fill(tmp_path)
    cache.remove("now", "b")
    cache.write("old", "a", b"as well")
    assert remove_everywhere(tmp_path, "a") == 2
    assert _kept(tmp_path) == {"old/c"}
    assert remove_everywhere(tmp_path, "a") == remove_everywhere(tmp_path / "nowhere", "a") == 0


def test_a_folder_that_can_not_be_used_is_told_once_and_costs_no_picture(
    golden: Path,
    tmp_path: Path,
    small: GenerationParams,
    pictures: dict[str, Image.Image],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "file").write_text("in the way")
    styles = [pictures["style_1"], pictures["style_2"]]
    pipeline = restarted(golden, tmp_path / "file" / "cache")
    with caplog.at_level(logging.WARNING, logger="uso"):
        made = drawn(pipeline, small, styles)
    assert made == drawn(UsoPipeline.from_weights(golden / "weights"), small, styles)
    (record,) = caplog.records
    assert "cannot be used" in record.getMessage()


@contextmanager
def _files_end_at(size_bytes: int) -> Iterator[None]:
    """Writing past `size_bytes` fails in the middle, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_breaks_off_leaves_nothing_and_the_next_one_is_told_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = FileCache(tmp_path, max_bytes=1 << 20)
    for _ in range(2):
        with _files_end_at(4096):
            cache.write("r", "a", bytes(10_000))
            cache.write("r", "b", bytes(10_000))
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        cache.write("r", "a", bytes(10_000))
        assert cache.read("r", "a") == bytes(10_000)
        cache.remove("r", "a")
    assert len(caplog.records) == 2
