"""The recordings, the weights in every layout, and pipelines over them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from uso import GenerationParams, UsoPipeline, build_toy_weights, convert
from uso.components import Placement, load_part, load_tokenizers
from uso.layout import locate

GOLDEN = Path(__file__).parents[1] / "golden" / "toy"


ENCODERS = ("text_encoder", "text_encoder_2", "image_encoder", "style_projector")


def count_encoder_runs(pipeline: UsoPipeline) -> Counter[str]:
    """Begin to count how often each real encoder runs."""
    counted: Counter[str] = Counter()

    def count(name: str) -> Any:
        return lambda *_: counted.update([name])

    for name in ENCODERS:
        getattr(pipeline, name).register_forward_hook(count(name))
    pipeline.vae.encoder.register_forward_hook(count("vae"))
    return counted


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Toy-size layers are too small to share: on a busy machine more threads only wait for one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def golden() -> Path:
    return GOLDEN


@pytest.fixture(scope="session")
def cases(golden: Path) -> dict[str, dict[str, Any]]:
    recorded: dict[str, dict[str, Any]] = json.loads((golden / "cases.json").read_text())
    return recorded


@pytest.fixture(scope="session")
def tables(golden: Path) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads((golden / "tables.json").read_text())
    return recorded


@pytest.fixture(scope="session")
def pictures(golden: Path) -> dict[str, Image.Image]:
    return {path.stem: Image.open(path).convert("RGB") for path in (golden / "references").glob("*.png")}


@pytest.fixture(scope="session")
def pipeline(golden: Path) -> UsoPipeline:
    """One pipeline over the recorded weights for tests that do not change it."""
    return UsoPipeline.from_weights(golden / "weights")


@pytest.fixture
def fresh_pipeline(golden: Path) -> UsoPipeline:
    return UsoPipeline.from_weights(golden / "weights")


@pytest.fixture
def weights_copy(golden: Path, tmp_path: Path) -> Path:
    """The recorded weights, free to be damaged."""
    return Path(shutil.copytree(golden / "weights", tmp_path / "weights"))


@pytest.fixture(scope="session")
def toy_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy") / "weights"
    build_toy_weights(folder)
    return folder


@pytest.fixture(scope="session")
def diffusers_weights(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded weights in the folder layout of FLUX.1-dev on the hub, the transformer in several shards."""
    folder = tmp_path_factory.mktemp("diffusers")
    flux = folder / "FLUX.1-dev"
    files, placement = locate(golden / "weights"), Placement("cpu", torch.float32)
    load_part("transformer", files, placement).save_pretrained(str(flux / "transformer"), max_shard_size="500KB")
    load_part("vae", files, placement).save_pretrained(str(flux / "vae"))
    load_part("text_encoder", files, placement).save_pretrained(str(flux / "text_encoder"))
    load_part("text_encoder_2", files, placement).save_pretrained(str(flux / "text_encoder_2"))
    load_part("image_encoder", files, placement).save_pretrained(str(folder / "siglip"))
    tokenizer, tokenizer_2 = load_tokenizers(files)
    tokenizer.save_pretrained(str(flux / "tokenizer"))
    tokenizer_2.save_pretrained(str(flux / "tokenizer_2"))
    shutil.copy(files.feature_extractor / "preprocessor_config.json", folder / "siglip")
    shutil.copytree(golden / "weights" / "USO", folder / "USO")
    return folder


@pytest.fixture(scope="session")
def converted_weights(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("converted") / "weights"
    convert(golden / "weights", folder)
    return folder


@pytest.fixture
def small() -> GenerationParams:
    """A request that takes a moment."""
    return GenerationParams(prompt="A boat on water.", width=64, height=96, steps=3, content_size=64, seed=7)
