"""The upscaler: tiles without seams, weights of its own or the small ones that ship, and whether it is any good."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution

from uso.errors import GenerationStopped, WeightsError, WeightsProblem
from uso.training.drawings import drawing
from uso.training.upscaler import halved, psnr
from uso.upscaler import TileDone, Upscaler, load_upscaler

UNTILED_PX = 4096


@pytest.fixture(scope="module")
def shipped() -> Upscaler:
    return load_upscaler(None, "cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights folder with an upscaler of the published shape (the same upsampler), but small and random."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(1)
    config = Swin2SRConfig(embed_dim=24, depths=[2, 2], num_heads=[2, 2], window_size=8, upscale=2)
    Swin2SRForImageSuperResolution(config).save_pretrained(folder / "upscaler")
    return folder


def levels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture).astype(int)


@pytest.mark.parametrize("size", [(16, 16), (17, 23), (200, 31), (193, 192)])
def test_every_size_becomes_twice_as_large(shipped: Upscaler, size: tuple[int, int]) -> None:
    larger = shipped(drawing(1, 256).crop((0, 0, *size)))
    assert (larger.mode, larger.size) == ("RGB", (2 * size[0], 2 * size[1]))


def test_it_is_the_same_picture_and_the_same_each_time(shipped: Upscaler) -> None:
    picture = drawing(2, 96)
    first = shipped(picture)
    assert first.tobytes() == shipped(picture).tobytes()
    assert psnr(halved(first), picture) > 30


@pytest.mark.parametrize("is_published_shape", [False, True])
def test_tiles_leave_no_seams(shipped: Upscaler, weights: Path, is_published_shape: bool) -> None:
    upscaler = load_upscaler(weights, "cpu") if is_published_shape else shipped
    picture = drawing(3, 200)
    whole, tiled = (levels(upscaler(picture, tile_px=tile_px)) for tile_px in (UNTILED_PX, 64))
    difference = np.abs(whole - tiled).max(axis=2)
    assert difference.max() <= 2, "not even at the seams"
    away = np.ones(400, dtype=bool)
    for seam in (128, 256, 384):
        away[seam - 16 : seam + 16] = False
    assert difference[np.ix_(away, away)].max() <= 1, "rounding only"
    assert (difference > 0).mean() < 0.01


def test_tiles_are_told_and_it_stops_between_them(shipped: Upscaler) -> None:
    told: list[TileDone] = []
    shipped(drawing(4, 100), on_tile=told.append, tile_px=64)
    assert [(tile.tile, tile.tiles) for tile in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert 0 < told[0].elapsed_s <= told[-1].elapsed_s
    seen: list[TileDone] = []
    with pytest.raises(GenerationStopped):
        shipped(drawing(4, 100), on_tile=seen.append, should_stop=lambda: len(seen) == 2, tile_px=64)
    assert len(seen) == 2


def test_the_shipped_one_beats_interpolation_on_drawings_it_never_saw(shipped: Upscaler) -> None:
    originals = [drawing(seed, 192) for seed in range(24)]
    ours = mean(psnr(shipped(halved(one)), one) for one in originals)
    kernels = (Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
    others = {
        kernel.name: mean(psnr(halved(one).resize(one.size, kernel), one) for one in originals) for kernel in kernels
    }
    print(f"PSNR in dB: shipped {ours:.2f}, {', '.join(f'{name} {value:.2f}' for name, value in others.items())}")  # noqa: T201 -- the measured figure
    assert ours > others["LANCZOS"] + 0.3
    assert ours > others["BICUBIC"] + 0.8


def test_the_one_in_the_weights_folder_is_preferred(weights: Path, shipped: Upscaler, tmp_path: Path) -> None:
    own = load_upscaler(weights, "cpu")
    assert (own.label, shipped.label) == ("Swin2SR", "Swin2SR small")
    assert own.revision != shipped.revision
    assert load_upscaler(tmp_path, "cpu").revision == shipped.revision


def test_the_shipped_weights_are_small() -> None:
    folder = Path(__file__).parents[2] / "uso" / "upscaler_data"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1_000_000


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("no config", WeightsProblem.FILE_MISSING),
        ("four times", WeightsProblem.CONFIG_UNUSABLE),
        ("nonsense", WeightsProblem.CONFIG_UNUSABLE),
        ("no weights", WeightsProblem.FILE_MISSING),
        ("cut off", WeightsProblem.FILE_DAMAGED),
        ("tensor missing", WeightsProblem.TENSOR_MISSING),
        ("tensor more", WeightsProblem.TENSOR_UNEXPECTED),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(
    weights: Path, tmp_path: Path, fault: str, problem: WeightsProblem
) -> None:
    folder = tmp_path / "upscaler"
    folder.mkdir()
    config = json.loads((weights / "upscaler" / "config.json").read_text())
    tensors = load_file(weights / "upscaler" / "model.safetensors")
    match fault:
        case "four times":
            config["upscale"] = 4
        case "nonsense":
            config["embed_dim"] = "wide"
        case "tensor missing":
            del tensors["swin2sr.first_convolution.weight"]
        case "tensor more":
            tensors["more"] = torch.zeros(1)
    if fault != "no config":
        (folder / "config.json").write_text(json.dumps(config))
    if fault != "no weights":
        save_file(tensors, folder / "model.safetensors")
    if fault == "cut off":
        file = folder / "model.safetensors"
        file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(WeightsError) as caught:
        load_upscaler(tmp_path, "cpu")
    assert caught.value.problem is problem
