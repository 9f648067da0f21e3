"""A weights folder that is not exactly right is refused, naming the tensor and the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from uso import UsoPipeline, WeightsError, WeightsProblem
from uso.components import PARTS, Placement, load_part, load_style_projector
from uso.layout import locate

# Every checkpoint of the published layout, with one tensor from its middle.
FILES = {
    "FLUX.1-dev/flux1-dev.safetensors": "double_blocks.1.img_attn.qkv.weight",
    "FLUX.1-dev/ae.safetensors": "decoder.mid.attn_1.k.weight",
    "USO/uso_flux_v1.0/dit_lora.safetensors": "single_blocks.1.processor.proj_lora.up.weight",
    "USO/uso_flux_v1.0/projector.safetensors": "feature_embedder.mid_projection.weight",
    "t5-xxl/model.safetensors": "encoder.block.1.layer.0.SelfAttention.v.weight",
    "clip-vit-l14/model.safetensors": "encoder.layers.1.mlp.fc1.weight",
    "siglip/model.safetensors": "encoder.layers.7.self_attn.q_proj.weight",
}
every_file = pytest.mark.parametrize(("file", "tensor"), FILES.items())


def refusal(folder: Path) -> WeightsError:
    with pytest.raises(WeightsError) as caught:
        UsoPipeline.from_weights(folder)
    return caught.value


def test_every_checkpoint_is_tried(golden: Path) -> None:
    found = {path.relative_to(golden / "weights").as_posix() for path in (golden / "weights").rglob("*.safetensors")}
    assert found == set(FILES)


@every_file
def test_a_dropped_tensor_is_named(weights_copy: Path, file: str, tensor: str) -> None:
    tensors = load_file(weights_copy / file)
    del tensors[tensor]
    save_file(tensors, weights_copy / file)
    error = refusal(weights_copy)
    assert (error.problem, error.tensor) == (WeightsProblem.TENSOR_MISSING, tensor)
    assert error.file == str(weights_copy / file)
    assert tensor in str(error)
    assert file in str(error)


@every_file
def test_an_added_tensor_is_named(weights_copy: Path, file: str, tensor: str) -> None:
    tensors = load_file(weights_copy / file)
    tensors[f"{tensor}.more"] = torch.zeros(2)
    save_file(tensors, weights_copy / file)
    error = refusal(weights_copy)
    assert (error.problem, error.tensor) == (WeightsProblem.TENSOR_UNEXPECTED, f"{tensor}.more")
    assert error.file == str(weights_copy / file)


@every_file
def test_a_renamed_tensor_is_named(weights_copy: Path, file: str, tensor: str) -> None:
    tensors = load_file(weights_copy / file)
    tensors[f"{tensor}_"] = tensors.pop(tensor)
    save_file(tensors, weights_copy / file)
    assert refusal(weights_copy).tensor in {tensor, f"{tensor}_"}


@every_file
def test_a_misshapen_tensor_is_named(weights_copy: Path, file: str, tensor: str) -> None:
    tensors = load_file(weights_copy / file)
    tensors[tensor] = tensors[tensor][:-1].clone()
    save_file(tensors, weights_copy / file)
    error = refusal(weights_copy)
    assert (error.problem, error.tensor) == (WeightsProblem.TENSOR_MISSHAPEN, tensor)
    assert error.file == str(weights_copy / file)


@every_file
def test_a_broken_off_download_is_noticed(weights_copy: Path, file: str, tensor: str) -> None:
    path = weights_copy / file
    path.write_bytes(path.read_bytes()[:-100])
    error = refusal(weights_copy)
    assert (error.problem, error.file) == (WeightsProblem.FILE_DAMAGED, str(path))


@every_file
def test_a_missing_file_is_named(weights_copy: Path, file: str, tensor: str) -> None:
    (weights_copy / file).unlink()
    error = refusal(weights_copy)
    assert (error.problem, error.file) == (WeightsProblem.FILE_MISSING, str(weights_copy / file))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 40, b"<html>Access denied</html>"])
def test_what_is_no_checkpoint_is_refused(weights_copy: Path, content: bytes) -> None:
    (weights_copy / "FLUX.1-dev/ae.safetensors").write_bytes(content)
    assert refusal(weights_copy).problem is WeightsProblem.FILE_DAMAGED


@pytest.mark.parametrize("file", ["config.json", "t5-xxl/config.json", "clip-vit-l14/config.json"])
def test_an_unreadable_config_is_refused(weights_copy: Path, file: str) -> None:
    (weights_copy / file).write_text("{")
    assert refusal(weights_copy).problem is WeightsProblem.FILE_DAMAGED


def test_a_config_for_another_architecture_is_refused(weights_copy: Path) -> None:
    config = json.loads((weights_copy / "config.json").read_text())
    config["flux"]["theta"] = 5000
    (weights_copy / "config.json").write_text(json.dumps(config))
    error = refusal(weights_copy)
    assert error.problem is WeightsProblem.CONFIG_UNUSABLE
    assert "theta" in str(error)


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("config.json", {"flux": {"num_heads": 0}}),
        ("config.json", {"flux": []}),
        ("config.json", {"ae": {"ch_mult": "wide"}}),
        ("t5-xxl/config.json", {"d_model": "large"}),
        ("clip-vit-l14/config.json", {"hidden_size": None}),
        ("siglip/config.json", {"num_hidden_layers": "all"}),
    ],
)
def test_an_impossible_config_is_refused(weights_copy: Path, file: str, change: dict[str, object]) -> None:
    config = json.loads((weights_copy / file).read_text())
    (weights_copy / file).write_text(json.dumps(config | change))
    assert refusal(weights_copy).problem in {WeightsProblem.CONFIG_UNUSABLE, WeightsProblem.TENSOR_MISSHAPEN}


def test_without_a_config_the_sizes_are_flux_devs(weights_copy: Path) -> None:
    (weights_copy / "config.json").unlink()
    error = refusal(weights_copy)
    assert error.problem is WeightsProblem.TENSOR_MISSHAPEN
    assert "3072" in str(error)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").problem is WeightsProblem.FILE_MISSING


def test_a_damaged_shard_is_named(diffusers_weights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    for part in ("USO", "siglip"):
        (folder / part).symlink_to(diffusers_weights / part)
    (folder / "FLUX.1-dev" / "transformer").mkdir(parents=True)
    for flux_part in (diffusers_weights / "FLUX.1-dev").iterdir():
        if flux_part.name != "transformer":
            (folder / "FLUX.1-dev" / flux_part.name).symlink_to(flux_part)
    for path in (diffusers_weights / "FLUX.1-dev" / "transformer").iterdir():
        (folder / "FLUX.1-dev" / "transformer" / path.name).write_bytes(path.read_bytes())
    shard = next((folder / "FLUX.1-dev" / "transformer").glob("*-00002-of-*.safetensors"))
    tensors = load_file(shard)
    name, tensor = tensors.popitem()
    save_file(tensors, shard)
    error = refusal(folder)
    assert (error.problem, error.tensor, error.file) == (WeightsProblem.TENSOR_MISSING, name, str(shard))
    save_file({**tensors, name: tensor, "stray": tensor.clone()}, shard)
    assert refusal(folder).tensor == "stray"
    shard.unlink()
    assert refusal(folder).file == str(shard)


def test_each_loader_alone_is_strict(golden: Path) -> None:
    """Nothing is left on the meta device, and nothing of the weights asks for gradients."""
    files, placement = locate(golden / "weights"), Placement("cpu", torch.float32)
    parts = {name: load_part(name, files, placement) for name in PARTS}
    projector = load_style_projector(files, placement, siglip=parts["image_encoder"], transformer=parts["transformer"])
    modules = [projector, *parts.values()]
    for module in modules:
        for tensor in (*module.parameters(), *module.buffers()):
            assert tensor.device.type == "cpu"
            assert not tensor.requires_grad
        assert not module.training
